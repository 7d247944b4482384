// The tour: which step, whether it is done, and where its card and ring stand. What is said is in tour.html.
// It begins by itself once in a browser, and again from [data-tour-start] or with #tour; with #no-tour it is never begun.
// Uses $, $$ and memory of page.js.
"use strict";

{
  const KEPT = "tour"; // remembered: that it was begun; kept with the tab: where it is
  const DONE_IS_READ = 1500;
  const TIGHT = 960; // with fewer pixels the card lies on the messages
  const card = $("#tour");
  const ring = $("#tour-ring");
  const narrow = matchMedia("(max-width: 760px)");
  const sheet = matchMedia("(max-width: 899px)");
  const names = [...new Set($$("template[data-tour-step]").map((one) => one.dataset.tourStep))];
  let state = null; // {step, scenario, was, seen}: was: done before it was shown; seen: what has to go was there
  let opener = null;
  let advancing = 0;
  let waiting = 0;
  let lacking = false; // nothing was there to point at

  const keep = () => { try { sessionStorage.setItem(KEPT, JSON.stringify(state)); } catch { /* begins anew elsewhere */ } };
  const kept = () => { try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; } };
  const scenario = () => $(".demo-scenario[aria-current]")?.dataset.scenario || "";
  const visible = (one) => one.checkVisibility({visibilityProperty: true});

  function stepOf(number) {
    const all = $$(`template[data-tour-step="${names[number]}"]`);
    return all.find((one) => one.dataset.tourScenario === state.scenario) || all.find((one) => !one.dataset.tourScenario) || all[0];
  }

  // ---- what a step points at, and whether it is done

  function target() {
    for (const selector of stepOf(state.step).dataset.tourAt.split("|")) {
      const found = $$(selector.trim()).findLast(visible);
      if (found) return found;
    }
    return null;
  }

  function isDone() {
    const {tourUntil, tourGone} = stepOf(state.step).dataset;
    if (tourUntil) return Boolean($(tourUntil));
    if (!tourGone || !$('#sidebar a[data-name^="inc-"][aria-current="page"]')) return false;
    const there = Boolean($(tourGone));
    if (there && !state.seen) {
      state.seen = true;
      keep();
    }
    return state.seen && !there;
  }

  // ---- from step to step

  function stay() {
    clearTimeout(advancing);
    advancing = 0;
  }

  function show(number, {focus = false} = {}) {
    stay();
    state = {step: number, scenario: scenario() || state?.scenario || "", was: false, seen: false};
    state.was = isDone();
    draw();
    if (focus) card.focus();
    bringIntoView();
  }

  function draw() {
    keep();
    const last = state.step === names.length - 1;
    $("[data-tour-body]").replaceChildren(stepOf(state.step).content.cloneNode(true));
    $("[data-tour-number]").textContent = state.step + 1;
    $("[data-tour-of]").textContent = names.length;
    $("[data-tour-dots]").replaceChildren(...names.map((_, at) => {
      const dot = document.createElement("i");
      dot.className = at < state.step ? "past" : at === state.step ? "now" : "";
      return dot;
    }));
    $("[data-tour-back]").hidden = state.step === 0;
    $("[data-tour-more]").hidden = last;
    $("[data-tour-last]").hidden = !last;
    card.hidden = false;
    look();
  }

  function leave() {
    if (!state) return;
    const inside = card.contains(document.activeElement);
    stay();
    state = null;
    try { sessionStorage.removeItem(KEPT); } catch { /* it was not kept */ }
    card.hidden = ring.hidden = true;
    delete document.documentElement.dataset.tour;
    if (inside) (opener?.isConnected && visible(opener) ? opener : $("#text-main"))?.focus();
  }

  const next = () => (state.step + 1 < names.length ? show(state.step + 1) : leave());

  function bringIntoView() {
    lacking = false;
    const at = target();
    if (at?.closest("[data-scroll]")) at.scrollIntoView({block: "nearest"});
    place();
  }

  // ---- looking: after everything that changes on the page, at most once a frame

  function look() {
    const done = isDone();
    const at = target();
    $("[data-tour-done]").hidden = !done || state.was;
    $("[data-tour-missing]").hidden = done || Boolean(at);
    // What was not there yet when the step began is shown once it is.
    if (at && lacking) bringIntoView();
    lacking = !at;
    if (done && !state.was && !advancing && state.step < names.length - 1) {
      advancing = setTimeout(() => {
        advancing = 0;
        if (state && isDone()) next();
      }, DONE_IS_READ);
    }
    place();
  }

  function soon() {
    if (!state || waiting) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      if (state) look();
    });
  }

  // ---- where card and ring stand: the card in a corner of the messages, away from what it points at

  function place() {
    const at = target()?.getBoundingClientRect();
    const room = ($(".main .scroll") || $("main") || document.body).getBoundingClientRect();
    const {width, height} = card.getBoundingClientRect();
    const edge = narrow.matches ? 8 : 18;
    const right = Math.max(edge, innerWidth - room.right + edge);
    const low = Math.max(edge, room.bottom - height - edge);
    const left = innerWidth - right - width;
    const covers = at && at.bottom > low - 6 && at.top < low + height && at.right > left - 6 && at.left < left + width + 6;
    const top = covers ? Math.max(edge, room.top + edge) : low;
    Object.assign(card.style, {top: `${top}px`, right: `${right}px`, bottom: "auto"});
    document.documentElement.dataset.tour = room.width < TIGHT ? "tight" : "open";
    document.documentElement.style.setProperty("--tour-room", `${Math.round(height + 2 * edge)}px`);
    encircle();
  }

  // On a small screen the panel lies over everything but the banner.
  const covered = (at) => sheet.matches && document.documentElement.dataset.behind === "open" && !at.closest("#behind, .banner");

  function encircle() {
    const at = target();
    ring.hidden = !at || Boolean($("dialog[open]")) || covered(at);
    if (ring.hidden) return;
    const box = at.getBoundingClientRect();
    const frame = (at.closest("[data-scroll], #behind-body, #sidebar") || document.documentElement).getBoundingClientRect();
    const top = Math.max(box.top - 4, frame.top);
    const bottom = Math.min(box.bottom + 4, frame.bottom);
    ring.hidden = bottom - top < 12;
    Object.assign(ring.style, {left: `${box.left - 4}px`, top: `${top}px`, width: `${box.width + 8}px`, height: `${bottom - top}px`});
  }

  // ---- what people press

  card.addEventListener("click", (event) => {
    if (event.target.closest("[data-tour-leave]")) leave();
    else if (event.target.closest("[data-tour-next]")) next();
    else if (event.target.closest("[data-tour-back]")) show(state.step - 1);
    else if (event.target.closest("[data-tour-show]")) {
      const at = target();
      at?.scrollIntoView({block: "center"});
      (at?.matches("a[href], button, summary, [tabindex]") ? at : $("a[href], button, summary, input", at || ring))?.focus();
      place();
    }
  });

  document.addEventListener("click", (event) => {
    const start = event.target.closest("[data-tour-start]");
    if (!start) return;
    opener = start;
    show(0, {focus: true});
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state && !event.defaultPrevented && !$("dialog[open]")) leave();
  });

  // ---- beginning

  addEventListener("resize", soon);
  document.addEventListener("scroll", soon, {capture: true, passive: true});
  new MutationObserver((changes) => {
    if (changes.some((change) => !card.contains(change.target) && change.target !== ring)) soon();
  }).observe(document.documentElement, {subtree: true, childList: true, attributes: true, attributeFilter: ["class", "hidden", "open", "aria-current", "aria-pressed", "aria-expanded", "data-behind", "data-fast"]});

  const wish = location.hash;
  const before = kept();
  const first = memory.get(KEPT) === null && Boolean($("[data-tour-start]"));
  if (first) memory.set(KEPT, wish === "#no-tour" ? "unwanted" : "begun");
  // A browser that remembers nothing would begin it with every page.
  if (before || wish === "#tour" || (first && memory.get(KEPT) === "begun")) {
    if (before && names[before.step] && before.scenario === (scenario() || before.scenario)) {
      state = before;
      draw();
    } else show(0);
  }
}
