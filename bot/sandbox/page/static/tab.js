// Each tab has a name of its own, which it keeps when it is reloaded: a modal opens in the tab that asked for it.
"use strict";

{
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36)).join("");
  const name = sessionStorage.getItem("tab") || fresh();
  sessionStorage.setItem("tab", name);
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Tab"] = name; });
}
