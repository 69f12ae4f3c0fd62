/* What it says when it hears nothing but itself: a text in letters, waves as curves. */
import { element } from "../dom.js";
import { Canvas } from "./canvas.js";
import { skillText } from "./words.js";

const [HEIGHT, TOP] = [104, 16]; // the first pixels are for words

export class Alone {
  constructor() {
    this.root = element("div", { class: "alone", role: "group", "aria-label": "On its own" });
    this.note = element("p", { class: "note" });
    this.canvas = new Canvas("waves", "What it heard, and then went on with, beside the truth.");
    this.place = element("div", { class: "place" });
    this.place.append(this.canvas.root);
    this.text = element("p", { class: "text" });
    this.root.append(this.text, this.place, this.note);
  }

  /* {skill, heard, said, truth} as the trainer gives them, or null; `signs` are the letters of a text. */
  show(found, signs, colors) {
    this.root.hidden = !found;
    if (!found) return;
    this.place.hidden = signs.length > 0;
    this.text.hidden = !signs.length;
    this.words = `On its own: skill ${skillText(found.skill)}.`;
    this.note.textContent = `Skill ${skillText(found.skill)} over many sequences, on its own.`;
    if (signs.length) this.write(found, signs);
    else this.curve(found, colors);
  }

  write({ heard, said, truth }, signs) {
    const D = signs.length;
    const read = Array.from({ length: heard.length / D }, (_, t) => signs[heard.subarray(t * D, (t + 1) * D).indexOf(1)]);
    this.text.replaceChildren(element("span", { class: "heard" }, `…${read.slice(-12).join("")}`));
    said.forEach((letter, i) => this.text.append(element("span", { class: letter === truth[i] ? "right" : "wrong" }, signs[letter])));
  }

  curve({ heard, said, truth }, colors) {
    const { canvas } = this;
    canvas.measure();
    canvas.clear(HEIGHT);
    const all = heard.length + said.length;
    const most = [...heard, ...truth].reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9) * 1.2;
    const x = (t) => 4 + ((canvas.width - 8) * t) / (all - 1);
    const y = (value) => TOP + ((HEIGHT - TOP) / 2) * (1 - Math.min(1, Math.max(-1, value / most)));
    const curve = (values, from) => Array.from(values, (value, i) => [x(from + i), y(value)]);
    canvas.line(curve(heard, 0), { color: colors.ink, width: 2 });
    canvas.line(curve(truth, heard.length), { color: colors.target, width: 2.5, dash: [4, 3] });
    canvas.line(curve(said, heard.length), { color: colors.forward, width: 2 });
    canvas.line([[x(heard.length - 0.5), 0], [x(heard.length - 0.5), HEIGHT]], { color: colors.muted, width: 1, dash: [2, 3] });
    canvas.write("on its own", x(heard.length) + 4, 8, { color: colors.muted, size: 11, font: colors.font });
  }
}
