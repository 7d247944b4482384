// What all scripts of the page share. The server draws everything; htmx fetches and swaps; the files beside this one
// do what neither can: live.js listens, lists.js scrolls, dialogs.js asks, shell.js and quick.js and keyboard.js lead
// around, composer.js is the message box.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// What this browser remembers; a browser that remembers nothing does without.
const memory = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* nothing is remembered */ } },
};

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

// Parts that fetch themselves say nothing when they fail: the line at the bottom says that the server is away.
const byItself = (detail) => detail.requestConfig?.triggeringEvent?.type === "redraw";

// The server says what happened and what to do; while everything begins anew it answers with a page.
function whatHappened(xhr) {
  if (xhr.status === 503) return "Everything begins anew just now: nothing was done. Try again in a second or two.";
  const sentence = (xhr.getResponseHeader("content-type") || "").startsWith("text/plain") && xhr.status !== 500;
  return (sentence && xhr.responseText.slice(0, 300)) || "That did not work. You can try again.";
}

document.addEventListener("htmx:responseError", (event) => {
  if (!byItself(event.detail)) toast(whatHappened(event.detail.xhr));
});
document.addEventListener("htmx:sendError", (event) => {
  if (!byItself(event.detail)) toast("The sandbox does not answer. You can try again.");
});

// ---- dates and times in the reader's zone, at first and in everything that is fetched

document.addEventListener("htmx:load", (event) => localise(event.target));
localise(document);
