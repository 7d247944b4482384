// Runs before the first paint: what this browser remembers of the page's looks. (behind.js, shell.js: the switches.)
"use strict";

{
  const root = document.documentElement;
  const remembered = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
  };
  const theme = remembered("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const asked = new URLSearchParams(location.search).get("behind");
  if ((asked ?? remembered("behind")) === "1") root.dataset.behind = "open";
}
