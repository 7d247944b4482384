// What the message box suggests while one types: commands, people, channels, emoji. One listbox for each box.
"use strict";

{
  const kinds = {"@": 12, "#": 12, ":": 12};
  let namesLoaded = null;
  let loadedAt = 0;

  // Channels and people come and go: what was fetched is old after half a minute.
  function names() {
    if (!namesLoaded || Date.now() - loadedAt > 30000) {
      loadedAt = Date.now();
      namesLoaded = fetched("/part/names", {"@": [], "#": []});
    }
    return namesLoaded;
  }

  // The word before the caret that could be completed: {sign, word, from}.
  function asked(box) {
    const before = box.value.slice(0, box.selectionStart);
    const found = before.match(/(?:^|[\s([{*_~>])([@#])([\p{L}\p{N}._-]{0,40})$|(?:^|[^\p{L}\p{N}:])(:)([a-z0-9_+-]{2,40})$/u);
    if (!found || (before.match(/```/g) || []).length % 2) return null;
    const [sign, word] = found[1] ? [found[1], found[2]] : [found[3], found[4]];
    return {sign, word: word.toLowerCase(), from: before.length - word.length - 1};
  }

  async function offers({sign, word}) {
    if (sign === ":") {
      const found = (await emojiTable()).filter(([name]) => name.includes(word));
      found.sort(([a], [b]) => b.startsWith(word) - a.startsWith(word));
      return found.map(([name, character]) => ({insert: `:${name}: `, name: `:${name}:`, about: "", picture: character}));
    }
    const fits = (one) => one.name.toLowerCase().startsWith(word)
      || (sign === "@" && one.about.toLowerCase().split(" ").some((part) => part.startsWith(word)))
      || (sign === "#" && word && one.name.includes(word));
    return (await names())[sign].filter(fits)
      .map((one) => ({insert: `${sign}${one.name} `, name: `${sign}${one.name}`, about: one.about, picture: ""}));
  }

  function option(list, offer, number) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.id = `${list.id}-${number}`;
    item.dataset.insert = offer.insert;
    const name = document.createElement("b");
    name.textContent = offer.name;
    const about = document.createElement("span");
    about.textContent = offer.about;
    if (offer.picture) item.append(Object.assign(document.createElement("span"), {className: "picture", textContent: offer.picture}));
    item.append(name, about);
    return item;
  }

  const listOf = (box) => $(".suggestions", box.form);
  const shown = (box) => $$("[role=option]:not([hidden])", listOf(box));

  function commands(box) {
    const line = box.value;
    const open = line.startsWith("/") && !line.includes("\n");
    for (const one of $$("[data-line]", listOf(box))) {
      one.hidden = !open || !one.dataset.line.startsWith(line.trimEnd()) || one.dataset.line === line.trimEnd();
    }
    const usage = $("[data-usage]", box.form);
    if (!usage) return;
    const whole = $$("[data-line]", listOf(box)).filter((one) => `${line} `.startsWith(`${one.dataset.line} `));
    // "/incident" begins every line: the last one that fits says most.
    const exact = open && whole.at(-1);
    usage.hidden = !exact;
    if (exact) usage.textContent = [exact.dataset.line, exact.dataset.hint, "·", exact.dataset.about].filter(Boolean).join(" ");
  }

  function select(box, at) {
    const options = shown(box);
    options.forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    options[at]?.scrollIntoView({block: "nearest"});
    if (options[at]) box.setAttribute("aria-activedescendant", options[at].id);
    else box.removeAttribute("aria-activedescendant");
  }

  function show(box) {
    const list = listOf(box);
    list.hidden = shown(box).length === 0;
  }

  async function suggest(box) {
    const list = listOf(box);
    commands(box);
    const question = asked(box);
    const text = box.value;
    const fits = question ? (await offers(question)).slice(0, kinds[question.sign]) : [];
    if (box.value !== text) return;
    // A name that stands there in full needs no help: Enter sends.
    const whole = question && fits.some((offer) => offer.insert.trim().toLowerCase() === question.sign + question.word);
    const found = whole && fits.length === 1 ? [] : fits;
    for (const one of $$("[data-insert]", list)) one.remove();
    list.append(...found.map((offer, number) => option(list, offer, number)));
    if (found.length) for (const one of $$("[data-line]", list)) one.hidden = true;
    show(box);
    // A name is nearly always the first one that fits; a command may be complete as it stands.
    select(box, found.length && !whole ? 0 : -1);
  }

  function take(box, one) {
    if (one.dataset.line) {
      box.value = `${one.dataset.line} `;
    } else {
      const {from} = asked(box) || {from: box.selectionStart};
      box.setRangeText(one.dataset.insert, from, box.selectionStart, "end");
    }
    box.focus();
    box.dispatchEvent(new Event("input", {bubbles: true}));
    hide(box);
  }

  function hide(box) {
    listOf(box).hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  // True if the key was for the list.
  function listKey(event, box) {
    const options = shown(box);
    if (listOf(box).hidden || !options.length || event.isComposing) return false;
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") select(box, (at + 1) % options.length);
    else if (event.key === "ArrowUp") select(box, (at <= 0 ? options.length : at) - 1);
    else if (event.key === "Escape") hide(box);
    else if (["Enter", "Tab"].includes(event.key) && at >= 0 && !event.shiftKey) take(box, options[at]);
    else if (event.key === "Tab" && !event.shiftKey && options.length === 1) take(box, options[0]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  globalThis.watchSuggestions = (box) => {
    box.addEventListener("input", () => suggest(box));
    // The list scrolls: it can have the focus itself, and understands the same keys.
    const list = listOf(box);
    const left = (event) => { if (![box, list].includes(event.relatedTarget)) hide(box); };
    box.addEventListener("blur", left);
    list.addEventListener("blur", left);
    list.addEventListener("keydown", (event) => { if (listKey(event, box)) box.focus(); });
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const one = event.target.closest("[role=option]");
      if (one) take(box, one);
    });
    return (event) => listKey(event, box);
  };
}
