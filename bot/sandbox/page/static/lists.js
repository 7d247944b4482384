// The lists of messages: only what is newer is fetched; whoever reads further up is not moved; earlier ones come when
// somebody scrolls to them. Uses $ and $$ of page.js.
"use strict";

const lists = new Map();
const atEnd = (list) => !$("[data-later]", list) && list.scrollHeight - list.scrollTop - list.clientHeight < 60;
const toEnd = (list) => { list.scrollTop = list.scrollHeight; };
const messagesOf = (list) => $$(".message", list);

function showJump(list, count) {
  const jump = $("[data-jump]", list);
  jump.hidden = count === null;
  jump.dataset.count = count || 0;
  $("[data-jump-text]", jump).textContent = count ? `${count} new ${count === 1 ? "message" : "messages"}` : "Newest messages";
}

function jumpToEnd(list) {
  if (!$("[data-later]", list)) { toEnd(list); return; }
  const address = new URL(location);
  address.searchParams.delete("at");
  address.hash = "";
  location.assign(address);
}

// The card of an incident of which nothing more is said yet stays where it is read, whatever comes below it.
function toCard(list) {
  const card = document.getElementById(`m-${list.dataset.begins}`);
  if (!card) return null;
  lists.set(list, false);
  list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top;
  return list.scrollTop;
}

function watchList(list) {
  lists.set(list, !$("[data-later]", list));
  let last = 0;
  let begins = null;
  list.addEventListener("scroll", () => {
    if (list.scrollTop === begins) return;
    begins = null;
    // Only a move upwards leaves the end; content that grew below moves nobody.
    lists.set(list, atEnd(list) || (lists.get(list) && list.scrollTop >= last));
    const upwards = list.scrollTop < last;
    last = list.scrollTop;
    if (atEnd(list)) showJump(list, null);
    if (upwards && list.scrollTop < 240) $("[data-earlier] button:not(.htmx-request)", list)?.click();
  }, {passive: true});
  $("[data-jump]", list).addEventListener("click", () => jumpToEnd(list));
  // Cards grow when they are redrawn, pictures when they have loaded: the end stays in sight.
  new ResizeObserver(() => { if (lists.get(list)) toEnd(list); }).observe($(".messages", list));
  if ($("[data-later]", list)) showJump(list, 0);
  else if (!location.hash) {
    if (list.dataset.begins) begins = toCard(list);
    if (begins === null) toEnd(list);
  }
}

// Whatever stands above a message on this page: drawn alone it keeps its author, and the day above it.
document.addEventListener("htmx:configRequest", ({detail: {elt, parameters, triggeringEvent}}) => {
  if (triggeringEvent?.type !== "redraw" || !elt.matches(".message")) return;
  if (!elt.matches(".compact")) parameters.set("headed", "1");
  if ($(".day", elt)) parameters.set("day", "1");
});

document.addEventListener("htmx:configRequest", (event) => {
  if (!("after" in event.detail.elt.dataset)) return;
  const last = event.detail.elt.previousElementSibling;
  event.detail.parameters.set("after", last?.dataset.ts || "");
});

// ---- what was fetched: new messages are counted and told, earlier ones do not move the reader

function tell(added) {
  const others = added.filter((one) => !one.matches(".mine"));
  if (!others.length) return;
  const text = (one) => `${$(".author", one)?.textContent}: ${$(".body", one)?.textContent.trim().replace(/\s+/g, " ").slice(0, 140)}`;
  $("#news").textContent = others.length > 2 ? `${others.length} new messages` : others.map(text).join(". ");
}

function added(list, before) {
  const fresh = messagesOf(list).slice(before);
  if (!fresh.length) return;
  tell(fresh);
  if (!lists.get(list) && !atEnd(list)) showJump(list, Number($("[data-jump]", list).dataset.count || 0) + fresh.length);
}

// Two neighbours of the same day need one divider.
function joinDays(list) {
  let day = "";
  for (const one of messagesOf(list)) {
    const today = $("time", one)?.getAttribute("datetime").slice(0, 10);
    if (today && today === day) $(".day", one)?.remove();
    day = today || day;
  }
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { elt } = event.detail.requestConfig;
  const list = elt.closest?.("[data-scroll]");
  if (!list || !event.detail.shouldSwap) return;
  if ("after" in elt.dataset) {
    const before = messagesOf(list).length;
    queueMicrotask(() => added(list, before));
  } else if (elt.closest("[data-earlier], [data-later]")) {
    const fromEnd = elt.closest("[data-earlier]") ? list.scrollHeight - list.scrollTop : null;
    const focused = elt === document.activeElement ? elt.closest("li").nextElementSibling : null;
    queueMicrotask(() => {
      joinDays(list);
      if (fromEnd !== null) list.scrollTop = list.scrollHeight - fromEnd;
      focused?.focus({preventScroll: true});
    });
  }
});

// ---- places in a list: an address names a message, another person sees the same one

function show(message) {
  for (const one of $$(".message.found")) one.classList.remove("found");
  message.classList.add("found");
  const list = message.closest("[data-scroll]");
  lists.set(list, false);
  message.scrollIntoView({block: "center"});
  message.focus({preventScroll: true});
}

function followHash() {
  const ts = location.hash.match(/^#m-(\d+\.\d+)$/)?.[1];
  if (!ts) return;
  const message = document.getElementById(`m-${ts}`);
  const address = new URL(location);
  if (message) show(message);
  else if (address.searchParams.get("at") === ts) toast("That message is not there any more.");
  else {
    address.searchParams.set("at", ts);
    location.replace(address);
  }
}

function placeIn(list) {
  if (lists.get(list)) return {end: true};
  const top = list.getBoundingClientRect().top;
  const first = messagesOf(list).find((one) => one.getBoundingClientRect().bottom > top);
  return first ? {ts: first.dataset.ts, offset: first.getBoundingClientRect().top - top} : {end: true};
}

function returnTo(list, place) {
  const message = place?.ts && messagesOf(list).find((one) => one.dataset.ts >= place.ts);
  if (!message) return;
  lists.set(list, false);
  list.scrollTop += message.getBoundingClientRect().top - list.getBoundingClientRect().top - place.offset;
}

$$("[data-scroll]").forEach(watchList);
addEventListener("hashchange", followHash);
followHash();
