/* A pane that is a text, each letter on the color of a number. It wraps as texts do. */
import { tint } from "./diagram.js";
import { element } from "./dom.js";

export class Passage {
  constructor(spec, view) {
    Object.assign(this, { spec, view, fits: true });
    this.root = element("div", { class: "pane wide" });
    this.text = element("p", { class: spec.line ? "passage line" : "passage", role: "img" });
    this.root.append(element("p", { class: "pane-title" }, spec.title), this.text);
  }

  measure() {} // the browser lays a text out

  draw({ arrays, facts }) {
    const text = facts[this.spec.passage];
    if (text !== this.shown) this.write(text);
    const { data } = arrays[this.spec.values];
    this.letters.forEach((letter, i) => this.color(letter, data[i] ?? NaN));
  }

  write(text) {
    this.shown = text;
    this.letters = [...text].map((letter) => element("span", {}, letter));
    this.text.replaceChildren(...this.letters);
    this.text.setAttribute("aria-label", `${this.spec.alt} ${text}`);
  }

  color(letter, value) {
    if (this.spec.marked) letter.className = value > 0.5 ? "marked" : "";
    else letter.style.background = Number.isNaN(value) ? "" : tint(value, 0.6);
  }
}
