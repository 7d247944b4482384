// Live updates: the server names what is stale, elements with that name in data-live fetch themselves again.
// Uses $, $$, memory and byItself of page.js.
"use strict";

function redraw(element) {
  if ("reload" in element.dataset) location.reload();
  else htmx.trigger(element, "redraw");
}

// ---- a redrawing takes nothing away from whoever is using what is redrawn

// A click is lost if its button is redrawn between the finger's way down and up: such a redrawing waits.
let pressing = false;
const held = new Set();

addEventListener("pointerdown", () => { pressing = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => setTimeout(() => {
    pressing = false;
    for (const element of held) if (element.isConnected) redraw(element);
    held.clear();
  }), true);
}

// Elements without an id are found again by what they do. (Those with one htmx itself keeps focused.)
const MARKS = ["data-act", "data-value", "data-action-id", "data-person", "data-channel", "data-message", "aria-label", "href"];
const twin = (element) => element.localName + MARKS
  .filter((name) => element.hasAttribute(name))
  .map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");

function keepFocus(target) {
  const active = document.activeElement;
  const open = $$("details", target).flatMap((menu, at) => (menu.open ? [at] : []));
  if (!open.length && !target.contains(active)) return;
  const list = target.closest("[data-scroll]") || document;
  const itself = `[data-live="${CSS.escape(target.dataset.live || "")}"]`;
  const [inside, isMe, key] = [target.contains(active), target === active, twin(active)];
  // The swap is done by then: htmx swaps as soon as this event is over.
  queueMicrotask(() => {
    const drawn = $(itself, list);
    if (!drawn) return;
    const menus = $$("details", drawn);
    for (const at of open) if (menus[at]) menus[at].open = true;
    if (!inside || document.activeElement !== document.body) return;
    const again = isMe ? drawn : $(key, drawn);
    if (isMe) drawn.tabIndex = 0;
    again?.focus({preventScroll: true});
  });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { elt, triggeringEvent } = event.detail.requestConfig;
  if (triggeringEvent?.type !== "redraw") return;
  if (pressing) {
    event.detail.shouldSwap = false;
    held.add(elt);
  } else keepFocus(event.detail.target);
});

// What nobody answered is fetched again: the stream names it only once.
document.addEventListener("htmx:sendError", ({target, detail}) => {
  if (byItself(detail)) setTimeout(() => { if (target.isConnected) redraw(target); }, 3000);
});

// ---- listening

let source;
let away;
let mark = new URL(document.body.dataset.events, location).searchParams.get("since");

function heard(names) {
  if (names.includes("restarted")) {
    // Another run of the sandbox: this channel may not exist in it.
    location.replace(document.body.dataset.start);
    return;
  }
  for (const name of names) {
    // "*" comes after so long a silence that nobody knows what changed.
    const stale = name === "*" ? "[data-live]:not([data-reload])" : `[data-live="${CSS.escape(name)}"]`;
    $$(stale).forEach(redraw);
  }
}

function connected() {
  clearTimeout(away);
  away = undefined;
  $("#connection").textContent = "";
}

// A short silence is nobody's business.
function disconnected() {
  away ??= setTimeout(() => { $("#connection").textContent = "Reconnecting…"; }, 3000);
  const lost = source;
  if (lost.readyState === EventSource.CLOSED) setTimeout(() => { if (source === lost && !document.hidden) listen(); }, 2000);
}

function listen() {
  source?.close();
  const address = new URL(document.body.dataset.events, location);
  address.searchParams.set("since", mark);
  // The panel's parts are told to those who show it.
  if (document.documentElement.dataset.behind === "open") address.searchParams.set("behind", "1");
  source = new EventSource(address);
  source.onopen = connected;
  source.onerror = disconnected;
  source.onmessage = (event) => {
    mark = event.lastEventId;
    heard(JSON.parse(event.data));
  };
}

// A browser opens six connections to a host: tabs that nobody sees leave theirs to the others, and catch up later.
let asking;

async function askUnread() {
  try {
    const answer = await fetch(document.body.dataset.unread);
    if (answer.ok && document.hidden) showUnread(await answer.json());
  } catch { /* it is asked again soon */ }
}

document.addEventListener("visibilitychange", () => {
  clearInterval(asking);
  if (document.hidden) {
    source.close();
    connected();
    asking = setInterval(askUnread, 20_000);
  } else listen();
});
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

// ---- what is unread elsewhere, in the tab's title

let ownTitle = document.title;

function showUnread({messages, mentions}) {
  document.title = (mentions ? `(${mentions}) ` : messages ? "• " : "") + ownTitle;
}

function showSidebarsUnread() {
  const { unreadMessages, unreadMentions } = $("#sidebar nav").dataset;
  showUnread({messages: Number(unreadMessages), mentions: Number(unreadMentions)});
}

document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "sidebar") showSidebarsUnread(); });
showSidebarsUnread();

// Deferred scripts run before htmx starts at DOMContentLoaded: then everything is there to be redrawn.
if (!document.hidden) document.addEventListener("DOMContentLoaded", listen);
else source = {close() { return undefined; }};
