// What text fields, pickers and menus can do beyond what the browser does: counters, the reader's zone, arrow keys.
"use strict";

(() => {
  // ---- how many characters are left, as Slack counts down; who writes too many is told when they submit

  function watchLength(field) {
    const most = Number(field.dataset.most);
    const least = Number(field.dataset.least) || 0;
    const counter = document.createElement("span");
    counter.className = "counter";
    counter.id = `${field.id}-counter`;
    const count = () => {
      const { length } = field.value;
      const left = most - length;
      counter.classList.toggle("over", left < 0);
      // Said aloud only where it matters: a number at each letter helps nobody.
      counter.setAttribute("aria-live", left < 10 || length < least ? "polite" : "off");
      counter.textContent = length < least && length > 0 ? `${least - length} more needed` : most ? `${left} left` : "";
    };
    field.after(counter);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${counter.id}`.trim());
    field.addEventListener("input", count);
    count();
  }

  // ---- a date and time is shown in the reader's zone and sent in Unix seconds

  const two = (number) => String(number).padStart(2, "0");
  const local = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;

  function inReadersZone(field) {
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name: field.dataset.name, value: field.dataset.seconds });
    field.parentElement.prepend(hidden);
    field.removeAttribute("name");
    if (hidden.value) field.value = local(new Date(Number(hidden.value) * 1000));
    field.defaultValue = field.value;
    const zone = field.parentElement.querySelector(".zone");
    if (zone) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const seconds = () => {
      const at = new Date(field.value).getTime();
      hidden.value = Number.isNaN(at) ? "" : String(at / 1000);
    };
    // Before htmx hears of the change.
    field.addEventListener("change", seconds, true);
    field.addEventListener("input", seconds, true);
    field.addEventListener("restored", seconds);
  }

  function enhance(root) {
    const each = (selector, does) => {
      for (const field of root.querySelectorAll(selector)) {
        if (field.dataset.ready) continue;
        field.dataset.ready = "1";
        does(field);
      }
    };
    each(":is(input, textarea):is([data-most], [data-least])", watchLength);
    each("input[type=datetime-local][data-name]", inReadersZone);
  }

  // ---- a picture that cannot be loaded says what it would show

  document.addEventListener("error", (event) => {
    const picture = event.target;
    if (!picture.matches?.(".block img, .attachment img")) return;
    const instead = document.createElement("span");
    instead.className = "no-image";
    instead.textContent = picture.alt || "picture";
    picture.replaceWith(instead);
  }, true);

  // ---- Enter in a field that the bot listens to tells the bot; Ctrl+Enter submits the modal

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.matches?.("[data-enter]")) {
      event.preventDefault();
      htmx.trigger(event.target, "entered");
    } else if ((event.ctrlKey || event.metaKey) && event.target.matches?.("dialog#modal textarea")) {
      event.target.form.requestSubmit();
    }
  });

  // ---- menus: they open towards the side where there is room, and arrow keys move in them

  document.addEventListener("toggle", (event) => {
    const list = event.target.open && event.target.matches?.(".block details.menu") && event.target.querySelector(".menu-list");
    if (!list) return;
    list.classList.remove("to-right", "upwards");
    const around = event.target.closest("[data-scroll], .dialog-body")?.getBoundingClientRect();
    let at = list.getBoundingClientRect();
    if (around && at.left < around.left) list.classList.add("to-right");
    at = list.getBoundingClientRect();
    if (around && at.bottom > around.bottom && at.height < event.target.getBoundingClientRect().top - around.top) {
      list.classList.add("upwards");
    }
    list.querySelector("[role=menuitem]")?.focus();
  }, true);

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".block details.menu[open]");
    const by = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" }[event.key];
    if (!menu || by === undefined) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll("[role=menuitem]")];
    const now = items.indexOf(document.activeElement);
    const next = by === "first" ? 0 : by === "last" ? items.length - 1 : (now + by + items.length) % items.length;
    items[next]?.focus();
  });

  document.addEventListener("htmx:load", (event) => enhance(event.target));
  enhance(document);
})();
