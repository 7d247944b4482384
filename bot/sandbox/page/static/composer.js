// The message box: grows with its text, keeps drafts, sends with Enter, says when sending failed.
// Uses completion.js, formatting.js, attaching.js, emoji.js and messages.js.
"use strict";

{
  const LONGEST = 40_000;
  const NEAR = 39_000;
  const draftKey = (box) => box.dataset.draft && `draft:${box.dataset.draft}`;

  function fit(box) {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight * 0.4)}px`;
  }

  function keepDraft(box) {
    const key = draftKey(box);
    if (!key) return;
    if (box.value) sessionStorage.setItem(key, box.value);
    else sessionStorage.removeItem(key);
  }

  function count(form, box) {
    const length = [...box.value].length;
    const counter = $("[data-count]", form);
    counter.hidden = length < NEAR;
    counter.textContent = length > LONGEST ? `${length - LONGEST} characters too many` : `${LONGEST - length} left`;
    counter.classList.toggle("over", length > LONGEST);
    const send = $("[type=submit]", form);
    send.disabled = length > LONGEST;
    form.classList.toggle("ready", Boolean(box.value.trim()) || hasFiles(form));
  }

  function fail(form, text) {
    const line = $("[data-failed]", form);
    line.hidden = !text;
    line.textContent = text;
  }

  function boxKey(event, listKey) {
    const box = event.target;
    if (listKey(event) || formatKey(event) || event.isComposing) return;
    const editing = box.form.dataset.composer === "edit";
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!box.form.matches(".sending")) box.form.requestSubmit();
    } else if (event.key === "Enter" && goOn(box)) {
      event.preventDefault();
    } else if (event.key === "Escape" && editing) {
      event.preventDefault();
      event.stopPropagation();
      endEdit(box.form);
    } else if (event.key === "ArrowUp" && !box.value && !editing) {
      event.preventDefault();
      editLast($("[data-scroll]", box.form.parentElement));
    }
  }

  function sent(form, box) {
    if (form.dataset.composer === "edit") { endEdit(form); return; }
    if (box.value === form.dataset.sent) box.value = "";
    dropFiles(form);
    box.dispatchEvent(new Event("input", {bubbles: true}));
    toEnd($("[data-scroll]", form.parentElement));
  }

  function watchSending(form, box) {
    form.addEventListener("htmx:beforeRequest", (event) => {
      if (event.target !== form) return;
      if (form.matches(".sending") || (!box.value.trim() && !hasFiles(form) && form.dataset.composer !== "edit")) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = box.value;
      form.classList.add("sending");
      form.setAttribute("aria-busy", "true");
      fail(form, "");
    });
    form.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== form) return;
      form.classList.remove("sending");
      form.removeAttribute("aria-busy");
      if (event.detail.successful) sent(form, box);
      else fail(form, "What you wrote is still here.");
    });
  }

  function watchButtons(form, box) {
    const on = (selector, act) => $(selector, form)?.addEventListener("click", (event) => act(event.currentTarget));
    const insert = (text) => {
      box.focus();
      if (!document.execCommand("insertText", false, text)) box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", {bubbles: true}));
    };
    for (const button of $$("[data-format]", form)) button.addEventListener("click", () => format(box, button.dataset.format));
    on("[data-emoji]", (button) => pickEmoji(button, (name) => insert(`:${name}: `)));
    on("[data-mention]", () => insert(/(^|\s)$/.test(box.value.slice(0, box.selectionStart)) ? "@" : " @"));
    on("[data-cancel]", () => endEdit(form));
    on("[data-formatting]", (button) => {
      const shown = document.documentElement.dataset.formatting === "off";
      localStorage.setItem("formatting", shown ? "on" : "off");
      showFormatting();
      button.focus();
    });
  }

  function showFormatting() {
    const narrow = matchMedia("(max-width: 760px)").matches;
    const state = localStorage.getItem("formatting") || (narrow ? "off" : "on");
    document.documentElement.dataset.formatting = state;
    for (const button of $$("button[data-formatting]")) button.setAttribute("aria-pressed", String(state === "on"));
  }

  globalThis.watchComposer = (form) => {
    const box = $("textarea", form);
    if (draftKey(box)) box.value = sessionStorage.getItem(draftKey(box)) || box.value;
    const listKey = watchSuggestions(box);
    box.addEventListener("input", () => { keepDraft(box); fit(box); count(form, box); fail(form, ""); });
    box.addEventListener("keydown", (event) => boxKey(event, listKey));
    form.addEventListener("attached", () => count(form, box));
    watchSending(form, box);
    watchButtons(form, box);
    watchFiles(form);
    fit(box);
    count(form, box);
    return box;
  };

  // Menus that the browser opens itself are placed beside their buttons.
  document.addEventListener("toggle", (event) => {
    const button = event.newState === "open" && $(`[popovertarget="${CSS.escape(event.target.id)}"]`);
    if (!event.target.matches?.(".shortcuts") || !button) return;
    placePopover(event.target, button);
    $("[role=menuitem]", event.target)?.focus();
  }, true);

  showFormatting();
  $$("[data-composer]").forEach(watchComposer);
}
