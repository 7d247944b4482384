// The emoji picker: one for the whole page, beside whatever asked for it.
// pickEmoji(button, chosen) opens it and calls chosen(name); emojiTable() is [[name, character], ...].
"use strict";

const composing = (path) => $("#composing").dataset.at.replace("/PATH", path);

// What the page's own server has, or `otherwise` while it does not answer.
const fetched = (path, otherwise) => fetch(composing(path)).then((answer) => answer.json()).catch(() => otherwise);

let emojiLoaded = [];
async function emojiTable() {
  if (!emojiLoaded.length) emojiLoaded = await fetched("/part/emoji", []);
  return emojiLoaded;
}

// A popover is drawn above everything: its place is counted from its button, and kept within the window.
function placePopover(popover, anchor) {
  const at = anchor.getBoundingClientRect();
  const {offsetWidth: width, offsetHeight: height} = popover;
  const above = at.top - height - 6;
  const top = above > 8 ? above : Math.min(at.bottom + 6, innerHeight - height - 8);
  popover.style.top = `${Math.max(8, top)}px`;
  const left = at.left < innerWidth / 2 ? at.left : at.right - width;
  popover.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}

{
  const picker = $("#emoji-picker");
  const search = $(".emoji-search", picker);
  const body = $(".emoji-body", picker);
  const foot = $(".emoji-foot", picker);
  const USUAL = ["pushpin", "+1", "eyes", "white_check_mark", "tada", "raised_hands", "rotating_light", "thinking_face"];
  let chosen = null;
  let opener = null;

  function recent() {
    try { return JSON.parse(localStorage.getItem("emoji")) || USUAL; } catch { return USUAL; }
  }

  function remember(name) {
    const names = [name, ...recent().filter((one) => one !== name)].slice(0, 16);
    localStorage.setItem("emoji", JSON.stringify(names));
  }

  function cell(name, character) {
    const button = document.createElement("button");
    Object.assign(button, {type: "button", textContent: character, title: `:${name}:`, tabIndex: -1});
    button.dataset.name = name;
    button.setAttribute("aria-label", name.replaceAll("_", " "));
    return button;
  }

  function section(title, entries) {
    const box = document.createElement("section");
    const head = document.createElement("h3");
    const grid = document.createElement("div");
    head.textContent = title;
    grid.className = "emoji-grid";
    grid.append(...entries.map(([name, character]) => cell(name, character)));
    box.append(head, grid);
    return box;
  }

  async function draw() {
    const table = await emojiTable();
    const wanted = search.value.trim().toLowerCase().replace(/^:|:$/g, "").replaceAll(" ", "_");
    const byName = new Map(table);
    const once = (entries) => [...new Map(entries.map(([name, character]) => [character, name]).reverse())]
      .reverse().map(([character, name]) => [name, character]);
    if (wanted) {
      const found = once(table.filter(([name]) => name.includes(wanted)));
      found.sort(([a], [b]) => b.startsWith(wanted) - a.startsWith(wanted));
      body.replaceChildren(section(found.length ? "Found" : "Nothing is called so", found));
    } else {
      const last = recent().filter((name) => byName.has(name)).map((name) => [name, byName.get(name)]);
      body.replaceChildren(section("Recently used", last), section("All", once(table)));
    }
    body.scrollTop = 0;
    const first = $("button", body);
    if (first) first.tabIndex = 0;
    foot.textContent = first ? first.title : "";
  }

  // One cell can be reached by Tab, the arrows move it: left and right by one, up and down by a row.
  function rove(event) {
    const cells = $$("button", body);
    const at = cells.indexOf(document.activeElement);
    const row = Math.max(1, Math.round($(".emoji-grid", body).clientWidth / cells[0].offsetWidth));
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row}[event.key];
    if (event.key === "Home" || event.key === "End") focusCell(cells.at(event.key === "Home" ? 0 : -1));
    else if (!step) return;
    else if (at + step < 0) search.focus();
    else focusCell(cells[Math.min(at + step, cells.length - 1)]);
    event.preventDefault();
  }

  function focusCell(one) {
    for (const other of $$("button[tabindex='0']", body)) other.tabIndex = -1;
    one.tabIndex = 0;
    one.focus();
    foot.textContent = one.title;
  }

  function take(one) {
    remember(one.dataset.name);
    picker.hidePopover();
    chosen?.(one.dataset.name, one.textContent);
  }

  globalThis.pickEmoji = async (button, then) => {
    [chosen, opener] = [then, button];
    search.value = "";
    // Whoever presses something else while the table is still being fetched wants no picker any more.
    let left = false;
    const leave = () => { left = true; };
    addEventListener("pointerdown", leave, true);
    await draw();
    removeEventListener("pointerdown", leave, true);
    if (left) return;
    picker.showPopover();
    button.setAttribute("aria-expanded", "true");
    placePopover(picker, button);
    search.focus();
  };

  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    const first = $("button", body);
    if (event.key === "ArrowDown" && first) { event.preventDefault(); focusCell(first); }
    if (event.key === "Enter") { event.preventDefault(); if (first) take(first); }
  });
  body.addEventListener("keydown", rove);
  body.addEventListener("click", (event) => { const one = event.target.closest("button"); if (one) take(one); });
  body.addEventListener("pointerover", (event) => {
    const one = event.target.closest("button");
    if (one) foot.textContent = one.title;
  });
  picker.addEventListener("toggle", (event) => {
    if (event.newState !== "closed" || !opener) return;
    // What is not drawn cannot take the focus, and a message's buttons are drawn while one of them is expanded.
    if (picker.contains(document.activeElement)) opener.focus();
    opener.setAttribute("aria-expanded", "false");
    opener.dispatchEvent(new Event("collapsed", {bubbles: true}));
  });
  picker.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    opener?.focus();
    picker.hidePopover();
  });
}
