// The sandbox page. The server draws everything; htmx fetches and swaps. This file does what neither can:
// it listens for changes, keeps the scroll position and drafts, opens dialogs, and suggests commands.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- live updates: the server names what is stale, elements with that name in data-live fetch themselves again

function redraw(element) {
  if ("reload" in element.dataset) location.reload();
  else htmx.trigger(element, "redraw");
}

function listen() {
  const source = new EventSource(document.body.dataset.events);
  let lost = false;
  source.onmessage = (event) => {
    for (const name of JSON.parse(event.data)) {
      $$(`[data-live="${CSS.escape(name)}"]`).forEach(redraw);
    }
  };
  source.onerror = () => { lost = true; };
  source.onopen = () => {
    // What happened while the connection was away was not told: everything is looked at again.
    if (lost) $$("[data-live]:not([data-reload])").forEach(redraw);
    lost = false;
  };
  addEventListener("pagehide", () => source.close());
}

// ---- the lists: only what is newer is fetched; whoever reads further up is not moved

const lists = new Map();
const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;
const toEnd = (list) => { list.scrollTop = list.scrollHeight; };

function watchList(list) {
  lists.set(list, true);
  const jump = $("[data-jump]", list);
  list.addEventListener("scroll", () => {
    lists.set(list, atEnd(list));
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
  if (wrong) wrong.focus();
  else if (!seen) {
    const first = ".dialog-body :is(input:not([type=hidden]), select, textarea)";
    ($("[autofocus]", form) || $(first, form) || $("[type=submit]", form))?.focus();
  }
}

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

// ---- the composer: grows with its text, keeps drafts, sends with Enter, suggests commands

const draftKey = (box) => `draft:${box.dataset.draft}`;

function fit(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 220)}px`;
}

function suggest(box) {
  const list = $(".suggestions", box.form);
  const typed = box.value;
  const options = $$("[role=option]", list);
  for (const option of options) {
    option.hidden = !(typed.startsWith("/") && option.dataset.line.startsWith(typed.trimEnd()) && !/\n/.test(typed));
    option.setAttribute("aria-selected", "false");
  }
  const left = options.filter((option) => !option.hidden);
  const done = left.length === 1 && left[0].dataset.line === typed.trimEnd();
  list.hidden = left.length === 0 || done;
  box.setAttribute("aria-expanded", String(!list.hidden));
  box.removeAttribute("aria-activedescendant");
}

function move(box, step) {
  const options = $$("[role=option]:not([hidden])", $(".suggestions", box.form));
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = (now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length;
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === next)));
  options[next].scrollIntoView({block: "nearest"});
  box.setAttribute("aria-activedescendant", options[next].id);
}

function take(box, option) {
  box.value = `${option.dataset.line} `;
  box.dispatchEvent(new Event("input", {bubbles: true}));
  $(".suggestions", box.form).hidden = true;
  box.focus();
}

function composerKey(event) {
  const box = event.target;
  const list = $(".suggestions", box.form);
  const chosen = $("[aria-selected=true]:not([hidden])", list);
  if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(box, event.key === "ArrowDown" ? 1 : -1);
  } else if (!list.hidden && event.key === "Escape") {
    list.hidden = true;
  } else if (!list.hidden && chosen && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    take(box, chosen);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    box.form.requestSubmit();
  }
}

function watchComposer(form) {
  const box = $("textarea", form);
  box.value = sessionStorage.getItem(draftKey(box)) || "";
  box.addEventListener("input", () => {
    sessionStorage.setItem(draftKey(box), box.value);
    fit(box);
    suggest(box);
  });
  box.addEventListener("keydown", composerKey);
  box.addEventListener("blur", () => { $(".suggestions", form).hidden = true; });
  $(".suggestions", form).addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(box, option);
  });
  fit(box);
  form.addEventListener("htmx:beforeRequest", (event) => { if (event.target === form) form.dataset.sent = box.value; });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form || !event.detail.successful || box.value !== form.dataset.sent) return;
    box.value = "";
    sessionStorage.removeItem(draftKey(box));
    fit(box);
    toEnd(form.parentElement.querySelector("[data-scroll]"));
  });
}

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
$$("[data-composer]").forEach(watchComposer);
listen();
