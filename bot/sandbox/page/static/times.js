// Times: the server writes them in UTC, this rewrites them in the reader's own zone.
// <time datetime="2026-09-21T14:13:20Z" data-format="{date_short_pretty} {time}">Sep 21, 2026 14:13 UTC</time>
"use strict";

const clock = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const clockWithSeconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const month = new Intl.DateTimeFormat("en", {month: "long"});
const weekday = new Intl.DateTimeFormat("en", {weekday: "long"});
const shortDay = new Intl.DateTimeFormat("en", {year: "numeric", month: "short", day: "numeric"});
const fullDay = new Intl.DateTimeFormat("en", {year: "numeric", month: "long", day: "numeric"});
const slashed = new Intl.DateTimeFormat(undefined, {year: "numeric", month: "2-digit", day: "2-digit"});

// "September 21st": Slack counts the days of its longer dates.
function counted(at) {
  const day = at.getDate();
  const ending = [11, 12, 13].includes(day) ? "th" : {1: "st", 2: "nd", 3: "rd"}[day % 10] || "th";
  return `${month.format(at)} ${day}${ending}`;
}

// What somebody here calls now: a clock on the page may be ahead of the machine's, by so many milliseconds.
const present = () => new Date(Date.now() + Number(document.querySelector("[data-ahead]")?.dataset.ahead ?? 0));

const days = {
  date: (at) => `${counted(at)}, ${at.getFullYear()}`,
  date_short: (at) => shortDay.format(at),
  date_long: (at) => `${weekday.format(at)}, ${counted(at)}, ${at.getFullYear()}`,
  date_long_full: (at) => fullDay.format(at),
  date_full: (at) => fullDay.format(at),
  date_slash: (at) => slashed.format(at),
  day_divider: (at) => {
    const thisYear = at.getFullYear() === present().getFullYear();
    return `${weekday.format(at)}, ${counted(at)}${thisYear ? "" : `, ${at.getFullYear()}`}`;
  },
};

function isoDay(at) {
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

// "today", "yesterday" and "tomorrow", which Slack's {..._pretty} formats use.
function nearDay(at) {
  for (const [shift, word] of [[-1, "yesterday"], [0, "today"], [1, "tomorrow"]]) {
    const day = present();
    day.setDate(day.getDate() + shift);
    if (isoDay(day) === isoDay(at)) return word;
  }
  return null;
}

function ago(at) {
  const minutes = Math.round((present() - at) / 60000);
  const said = new Intl.RelativeTimeFormat("en", {numeric: "auto"});
  if (Math.abs(minutes) < 60) return said.format(-minutes, "minute");
  if (Math.abs(minutes) < 60 * 36) return said.format(-Math.round(minutes / 60), "hour");
  return said.format(-Math.round(minutes / 1440), "day");
}

function written(token, at) {
  const name = token.replace(/_pretty$/, "");
  if (name === "time") return clock.format(at);
  if (name === "time_secs") return clockWithSeconds.format(at);
  if (name === "ago") return ago(at);
  if (name === "date_num") return isoDay(at);
  if (!(name in days)) return `{${token}}`;
  return (token.endsWith("_pretty") && nearDay(at)) || days[name](at);
}

function localise(root) {
  for (const element of root.querySelectorAll("time[data-format]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const text = element.dataset.format.replace(/\{(\w+)\}/g, (_, token) => written(token, at));
    element.textContent = text.charAt(0).toUpperCase() === text.charAt(0) || element.previousSibling
      ? text : text.charAt(0).toUpperCase() + text.slice(1);
    element.title = at.toISOString().replace("T", " ").slice(0, 19) + " UTC";
  }
}
