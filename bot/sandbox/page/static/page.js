// The sandbox page. The server draws everything; htmx fetches and swaps. This file does what neither can:
// it listens for changes, keeps the scroll position and what was typed, and opens dialogs. (composer.js: the message box.)
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- live updates: the server names what is stale, elements with that name in data-live fetch themselves again

function redraw(element) {
  if ("reload" in element.dataset) location.reload();
  else htmx.trigger(element, "redraw");
}

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
document.addEventListener("htmx:beforeSwap", (event) => {
  const { elt, triggeringEvent } = event.detail.requestConfig;
  if (!pressing || triggeringEvent?.type !== "redraw") return;
  event.detail.shouldSwap = false;
  held.add(elt);
});

let source;
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

function listen() {
  source?.close();
  const address = new URL(document.body.dataset.events, location);
  address.searchParams.set("since", mark);
  // The panel's parts are told to those who show it.
  if (document.documentElement.dataset.behind === "open") address.searchParams.set("behind", "1");
  source = new EventSource(address);
  source.onmessage = (event) => {
    mark = event.lastEventId;
    heard(JSON.parse(event.data));
  };
}
addEventListener("pagehide", () => source.close());

// ---- the lists: only what is newer is fetched; whoever reads further up is not moved

const lists = new Map();
const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;
const toEnd = (list) => { list.scrollTop = list.scrollHeight; };

function watchList(list) {
  lists.set(list, true);
  const jump = $("[data-jump]", list);
  let last = 0;
  list.addEventListener("scroll", () => {
    // Only a move upwards leaves the end; content that grew below moves nobody.
    lists.set(list, atEnd(list) || (lists.get(list) && list.scrollTop >= last));
    last = list.scrollTop;
    if (atEnd(list)) jump.hidden = true;
  });
  jump.addEventListener("click", () => toEnd(list));
  // Cards grow when they are redrawn, pictures when they have loaded: the end stays in sight.
  new ResizeObserver(() => { if (lists.get(list)) toEnd(list); }).observe($(".messages", list));
  if (!location.hash) toEnd(list);
}

document.addEventListener("htmx:configRequest", (event) => {
  if (!("after" in event.detail.elt.dataset)) return;
  const last = event.detail.elt.previousElementSibling;
  event.detail.parameters.set("after", last ? last.dataset.ts : "");
});

document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.detail.requestConfig?.elt.closest?.("[data-scroll]");
  if (list && "after" in event.detail.requestConfig.elt.dataset && !lists.get(list)) {
    $("[data-jump]", list).hidden = false;
  }
});

// ---- dialogs: modals come as fragments, confirmations lie in a template beside their button

function showViews() {
  const modal = $("#modal");
  const form = $("form", modal);
  if (!form) { if (modal.open) modal.close(); return; }
  if (!modal.open) modal.showModal();
  const wrong = $("[aria-invalid=true]", form);
  const seen = modal.dataset.shown === form.dataset.viewId;
  modal.dataset.shown = form.dataset.viewId;
  if (wrong) {
    wrong.focus();
    if (["text", "textarea"].includes(wrong.type)) wrong.setSelectionRange(wrong.value.length, wrong.value.length);
  } else if (!seen) {
    const first = ".dialog-body :is(input:not([type=hidden]), select, textarea)";
    ($("[autofocus]", form) || $(first, form) || $("[type=submit]", form))?.focus();
  }
}

// What is typed while a redraw is on its way is newer than what the server draws.
const typed = new Map();
const controls = () => $$("#views :is(input:not([type=hidden]), select, textarea)");

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "views") return;
  typed.clear();
  for (const one of controls()) typed.set(one.id, one.matches("[type=radio], [type=checkbox]") ? one.checked : one.value);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "views") return;
  // The ids name their view: another view's controls find nothing here.
  for (const one of controls().filter((control) => typed.has(control.id))) {
    if (typeof typed.get(one.id) === "boolean") one.checked = typed.get(one.id);
    else if (one.value !== typed.get(one.id)) one.value = typed.get(one.id);
  }
});

function confirmed(template, sure) {
  const dialog = $("#confirm");
  dialog.replaceChildren(template.content.cloneNode(true));
  localise(dialog);
  dialog.onclick = (event) => {
    const answer = event.target.closest("button")?.value;
    if (!answer) return;
    dialog.close();
    if (answer === "yes") sure();
  };
  dialog.showModal();
}

document.addEventListener("htmx:confirm", (event) => {
  const template = event.detail.elt.nextElementSibling;
  if (!template?.matches?.("template.confirm") || event.detail.triggeringEvent?.type === "redraw") return;
  event.preventDefault();
  confirmed(template, () => event.detail.issueRequest(true));
});

document.addEventListener("cancel", (event) => {
  if (event.target.id !== "modal") return;
  event.preventDefault();
  $("[data-close]", event.target)?.click();
}, true);

// ---- toasts: what went wrong, in a sentence

function toast(text) {
  const box = document.createElement("div");
  box.className = "toast";
  box.textContent = text;
  const close = document.createElement("button");
  close.className = "btn icon";
  close.textContent = "✕";
  close.setAttribute("aria-label", "Dismiss");
  close.onclick = () => box.remove();
  box.append(close);
  // A modal dialog hides everything below it from keyboard and screen reader: the toast goes into the dialog.
  ($("dialog[open]") || $("#toasts")).append(box);
  setTimeout(() => box.remove(), 9000);
}

document.addEventListener("htmx:responseError", (event) => {
  const elt = event.detail.elt;
  if (elt.id !== "world") toast(event.detail.xhr.responseText.slice(0, 300) || "That did not work.");
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.id !== "world") toast("The sandbox does not answer.");
});

// ---- small things

document.addEventListener("click", (event) => {
  // A menu closes when something else, or something in it, is clicked.
  for (const menu of $$("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu-list :is(a, button)")) menu.open = false;
  }
  if (event.target.closest("[data-drawer]")) document.body.classList.toggle("drawer");
  // A button with an address opens it and tells the bot, who need not listen.
  const data = event.target.closest("a[data-press]")?.dataset;
  if (!data) return;
  const place = data.viewId ? {view_id: data.viewId} : {channel: data.channel, ts: data.ts};
  const body = new URLSearchParams({action_id: data.actionId, block_id: data.blockId, ...place});
  fetch(data.press, {method: "POST", body});
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of $$("details.menu[open]")) { menu.open = false; $("summary", menu).focus(); }
  document.body.classList.remove("drawer");
});
document.addEventListener("htmx:load", (event) => localise(event.target));
document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "views") showViews(); });

// Deferred scripts run before htmx starts at DOMContentLoaded.
localise(document);
$$("[data-scroll]").forEach(watchList);
listen();
