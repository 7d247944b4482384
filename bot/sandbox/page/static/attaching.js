// Files to send: chosen, pasted or dropped, shown as chips with a preview until they are sent.
"use strict";

{
  const MOST = 20_000_000;
  const MANY = 10;
  const field = (form) => $("input[type=file]", form);

  function put(form, files) {
    const list = new DataTransfer();
    for (const file of files) list.items.add(file);
    field(form).files = list.files;
    draw(form);
    form.dispatchEvent(new Event("attached"));
  }

  function size(bytes) {
    return bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  }

  function chip(form, file, number) {
    const item = document.createElement("li");
    if (file.type.startsWith("image/") && file.type !== "image/svg+xml") {
      const picture = Object.assign(document.createElement("img"), {alt: ""});
      // A data address: the page's policy allows no blob.
      const reader = new FileReader();
      reader.onload = () => { picture.src = reader.result; };
      reader.readAsDataURL(file);
      item.append(picture);
    }
    const name = Object.assign(document.createElement("bdi"), {textContent: file.name, className: "file-name"});
    const small = Object.assign(document.createElement("small"), {textContent: size(file.size)});
    const away = Object.assign(document.createElement("button"), {type: "button", className: "btn icon i-close"});
    away.setAttribute("aria-label", `Do not send ${file.name}`);
    away.onclick = () => {
      put(form, [...field(form).files].filter((_, at) => at !== number));
      $("textarea", form).focus();
    };
    item.append(name, small, away);
    return item;
  }

  function draw(form) {
    const chips = $("[data-chips]", form);
    const files = [...field(form).files];
    chips.hidden = !files.length;
    chips.replaceChildren(...files.map((file, number) => chip(form, file, number)));
  }

  function add(form, files) {
    const fine = [];
    for (const file of files) {
      if (file.size > MOST) toast(`${file.name} is larger than 20 MB, the most that a file may have here.`);
      else if (!file.size) toast(`${file.name} is empty, or a folder.`);
      else fine.push(file);
    }
    const all = [...field(form).files, ...fine];
    if (all.length > MANY) toast(`At most ${MANY} files go at once: the last ones are left out.`);
    put(form, all.slice(0, MANY));
  }

  globalThis.hasFiles = (form) => Boolean(field(form)?.files.length);
  globalThis.dropFiles = (form) => { if (field(form)) put(form, []); };

  globalThis.watchFiles = (form) => {
    if (!field(form)) return;
    // The browser replaces what was chosen before: what was there is kept aside while one chooses.
    let kept = [];
    $("[data-attach]", form).addEventListener("click", () => { kept = [...field(form).files]; field(form).click(); });
    field(form).addEventListener("change", () => {
      const chosen = [...field(form).files];
      put(form, kept);
      kept = [];
      add(form, chosen);
      $("textarea", form).focus();
    });
    $("textarea", form).addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      add(form, files);
    });
    const area = form.parentElement;
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    area.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      form.classList.add("dropping");
    });
    area.addEventListener("dragleave", (event) => {
      if (!area.contains(event.relatedTarget)) form.classList.remove("dropping");
    });
    area.addEventListener("drop", (event) => {
      form.classList.remove("dropping");
      if (!carries(event)) return;
      event.preventDefault();
      add(form, [...event.dataTransfer.files]);
      $("textarea", form).focus();
    });
  };
}
