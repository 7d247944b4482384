// What can be done with a message: react, copy its link, edit and delete one's own, shortcuts, look at a picture.
"use strict";

{
  const messageOf = (element) => element.closest(".message");
  // From a button: what the message itself asks for is replaced by its next redrawing.
  const send = (path, message, values = {}) => htmx.ajax("POST", composing(path), {
    source: $(".tools button, .dismiss", message) || message, swap: "none",
    values: {channel: message.dataset.channel, ts: message.dataset.ts, ...values},
  });

  // ---- a message that is being edited, or whose menu is open, is not redrawn under one's hands

  const busy = (message) => $(".edit-place, [data-act][aria-expanded='true']", message);
  const waiting = new WeakSet();

  document.addEventListener("htmx:beforeSwap", (event) => {
    const {elt, triggeringEvent} = event.detail.requestConfig;
    if (triggeringEvent?.type !== "redraw" || !elt.matches(".message") || !busy(elt)) return;
    event.detail.shouldSwap = false;
    waiting.add(elt);
  });

  function release(message) {
    if (!message?.isConnected || busy(message) || !waiting.delete(message)) return;
    htmx.trigger(message, "redraw");
  }

  document.addEventListener("collapsed", (event) => setTimeout(() => release(messageOf(event.target))));

  // ---- the menu of a message

  function openMenu(button) {
    const message = messageOf(button);
    const menu = $("#message-menu").content.firstElementChild.cloneNode(true);
    if (!message.classList.contains("mine")) for (const one of $$("[data-own]", menu)) one.remove();
    button.after(menu);
    button.setAttribute("aria-expanded", "true");
    menu.addEventListener("toggle", (event) => {
      if (event.newState !== "closed") return;
      if (menu.contains(document.activeElement)) button.focus();
      button.setAttribute("aria-expanded", "false");
      // What was chosen is still being clicked.
      setTimeout(() => menu.remove());
      button.dispatchEvent(new Event("collapsed", {bubbles: true}));
    });
    if (message.dataset.panel === "thread") $("[data-act=thread]", menu)?.remove();
    menu.showPopover();
    placePopover(menu, button);
    $$("button", menu).find((one) => one.checkVisibility())?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("[role=menu][popover]");
    if (!menu) return;
    const items = $$("[role=menuitem]", menu).filter((one) => one.checkVisibility());
    const at = items.indexOf(document.activeElement);
    const next = {ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[next % items.length].focus();
  });

  // ---- editing and deleting

  async function edit(message) {
    if (!message || $(".editing", message)) return;
    const place = document.createElement("div");
    place.className = "edit-place";
    $(".body", message).after(place);
    const address = `${composing(`/part/edit/${message.dataset.channel}/${message.dataset.ts}`)}&panel=${message.dataset.panel}`;
    await htmx.ajax("GET", address, {source: place, target: place, swap: "innerHTML"});
    const form = $("form", place);
    if (!form) { place.remove(); return; }
    message.classList.add("being-edited");
    const box = watchComposer(form);
    box.setSelectionRange(box.value.length, box.value.length);
    box.focus();
  }

  globalThis.endEdit = (form) => {
    const message = messageOf(form);
    const panel = message.dataset.panel;
    form.parentElement.remove();
    message.classList.remove("being-edited");
    release(message);
    $(`#text-${panel}`)?.focus();
  };

  globalThis.editLast = (list) => {
    const last = $$(".message.mine", list).at(-1);
    last?.scrollIntoView({block: "nearest"});
    edit(last);
  };

  function remove(message) {
    const question = $("#delete-question").cloneNode(true);
    $(".quoted", question.content).textContent = $(".body", message).innerText.slice(0, 300);
    confirmed(question, () => send("/act/delete", message));
  }

  // ---- the link of a message

  async function copy(message) {
    const link = new URL(message.dataset.link, location).href;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      const box = document.createElement("textarea");
      box.value = link;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    said("The link is copied.");
  }

  // A word in passing, for eyes and for screen readers; nothing that must be dismissed.
  function said(text) {
    const box = document.createElement("div");
    box.className = "said";
    box.textContent = text;
    $("#toasts").append(box);
    setTimeout(() => box.remove(), 2500);
  }

  const acts = {
    react: (button) => send("/act/react", messageOf(button), {name: button.dataset.value}),
    pick: (button) => {
      const message = messageOf(button);
      const anchor = button.closest("[popover]") ? $("[data-act=more]", message) : button;
      pickEmoji(anchor, (name) => send("/act/react", message, {name}));
    },
    more: openMenu,
    thread: (button) => $("a[href*='/m/']", messageOf(button))?.click(),
    copy: (button) => copy(messageOf(button)),
    edit: (button) => edit(messageOf(button)),
    delete: (button) => remove(messageOf(button)),
    dismiss: (button) => send("/act/dismiss", messageOf(button)),
    shortcut: (button) => send("/act/shortcut", messageOf(button), {callback_id: button.dataset.value}),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".message [data-act]");
    if (button) {
      button.closest("[popover]")?.hidePopover();
      acts[button.dataset.act](button);
    }
    const picture = event.target.closest("a[data-lightbox]");
    if (!picture || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const box = $("#lightbox");
    Object.assign($("img", box), {src: picture.href, alt: $("img", picture).alt});
    $("#lightbox-name").textContent = picture.dataset.lightbox;
    $("a", box).href = picture.href;
    box.showModal();
  });
  $("#lightbox").addEventListener("click", (event) => { if (event.target.id === "lightbox") event.target.close(); });

  // ---- touch: a long press shows what can be done, as a pointer does that rests on the message

  let pressed = 0;
  document.addEventListener("touchstart", (event) => {
    const message = event.target.closest(".message");
    if (!message || event.target.closest("button, a, input, textarea, select")) return;
    pressed = setTimeout(() => $("[data-act=more]", message)?.click(), 550);
  }, {passive: true});
  for (const end of ["touchend", "touchmove", "touchcancel"]) {
    document.addEventListener(end, () => clearTimeout(pressed), {passive: true});
  }
}
