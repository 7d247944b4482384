// Dialogs: modals come as fragments, confirmations lie in a template beside the element that asks.
"use strict";

// Shows the question in the template; then does `sure`, or `no` however else it is closed.
function confirmed(template, sure, no = () => {}) {
  const dialog = document.querySelector("#confirm");
  const from = document.activeElement;
  let answer = "no";
  dialog.replaceChildren(template.content.cloneNode(true));
  const title = dialog.querySelector("h2");
  if (title) {
    title.id = "confirm-title";
    dialog.removeAttribute("aria-label");
    dialog.setAttribute("aria-labelledby", title.id);
  }
  localise(dialog);
  dialog.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) { answer = button.value; dialog.close(); }
  };
  dialog.onclose = () => {
    dialog.onclose = null;
    if (from?.isConnected) from.focus();
    if (answer === "yes") sure(); else no();
  };
  dialog.showModal();
}

(() => {
  const one = (selector, root = document) => root.querySelector(selector);

  // ---- modals

  function showViews() {
    const modal = one("#modal");
    const form = one("form", modal);
    if (!form) { if (modal.open) modal.close(); delete modal.dataset.shown; return; }
    if (!modal.open) modal.showModal();
    const wrong = one("[aria-invalid=true]", form);
    const seen = modal.dataset.shown === form.dataset.viewId;
    modal.dataset.shown = form.dataset.viewId;
    if (wrong) {
      wrong.focus();
      if (["text", "textarea"].includes(wrong.type)) wrong.setSelectionRange(wrong.value.length, wrong.value.length);
    } else if (!seen) {
      const first = ".dialog-body :is(input:not([type=hidden]), select, textarea)";
      (one("[autofocus]", form) || one(first, form) || one("[type=submit]", form) || one("[data-close]", form))?.focus();
    }
  }

  // What is typed while a redraw is on its way is newer than what the server draws.
  const typed = new Map();
  const fields = () => document.querySelectorAll("#views :is(input:not([type=hidden]), select, textarea)[name]");

  function valueOf(field) {
    if (field.matches("[type=radio], [type=checkbox]")) return field.checked;
    return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
  }

  function setValue(field, value) {
    if (typeof value === "boolean") field.checked = value;
    else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
    else if (field.value !== value) field.value = value;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "views") return;
    typed.clear();
    for (const field of fields()) typed.set(field.id, valueOf(field));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "views") return;
    // The ids name their view: another view's fields find nothing here.
    for (const field of fields()) if (typed.has(field.id)) setValue(field, typed.get(field.id));
  });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "views") showViews(); });

  // Escape closes the modal on top only; the one below is drawn by the server.
  document.addEventListener("cancel", (event) => {
    if (event.target.id !== "modal") return;
    event.preventDefault();
    one("[data-close]", event.target)?.click();
  }, true);

  // ---- confirmations: whoever says no has chosen nothing

  function restore(asked) {
    const parts = asked.matches("fieldset") ? asked.querySelectorAll("input") : [asked];
    for (const field of parts) {
      if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
      else if (field.matches("[type=radio], [type=checkbox]")) field.checked = field.defaultChecked;
      else if (field.matches("input, textarea")) field.value = field.defaultValue;
      field.dispatchEvent(new Event("restored"));
    }
  }

  function keep(told) {
    const parts = told.matches?.("fieldset") ? told.querySelectorAll("input") : [told];
    for (const field of parts) {
      if (field.matches("select")) for (const option of field.options) option.defaultSelected = option.selected;
      else if (field.matches("[type=radio], [type=checkbox]")) field.defaultChecked = field.checked;
    }
  }

  document.addEventListener("htmx:confirm", (event) => {
    const { elt } = event.detail;
    const template = elt.nextElementSibling;
    if (!template?.matches?.("template.confirm") || event.detail.triggeringEvent?.type === "redraw") return;
    event.preventDefault();
    const sure = () => {
      if (elt.matches("a[href]")) window.open(elt.href, "_blank", "noopener,noreferrer");
      event.detail.issueRequest(true);
    };
    confirmed(template, sure, () => restore(elt));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt } = event.detail;
    if (event.detail.successful && elt.matches?.("select, fieldset")) keep(elt);
  });

  // A button with an address opens it and tells the bot, who need not listen.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-press]");
    if (!link) return;
    if (link.nextElementSibling?.matches("template.confirm")) event.preventDefault();
    const { actionId, blockId, viewId, channel, ts, selected } = link.dataset;
    const place = viewId ? { view_id: viewId } : { channel, ts };
    const values = { action_id: actionId, block_id: blockId, selected: selected ?? "", ...place };
    htmx.ajax("POST", link.dataset.press, { source: link, swap: "none", values });
  });
})();

// ---- the page's own dialogs

document.addEventListener("click", (event) => event.target.closest("[data-close-dialog]")?.closest("dialog").close());

// ---- the topic: its form exists while it is asked for

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-topic]");
  if (!button) return;
  const dialog = $("#topic");
  dialog.replaceChildren($("#topic-form").content.cloneNode(true));
  htmx.process(dialog);
  $("#topic-text").value = button.dataset.topic;
  dialog.showModal();
  $("#topic-text").select();
});
$("#topic").addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) $("#topic").close(); });
$("#topic").addEventListener("close", () => $("#topic").replaceChildren());
$("#topic").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.id !== "topic-text") return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
