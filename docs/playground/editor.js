// A text area with coloured lines beneath it, and the keys that a programmer expects.

import { lines } from "./highlight.js";

const INDENT = "    ";

export class Editor {
  #area;
  #lines;

  /** Of a text area and the element that shows its lines. */
  constructor(area, shown, { onRun }) {
    this.#area = area;
    this.#lines = shown;
    area.addEventListener("input", () => this.#show());
    area.addEventListener("keydown", (event) => this.#key(event, onRun));
    this.#show();
  }

  get source() {
    return this.#area.value;
  }

  set source(text) {
    this.#area.value = text;
    this.#show();
  }

  /** Marks the line that failed; none, if there is no number. */
  mark(number) {
    for (const line of this.#lines.children) line.classList.remove("failed");
    this.#lines.children[number - 1]?.classList.add("failed");
  }

  #show() {
    this.#lines.replaceChildren(...lines(this.source, "python"));
  }

  #key(event, onRun) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#insert(`\n${this.#indentOfNext()}`);
    } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      this.#indent(event.shiftKey);
    } else if (event.key === "Escape") {
      // The way out for those who go by Tab.
      this.#area.blur();
    }
  }

  /** In place of what is selected, in such a way that it can be undone. */
  #insert(text) {
    document.execCommand(text === "" ? "delete" : "insertText", false, text);
  }

  #indentOfNext() {
    const before = this.source.slice(0, this.#area.selectionStart).split("\n").at(-1);
    const indent = before.match(/^\s*/)[0];
    return before.trimEnd().endsWith(":") ? indent + INDENT : indent;
  }

  /** Indents the selected lines, or takes an indent away. */
  #indent(isBack) {
    const area = this.#area;
    const { selectionStart, selectionEnd } = area;
    if (selectionStart === selectionEnd && !isBack) {
      const column = selectionStart - (this.source.lastIndexOf("\n", selectionStart - 1) + 1);
      return this.#insert(INDENT.slice(column % INDENT.length));
    }
    const start = this.source.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = Math.max(selectionEnd - (selectionEnd > selectionStart && this.source[selectionEnd - 1] === "\n" ? 1 : 0), start);
    const lineEnd = this.source.indexOf("\n", end) === -1 ? this.source.length : this.source.indexOf("\n", end);
    const selected = this.source.slice(start, lineEnd);
    const changed = selected.replace(/^.*$/gm, (line) => (isBack ? line.replace(/^ {1,4}/, "") : line && INDENT + line));
    if (changed === selected) return;
    area.setSelectionRange(start, lineEnd);
    this.#insert(changed);
    if (selectionStart === selectionEnd) {
      const place = Math.max(start, selectionStart + changed.length - selected.length);
      area.setSelectionRange(place, place);
    } else {
      area.setSelectionRange(start, start + changed.length);
    }
  }
}
