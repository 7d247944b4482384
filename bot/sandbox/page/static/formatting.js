// The formatting buttons and their keys: they write Slack's own marks into the text.
"use strict";

{
  const around = {bold: "*", italic: "_", strike: "~", code: "`", block: "```"};
  const before = {list: "• ", quote: "> "};
  const keys = [
    ["bold", "b", false, false], ["italic", "i", false, false], ["strike", "x", true, false], ["code", "c", true, false],
    ["block", "c", true, true], ["link", "u", true, false], ["list", "8", true, false], ["quote", "9", true, false],
  ];

  // What replaces a part of the text so that Ctrl+Z takes it back; browsers without the command replace it plainly.
  function write(box, text, from, to) {
    box.focus();
    box.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      box.setRangeText(text, from, to, "end");
      box.dispatchEvent(new Event("input", {bubbles: true}));
    }
  }

  function wrap(box, mark) {
    const [from, to] = [box.selectionStart, box.selectionEnd];
    const text = box.value.slice(from, to);
    const outer = box.value.slice(from - mark.length, from) === mark && box.value.slice(to, to + mark.length) === mark;
    if (outer && text) {
      write(box, text, from - mark.length, to + mark.length);
      box.setSelectionRange(from - mark.length, to - mark.length);
      return;
    }
    const [head, tail] = mark === "```" ? ["```\n", "\n```"] : [mark, mark];
    write(box, head + text + tail, from, to);
    box.setSelectionRange(from + head.length, from + head.length + text.length);
  }

  function lines(box, mark) {
    const from = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const end = box.value.indexOf("\n", box.selectionEnd);
    const to = end < 0 ? box.value.length : end;
    const all = box.value.slice(from, to).split("\n");
    const marked = all.every((line) => line.startsWith(mark));
    write(box, all.map((line) => (marked ? line.slice(mark.length) : mark + line)).join("\n"), from, to);
  }

  function link(box) {
    const [from, to] = [box.selectionStart, box.selectionEnd];
    const label = box.value.slice(from, to) || "text";
    write(box, `[${label}](https://)`, from, to);
    const address = from + label.length + 3;
    box.setSelectionRange(address, address + "https://".length);
  }

  globalThis.format = (box, kind) => {
    if (around[kind]) wrap(box, around[kind]);
    else if (before[kind]) lines(box, before[kind]);
    else link(box);
  };

  // True if the key was one of these.
  globalThis.formatKey = (event) => {
    if (!(event.ctrlKey || event.metaKey)) return false;
    const digit = event.code?.replace("Digit", "");
    const found = keys.find(([, key, shift, alt]) => (event.key.toLowerCase() === key || digit === key)
      && event.shiftKey === shift && event.altKey === alt);
    if (!found) return false;
    event.preventDefault();
    event.stopPropagation();
    format(event.target, found[0]);
    return true;
  };

  // A list goes on in the next line, and ends with an empty one.
  globalThis.goOn = (box) => {
    const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const line = box.value.slice(start, box.selectionStart);
    const mark = line.match(/^(• |> |- )/)?.[0];
    if (!mark) return false;
    if (line === mark) write(box, "", start, box.selectionStart);
    else write(box, `\n${mark}`, box.selectionStart, box.selectionEnd);
    return true;
  };
}
