// The message box: grows with its text, keeps drafts, sends with Enter, suggests commands
// Uses $, $$ and toEnd of page.js.
"use strict";

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

$$("[data-composer]").forEach(watchComposer);
