// The keys. One table: what it lists is what happens, and what the dialog "Keys" shows.
// Uses $, $$ and openQuick, actAs, toggleBehind, toEnd.
"use strict";

const press = (message, ...selectors) => {
  const found = selectors.map((selector) => $(selector, message)).find(Boolean);
  found?.click();
  return Boolean(found);
};

// ---- channels

function nextChannel(by, wanted = "#sidebar nav > ul a[data-channel]") {
  const all = $$("#sidebar nav > ul a[data-channel]");
  const here = all.findIndex((link) => link.hasAttribute("aria-current"));
  const order = [...all.slice(here + 1), ...all.slice(0, Math.max(here, 0))];
  (by > 0 ? order : order.reverse()).find((link) => link.matches(wanted))?.click();
}

// ---- messages: one of each list can be reached with Tab, arrows lead from it to the others

const current = new WeakMap();

function reachable(list) {
  const all = messagesOf(list);
  const now = all.includes(current.get(list)) ? current.get(list) : all.find((one) => one.dataset.ts === current.get(list)?.dataset.ts);
  const one = now || all.at(-1);
  for (const other of all) other.tabIndex = other === one ? 0 : -1;
  return one;
}

function toMessage(by) {
  const from = document.activeElement.closest?.(".message");
  const list = from?.closest("[data-scroll]") || $("[data-scroll=thread]") || $("[data-scroll=main]");
  const all = list ? messagesOf(list) : [];
  const to = from ? all[all.indexOf(from) + by] : all.at(-1);
  if (from && !to && by < 0) $("[data-earlier] button", list)?.click();
  to?.focus({preventScroll: true});
  to?.scrollIntoView({block: "nearest"});
}

function toEdge(message, newest) {
  const all = messagesOf(message.closest("[data-scroll]"));
  const to = newest ? all.at(-1) : all[0];
  to.focus({preventScroll: true});
  to.scrollIntoView({block: "nearest"});
}

document.addEventListener("focusin", (event) => {
  const message = event.target.closest?.(".message");
  if (!message) return;
  const list = message.closest("[data-scroll]");
  current.set(list, message);
  reachable(list);
});
const reach = () => $$("[data-scroll]").forEach(reachable);
document.addEventListener("htmx:afterSwap", () => queueMicrotask(reach));
reach();

const INSIDE = "button, a[href], summary, select, input, textarea";

function into(message) {
  const first = [...$$(INSIDE, $(".body", message) || message), ...$$(INSIDE, message)].find((one) => one.checkVisibility());
  first?.focus();
}

// Editing stands in the menu of one's own messages.
function edit(message) {
  if (!message.matches(".mine")) return;
  press(message, "[data-act=more]");
  press(message, "[data-act=edit]");
}

// ---- regions

const REGIONS = [".banner", "#sidebar", ".switcher", ".main", ".thread", ".behind", "#tour"];

function nextRegion(by) {
  const regions = $$(REGIONS.join(", ")).filter((region) => region.checkVisibility({visibilityProperty: true}) && !region.inert);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const region = regions[(here + by + regions.length) % regions.length];
  const places = [$("[aria-current]", region), $(".message[tabindex='0']", region), ...$$(INSIDE, region)];
  places.find((place) => place?.checkVisibility({visibilityProperty: true}))?.focus();
}

function person(event) {
  const link = $$("a[data-person]")[Number(event.code.slice(-1)) - 1];
  if (link) actAs(link);
}

function showHelp() {
  const rows = KEYS.filter((row) => row.text).flatMap((row) => {
    const [name, what] = [document.createElement("dt"), document.createElement("dd")];
    for (const key of row.shown) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      name.append(cap);
    }
    what.textContent = row.text;
    return [name, what];
  });
  $("#help-list").replaceChildren(...rows);
  $("#help").showModal();
}

// ---- the table. `key` is event.key, or a test; `with` the modifiers; `on` "message": only where a message has focus.

const KEYS = [
  {key: /^k$/i, with: ["mod"], shown: ["Ctrl K", "⌘ K"], text: "Jump to a channel, a person or a command", run: openQuick},
  {key: "ArrowDown", with: ["alt"], shown: ["Alt ↓", "Alt ↑"], text: "Next channel, the one before", run: () => nextChannel(1)},
  {key: "ArrowUp", with: ["alt"], run: () => nextChannel(-1)},
  {key: "ArrowDown", with: ["alt", "shift"], shown: ["Alt Shift ↓", "Alt Shift ↑"], text: "Next channel with something unread, the one before", run: () => nextChannel(1, ".unread")},
  {key: "ArrowUp", with: ["alt", "shift"], run: () => nextChannel(-1, ".unread")},
  {code: /^Digit[1-9]$/, with: ["alt", "shift"], shown: ["Shift Alt 1", "… 4"], text: "Act as the first, … fourth person", run: person},
  {key: "F6", with: [], shown: ["F6", "Shift F6"], text: "Next part of the page, the one before", run: () => nextRegion(1), always: true},
  {key: "F6", with: ["shift"], run: () => nextRegion(-1), always: true},
  {key: "/", with: [], shown: ["/"], text: "Write a message", run: () => ($("#text-thread") || $("#text-main"))?.focus()},
  {key: /^(j|ArrowDown)$/, on: "list", with: [], shown: ["↓", "j"], text: "Next message", run: () => toMessage(1)},
  {key: /^(k|ArrowUp)$/, on: "list", with: [], shown: ["↑", "k"], text: "The message before", run: () => toMessage(-1)},
  {key: "End", on: "message", with: [], shown: ["End", "Home"], text: "The newest message, the oldest that is shown", run: (_event, message) => toEdge(message, true)},
  {key: "Home", on: "message", with: [], run: (_event, message) => toEdge(message, false)},
  {key: "Enter", on: "message", with: [], shown: ["Enter"], text: "Into the message: its first button", run: (_event, message) => into(message)},
  {key: "Escape", with: [], shown: ["Esc"], text: "Out again: to the message, out of a menu, a window, the message box", run: leave, always: true},
  {key: "r", on: "message", with: [], shown: ["r"], text: "React to the message", run: (_event, message) => press(message, "[data-act=pick]")},
  {key: /^(t|ArrowRight)$/, on: "message", with: [], shown: ["t", "→"], text: "Open its thread", run: (_event, message) => press(message, "a.replies", ".tools a[href*='/m/']")},
  {key: "e", on: "message", with: [], shown: ["e"], text: "Edit your own message", run: (_event, message) => edit(message)},
  {key: "?", with: [], anyShift: true, shown: ["?"], text: "This list", run: showHelp},
];

function leave(event) {
  const inside = event.target.closest(".message");
  if (inside && event.target !== inside && !event.target.matches("input, textarea, select")) inside.focus();
  else if (event.target.matches("[data-composer] textarea") && !event.defaultPrevented) reachable(event.target.closest(".main, .thread").querySelector("[data-scroll]"))?.focus();
  else return false;
  return true;
}

function asked(row, event) {
  const held = [event.altKey && "alt", event.shiftKey && !row.anyShift && "shift", (event.ctrlKey || event.metaKey) && "mod"].filter(Boolean);
  if (held.length !== row.with.length || !row.with.every((one) => held.includes(one))) return false;
  if (row.code) return row.code.test(event.code);
  return row.key instanceof RegExp ? row.key.test(event.key) : row.key === event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || $("dialog[open]")) return;
  const message = event.target.matches?.(".message") ? event.target : null;
  const typing = event.target.matches?.("input, textarea, select, [contenteditable=true]");
  const menu = event.target.closest?.("details[open]");
  for (const row of KEYS) {
    if (!asked(row, event)) continue;
    // While somebody types, letters are letters.
    if (typing && !row.always && !event.altKey && !event.ctrlKey && !event.metaKey) continue;
    if (row.on === "message" && !message) continue;
    if (row.on === "list" && !message && (menu || event.target !== document.body || event.key.startsWith("Arrow"))) continue;
    if (row.run(event, message) !== false) event.preventDefault();
    return;
  }
});

document.addEventListener("click", (event) => { if (event.target.closest("[data-help]")) showHelp(); });
addCommand("Keys", showHelp, "?");
addCommand("Write a message", () => ($("#text-thread") || $("#text-main"))?.focus(), "/");
