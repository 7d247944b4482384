// The shell: menus, the drawer, light and dark, and the switch from person to person.
// Uses $, $$ and memory of page.js, ownTitle of live.js, placeIn and returnTo of lists.js.
"use strict";

// ---- menus and the drawer

function drawer(open) {
  document.body.classList.toggle("drawer", open);
  $(".banner [data-drawer]").setAttribute("aria-expanded", String(open));
  if (open) ($("#sidebar [aria-current]") || $("#sidebar a"))?.focus();
  else if ($(".side").contains(document.activeElement)) $(".banner [data-drawer]").focus();
}

// Whoever leaves it with Tab would be lost below it.
document.addEventListener("focusin", (event) => {
  if (document.body.classList.contains("drawer") && !event.target.closest(".side, [data-drawer]")) drawer(false);
});

document.addEventListener("click", (event) => {
  // A menu closes when something else, or something in it, is clicked.
  for (const menu of $$("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu-list :is(a, button):not(.check)")) menu.open = false;
  }
  const open = document.body.classList.contains("drawer");
  if (event.target.closest("[data-drawer]")) drawer(!open);
  else if (open && !event.target.closest(".side")) drawer(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const menu of $$("details.menu[open]")) {
    menu.open = false;
    $("summary", menu).focus();
    event.preventDefault();
  }
  if (document.body.classList.contains("drawer")) drawer(false);
});

// ---- light, dark, or as the system (theme.js has put it on before the first paint)

function chooseTheme(theme) {
  memory.set("theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  showTheme();
}

function showTheme() {
  const theme = document.documentElement.dataset.theme || "system";
  for (const choice of $$("[data-theme-choice]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === theme));
  }
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) chooseTheme(choice.dataset.themeChoice);
});
addEventListener("storage", (event) => {
  if (event.key === "theme") chooseTheme(event.newValue || "system");
});
showTheme();

// ---- from person to person: the same channel, thread, place and focus, and no new step in the history

const PLACE = "place";

function focusedNow() {
  const active = document.activeElement;
  if (active.dataset.person) return {person: active.dataset.person};
  if (active.matches(".message")) return {message: active.dataset.ts, list: active.closest("[data-scroll]").dataset.scroll};
  return active.id ? {id: active.id} : {};
}

function actAs(link) {
  const places = Object.fromEntries($$("[data-scroll]").map((list) => [list.dataset.scroll, placeIn(list)]));
  const address = new URL(link.href);
  const at = places.main?.ts;
  // Far from the end only: a page without `at` shows the last messages.
  if (at && $$("#list-main .message").findLastIndex((one) => one.dataset.ts <= at) < $$("#list-main .message").length - 40) {
    address.searchParams.set("at", at);
  }
  const kept = {path: address.pathname, focused: {...focusedNow(), ...(document.activeElement === link ? {person: link.dataset.person} : {})}, places};
  try { sessionStorage.setItem(PLACE, JSON.stringify(kept)); } catch { /* the page opens at its end */ }
  location.replace(address);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-person]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  actAs(link);
});

function comeBack() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
  } catch { /* there is nothing to come back to */ }
  if (kept?.path !== location.pathname) return;
  for (const list of $$("[data-scroll]")) returnTo(list, kept.places[list.dataset.scroll]);
  const { id, person, message, list } = kept.focused;
  const again = (id && document.getElementById(id))
    || (person && $(`a[data-person="${CSS.escape(person)}"]`))
    || (message && $(`#list-${list} [data-ts="${CSS.escape(message)}"]`));
  again?.focus?.({preventScroll: true});
}
comeBack();
$("a[data-person][aria-current]")?.scrollIntoView({block: "nearest", inline: "nearest"});

// ---- a channel that is renamed is called by its new name everywhere on the page

let called = $("#where .name")?.textContent;
document.addEventListener("htmx:afterSwap", (event) => {
  const name = event.detail.target.matches?.(".head-body") && $("#where .name")?.textContent;
  if (!name || name === called) return;
  const renamed = (text) => text.replace(called, () => name);
  for (const one of $$(".beginning-title")) one.textContent = renamed(one.textContent);
  for (const box of $$("textarea[data-draft]")) box.placeholder = renamed(box.placeholder);
  // The sidebar puts the own title behind what is unread, before this or after it.
  ownTitle = renamed(ownTitle);
  document.title = renamed(document.title);
  called = name;
});

// ---- a thread that was just opened is written into; one that was closed leaves the reader at its message

const OPENED = "thread";
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([data-person])");
  const ts = link && new URL(link.href).pathname.match(/\/m\/([\d.]+)$/)?.[1];
  if (ts || link?.matches("[data-close-thread]")) {
    try { sessionStorage.setItem(OPENED, ts ? "open" : location.pathname.split("/m/")[1] || ""); } catch { /* as it comes */ }
  }
});
{
  let opened = null;
  try {
    opened = sessionStorage.getItem(OPENED);
    sessionStorage.removeItem(OPENED);
  } catch { /* as it comes */ }
  // On a phone the keyboard would cover what is to be read.
  if (opened === "open" && matchMedia("(pointer: fine)").matches) $("#text-thread")?.focus({preventScroll: true});
  else if (opened && opened !== "open") document.getElementById(`m-${opened}`)?.focus({preventScroll: true});
}
