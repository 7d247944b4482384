// Select menus as Slack has them: a field that one types into, a list that grows shorter, chips for several choices.
// The page's own <select> stays, hidden, and holds the value: forms, htmx and tests know nothing of what lies over it.
"use strict";

(() => {
  let open = null; // the one menu that is open
  let returnTo = ""; // the id of the field that had the focus when its message was redrawn

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  class Combobox {
    constructor(select) {
      this.select = select;
      this.many = select.multiple;
      this.most = Number(select.dataset.most) || Infinity;
      this.listId = `${select.id}-list`;
      this.draw();
      this.listen();
      this.show();
    }

    draw() {
      const { select } = this;
      this.input = make("input", {
        type: "text", id: `${select.id}-search`, role: "combobox", class: "combo-input", autocomplete: "off",
        spellcheck: "false", "aria-expanded": "false", "aria-controls": this.listId, "aria-autocomplete": "list",
        "aria-labelledby": select.dataset.labelled, "aria-label": select.getAttribute("aria-label"),
        "aria-describedby": select.getAttribute("aria-describedby"),
        "aria-invalid": select.getAttribute("aria-invalid"),
      });
      this.chips = make("ul", { class: "chips", "aria-label": "Chosen" });
      this.clear = make("button", { type: "button", class: "combo-clear", "aria-label": "Clear" }, "✕");
      this.list = make("div", { id: this.listId, class: "combo-list", role: "listbox", popover: "manual",
        "aria-label": "Choices", "aria-multiselectable": this.many ? "true" : null });
      this.box = make("div", { class: `combo${this.many ? " many" : ""}` }, this.chips, this.input, this.clear,
        make("span", { class: "combo-arrow", "aria-hidden": "true" }, "▾"), this.list);
      select.before(this.box);
      select.classList.add("under");
      select.tabIndex = -1;
      select.setAttribute("aria-hidden", "true");
    }

    listen() {
      const { box, input, list, select } = this;
      box.addEventListener("mousedown", (event) => {
        if (event.target.closest("button, .combo-list")) return;
        if (event.target !== input) event.preventDefault();
        input.focus();
        if (open === this && event.target !== input) this.close(); else this.unfold();
      });
      input.addEventListener("input", () => { this.unfold(); this.fill(input.value); });
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
      list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        event.stopPropagation(); // the line may be gone when the box hears of it
        const line = event.target.closest("[role=option]");
        if (line) this.take(line);
      });
      this.clear.addEventListener("click", () => { this.choose([]); this.tell(); input.focus(); });
      this.chips.addEventListener("click", (event) => {
        const value = event.target.closest("button")?.value;
        if (value === undefined) return;
        this.choose(this.values().filter((other) => other !== value));
        this.tell();
        input.focus();
      });
      for (const name of ["change", "restored"]) select.addEventListener(name, () => this.show());
      select.addEventListener("focus", () => input.focus());
    }

    options() { return [...this.select.options].filter((option) => option.value !== ""); }
    values() { return this.options().filter((option) => option.selected).map((option) => option.value); }

    choose(values) {
      if (!this.many) this.select.value = values[0] ?? "";
      else for (const option of this.options()) option.selected = values.includes(option.value);
      this.show();
    }

    // What is chosen, in the field or as chips.
    show() {
      const chosen = this.options().filter((option) => option.selected);
      const { input, select } = this;
      this.clear.hidden = this.many || !chosen.length || !("clearable" in select.dataset);
      this.chips.hidden = !this.many || !chosen.length;
      input.placeholder = this.many && chosen.length ? "" : select.dataset.placeholder;
      if (!this.many) { if (open !== this) input.value = chosen[0]?.label ?? ""; return; }
      this.chips.replaceChildren(...chosen.map((option) => make("li", { class: "chip" },
        make("span", {}, option.label),
        make("button", { type: "button", value: option.value, "aria-label": `Remove ${option.label}` }, "✕"))));
    }

    // The choices that hold every word that was typed.
    fill(typed) {
      const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
      const full = this.many && this.values().length >= this.most;
      const lines = [];
      let group = null;
      let heading = null;
      this.options().forEach((option, at) => {
        const text = `${option.label} ${option.dataset.about ?? ""}`.toLowerCase();
        if (!words.every((word) => text.includes(word))) return;
        const line = make("div", { role: "option", id: `${this.listId}-${at}`, class: "combo-option", dir: "auto",
          "data-value": option.value, "aria-selected": String(option.selected),
          "aria-disabled": full && !option.selected ? "true" : null }, make("span", {}, option.label));
        if (option.dataset.about) line.append(make("small", {}, option.dataset.about));
        const parent = option.parentElement.matches("optgroup") ? option.parentElement.label : null;
        if (parent === null) { lines.push(line); return; }
        if (parent !== heading) {
          heading = parent;
          group = make("div", { role: "group", "aria-label": parent },
            make("div", { class: "combo-group", "aria-hidden": "true" }, parent));
          lines.push(group);
        }
        group.append(line);
      });
      if (!lines.length) lines.push(make("div", { class: "combo-nothing" }, "Nothing found"));
      if (full) lines.push(make("div", { class: "combo-nothing" }, `No more than ${this.most} can be chosen.`));
      this.list.replaceChildren(...lines);
      const first = words.length ? this.list.querySelector("[role=option]:not([aria-disabled])") : null;
      this.point(first ?? this.list.querySelector("[aria-selected=true]"));
    }

    point(line) {
      this.list.querySelector(".pointed")?.classList.remove("pointed");
      line?.classList.add("pointed");
      line?.scrollIntoView({ block: "nearest" });
      if (line) this.input.setAttribute("aria-activedescendant", line.id);
      else this.input.removeAttribute("aria-activedescendant");
    }

    step(by) {
      const lines = [...this.list.querySelectorAll("[role=option]")];
      if (!lines.length) return;
      const now = lines.findIndex((line) => line.classList.contains("pointed"));
      this.point(lines[now < 0 ? (by > 0 ? 0 : lines.length - 1) : (now + by + lines.length) % lines.length]);
    }

    unfold() {
      if (open === this) return;
      open?.close();
      open = this;
      this.before = JSON.stringify(this.values());
      this.fill("");
      if (!this.many) this.input.select();
      this.list.showPopover();
      this.place();
      this.input.setAttribute("aria-expanded", "true");
    }

    // Below the field if there is room, else above; never beyond the window.
    place() {
      const field = this.box.getBoundingClientRect();
      const { style } = this.list;
      style.width = `${Math.min(Math.max(field.width, 220), innerWidth - 16)}px`;
      style.left = `${Math.max(8, Math.min(field.left, innerWidth - this.list.offsetWidth - 8))}px`;
      const below = innerHeight - field.bottom - 12;
      const above = field.top - 12;
      const up = below < 180 && above > below;
      style.maxHeight = `${Math.max(80, Math.min(300, up ? above : below))}px`;
      style.top = up ? "auto" : `${field.bottom + 4}px`;
      style.bottom = up ? `${innerHeight - field.top + 4}px` : "auto";
    }

    close() {
      if (open !== this) return;
      open = null;
      this.list.hidePopover();
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      if (this.many) this.input.value = "";
      this.show();
      // Several choices are told together, when the list closes.
      if (this.many && JSON.stringify(this.values()) !== this.before) this.tell();
    }

    tell() { this.select.dispatchEvent(new Event("change", { bubbles: true })); }

    take(line) {
      if (line.getAttribute("aria-disabled") === "true") return;
      const { value } = line.dataset;
      if (this.many) {
        const values = this.values();
        this.choose(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
        this.input.value = "";
        this.fill("");
        this.point(this.list.querySelector(`[data-value="${CSS.escape(value)}"]`));
        this.place();
        return;
      }
      const changed = this.select.value !== value;
      this.choose([value]);
      this.close();
      if (changed) this.tell();
    }

    key(event) {
      const isOpen = open === this;
      const pointed = this.list.querySelector(".pointed");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (isOpen) this.step(event.key === "ArrowDown" ? 1 : -1); else this.unfold();
      } else if (event.key === "Enter" && !event.isComposing) {
        if (isOpen && pointed) this.take(pointed); else if (!isOpen) this.unfold();
      } else if (event.key === "Escape" && isOpen) {
        event.stopPropagation();
        this.close();
      } else if (event.key === "Backspace" && this.many && !this.input.value && this.values().length) {
        this.choose(this.values().slice(0, -1));
        if (isOpen) this.fill(""); else this.tell();
      } else return;
      event.preventDefault();
    }
  }

  function enhance(root) {
    const found = root.matches?.("select.picks") ? [root] : root.querySelectorAll("select.picks");
    for (const select of found) if (!select.classList.contains("under")) new Combobox(select);
    const field = returnTo && document.getElementById(returnTo);
    if (field && document.activeElement === document.body) field.focus();
    if (field) returnTo = "";
  }

  document.addEventListener("htmx:beforeSwap", () => {
    if (document.activeElement?.matches?.(".combo-input")) returnTo = document.activeElement.id;
  });
  document.addEventListener("htmx:load", (event) => enhance(event.target));
  addEventListener("resize", () => open?.close());
  addEventListener("scroll", (event) => {
    if (!open || open.list.contains(event.target)) return;
    const { top, bottom } = open.box.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) open.close(); else open.place();
  }, true);
  enhance(document);
})();
