// The quick switcher: one field that leads to channels, people and commands.
// Uses $ and $$ of page.js, actAs, chooseTheme and toggleBehind. Other scripts add their commands with addCommand.
"use strict";

const commands = [];

function addCommand(name, run, hint = "") {
  commands.push({name, run, hint, sign: "›"});
}

addCommand("Light theme", () => chooseTheme("light"));
addCommand("Dark theme", () => chooseTheme("dark"));
addCommand("Theme of the system", () => chooseTheme("system"));

function everything() {
  const channels = $$("#sidebar a[data-name]").map((link) => ({
    name: link.dataset.name, sign: $(".sign", link)?.textContent.trim() || "•", run: () => link.click(),
    hint: link.matches(".unread") ? "unread" : link.closest(".archived") ? "archived" : link.dataset.channel ? "channel" : "app",
    first: link.matches(".unread"), here: link.hasAttribute("aria-current"),
  }));
  const people = $$("a[data-person]").map((link, at) => ({
    name: link.dataset.name, sign: "☺", run: () => actAs(link), hint: `act as · Shift Alt ${at + 1}`,
    here: link.hasAttribute("aria-current"),
  }));
  // Where one is already is no place to go to.
  return [...channels.filter((one) => one.first), ...channels.filter((one) => !one.first), ...people, ...commands].filter((one) => !one.here);
}

// How well a name fits what was typed: 0 not at all, 1 its letters in order, 2 within, 3 at a word, 4 at the start.
function fits(name, wanted) {
  const text = name.toLowerCase();
  const at = text.indexOf(wanted);
  if (at === 0) return 4;
  if (at > 0) return /[\s\-_.]/.test(text[at - 1]) ? 3 : 2;
  let from = 0;
  for (const letter of wanted) {
    from = text.indexOf(letter, from) + 1;
    if (!from) return 0;
  }
  return 1;
}

function option(one, at) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.id = `quick-${at}`;
  for (const [kind, text] of [["quick-sign", one.sign], ["name", one.name]]) {
    const part = document.createElement("span");
    part.className = kind;
    part.textContent = text;
    if (kind === "quick-sign") part.setAttribute("aria-hidden", "true");
    item.append(part);
  }
  const hint = document.createElement("small");
  hint.textContent = one.hint;
  item.append(hint);
  item.onclick = () => { $("#quick").close(); one.run(); };
  return item;
}

function choose(item) {
  for (const one of $$("#quick-list li")) one.setAttribute("aria-selected", String(one === item));
  $("#quick-text").setAttribute("aria-activedescendant", item?.id || "");
  item?.scrollIntoView({block: "nearest"});
}

function find() {
  const wanted = $("#quick-text").value.trim().toLowerCase().replace(/^[#@>]\s*/, "");
  const found = everything()
    .map((one, at) => ({one, at, fit: wanted ? fits(one.name, wanted) : 1}))
    .filter(({fit}) => fit)
    .sort((a, b) => b.fit - a.fit || a.at - b.at);
  $("#quick-list").replaceChildren(...found.slice(0, 40).map(({one}, at) => option(one, at)));
  $("#quick-none").textContent = found.length ? "" : "Nothing is called so.";
  choose($("#quick-list li"));
}

function openQuick() {
  if ($("dialog[open]")) return;
  $("#quick-text").value = "";
  $("#quick").showModal();
  find();
}

function step(by) {
  const items = $$("#quick-list li");
  const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (items.length) choose(items[(now + by + items.length) % items.length]);
}

$("#quick-text").addEventListener("input", find);
$("#quick").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Enter" && !event.isComposing) $("#quick-list li[aria-selected=true]")?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-quick]")) openQuick(); });
