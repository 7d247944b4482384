// The strip and the panel: what the server cannot do. The clock goes on between redraws, what was unfolded stays
// unfolded, and the form asks only for what its fault needs. Uses $, $$ and memory of page.js, present and localise of times.js.
"use strict";

// ---- the clock

const demoTime = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23"});
const demoMinute = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const demoDay = new Intl.DateTimeFormat("en", {weekday: "short", day: "numeric", month: "short"});

let shownDay = present().toDateString();

function tick() {
  const clock = $("[data-demo-clock]");
  const at = present();
  const today = at.toDateString() === new Date().toDateString();
  const time = today || innerWidth > 600 ? demoTime : demoMinute;
  const text = (today ? "" : `${demoDay.format(at)} `) + time.format(at);
  if (clock.textContent !== text) clock.textContent = text;
  // What was written today was written yesterday.
  if (at.toDateString() !== shownDay) localise(document);
  shownDay = at.toDateString();
}

// ---- redraws: what was unfolded stays so; a list that was scrolled down does not move

const unfolded = new WeakMap();
const ours = (element) => element?.dataset?.live?.startsWith("behind:");

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!ours(part)) return;
  const open = $$("details[open]:not([hx-preserve])[id]", part).map((details) => details.id);
  unfolded.set(part, {open, height: part.scrollHeight, top: part.scrollTop});
});

document.addEventListener("htmx:afterSwap", (event) => {
  const part = event.detail.target;
  const before = ours(part) && unfolded.get(part);
  if (!before) return;
  for (const id of before.open) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
  if (before.top > 0) part.scrollTop = before.top + part.scrollHeight - before.height;
  tick();
});

// ---- a section that somebody opened or closed stays so from page to page

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".behind-section")) memory.set(event.target.id, event.target.open ? "open" : "closed");
}, true);
document.addEventListener("htmx:load", (event) => {
  for (const section of $$(".behind-section", event.target)) {
    const kept = memory.get(section.id);
    if (kept) section.open = kept === "open";
  }
});

// ---- the strip's menu where there is little room

function showDemo(open) {
  $("#demo-controls")?.classList.toggle("open", open);
  $("[data-demo-menu]")?.setAttribute("aria-expanded", String(open));
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-demo-menu]");
  if (toggle) showDemo(toggle.getAttribute("aria-expanded") !== "true");
  else if (!event.target.closest("#demo-controls") || event.target.closest("[data-tour-start], [data-reset], .demo-menu :is(button, a)")) showDemo(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !$("#demo-controls.open")) return;
  showDemo(false);
  $("[data-demo-menu]").focus();
});

// ---- faults: only what this one needs is asked for

function fit(form) {
  const seconds = $("[data-fault-kind]", form).selectedOptions[0].dataset.seconds;
  $("[data-fault-seconds]", form).hidden = !seconds;
  $("[data-fault-count]", form).hidden = $("[data-fault-times]", form).value === "always";
}

document.addEventListener("change", (event) => {
  const form = event.target.closest(".behind-fault");
  if (!form) return;
  if (event.target.matches("[data-fault-kind]")) $("#fault-seconds").value = event.target.selectedOptions[0].dataset.seconds || 1;
  fit(form);
});
document.addEventListener("htmx:load", (event) => { $$(".behind-fault", event.target).forEach(fit); tick(); });

// A page that only says that it is there needs no answer: a restart is told by the feed.
document.addEventListener("htmx:sendError", (event) => { if (event.target.matches?.("[data-here]")) event.stopImmediatePropagation(); }, true);

// A tab that slept says at once that it is there again.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) $$("[data-here]").forEach((here) => htmx.trigger(here, "here"));
});

tick();
setInterval(tick, 500);
