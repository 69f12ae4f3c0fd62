/* The same run in Python: the call, the program, and the digits that both print. */
import { element } from "../dom.js";
import { program } from "./program.js";

/* Code that scrolls sideways, by keys, too. */
function scrolling(code, name) {
  const root = element("div", { class: "code", tabindex: 0, role: "group", "aria-label": name });
  root.append(code);
  return root;
}

export class PythonCode {
  constructor(playground) {
    this.playground = playground;
    this.root = element("details", { class: "python" });
    this.short = element("pre");
    this.long = element("pre");
    this.digits = element("pre", { class: "digits" });
    this.root.append(
      element("summary", {}, "The same in Python"),
      element("p", {}, "This page and the book’s package compute the same run. In short:"), scrolling(this.short, "The call"),
      element("p", {}, "and written out, with the calls of the chapters:"), scrolling(this.long, "The program"),
      element("p", {}, "Both print these losses, of the updates that this page has trained so far:"), this.digits,
      element("p", { class: "note" }, "Both follow NumPy’s order of operations, so the digits agree for these first updates. After that they part as NumPy’s do from one processor to another; in every browser this page stays the same."),
    );
    this.root.addEventListener("toggle", () => this.write());
  }

  /* Later, since nobody reads it while a slider moves. */
  show() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.write(), 150);
  }

  write() {
    if (!this.root.open) return;
    const { hash, run, setting, catalogue, frame } = this.playground;
    const lines = catalogue.constants.printed.filter((update) => run.printed.has(update)).map((update) => `${String(update).padStart(4)} ${run.printed.get(update).toFixed(9)}`);
    this.short.textContent = `from unrolled import playground\n\nplayground.train("${hash.slice(1)}")`;
    this.long.textContent = program(setting, catalogue, frame);
    this.digits.textContent = lines.length ? lines.join("\n") : "Train it first.";
  }
}
