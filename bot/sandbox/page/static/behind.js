// The panel "What happens behind": fetched when it is opened, emptied when it is closed, remembered by this browser.
// Uses $, $$ and memory of page.js, listen of live.js, addCommand of quick.js.
"use strict";

function showBehind(open) {
  const root = document.documentElement;
  const panel = $("#behind-body");
  if (open) root.dataset.behind = "open";
  else delete root.dataset.behind;
  for (const toggle of $$("[data-behind-toggle]")) toggle.setAttribute("aria-expanded", String(open));
  if (open) htmx.ajax("GET", panel.dataset.address, {target: panel, swap: "innerHTML"});
  else panel.replaceChildren();
}

function toggleBehind() {
  const open = document.documentElement.dataset.behind !== "open";
  memory.set("behind", open ? "1" : "0");
  const address = new URL(location);
  address.searchParams.delete("behind");
  history.replaceState(history.state, "", address);
  const inside = $("#behind").contains(document.activeElement);
  showBehind(open);
  if (!open && inside) $(".banner [data-behind-toggle]").focus();
  listen();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-behind-toggle]")) toggleBehind();
});
addCommand("What happens behind", toggleBehind);

if (document.documentElement.dataset.behind === "open") {
  memory.set("behind", "1");
  // htmx starts at DOMContentLoaded, after this script.
  document.addEventListener("DOMContentLoaded", () => showBehind(true));
}
