/* A pane that is a diagram: a network unrolled in time, drawn from the arrays of the answer.

   Time runs to the right. A row is a box at every step, an arrow leads from row to row within a step
   or to the step after or before it. What is NaN is not there; an arrow of strength 0 is drawn as a
   dotted line, since nothing passes it. */
import { element, number, svg } from "./dom.js";
import { player } from "./player.js";
import { say } from "./sentences.js";

const ROW = 74;
const BOX = 40;
const MARGIN = 34; // for the names of the rows
const LEGIBLE = 30; // pixels of a box that can hold a number
const SIGN = 18; // pixels that a box with a letter of its own has at least
const LETTER = 8; // pixels of a step that can hold a letter
const DENSE = 12; // pixels of a step below which boxes are left out, and arrows become a band

let count = 0;

export class Diagram {
  constructor(spec, view) {
    Object.assign(this, { spec, view, id: `diagram-${(count += 1)}` });
    this.plot = element("div", { class: "plot diagram", role: "img", "aria-label": spec.alt });
    this.height = spec.rows.length * ROW - (ROW - BOX) + 34;
    this.root = element("div", { class: "pane wide" });
    if (spec.title) this.root.append(element("p", { class: "pane-title" }, spec.title));
    this.root.append(this.plot);
    if (spec.walk) this.root.append(this.walker());
    if (spec.touch) {
      this.plot.classList.add("touchable");
      this.plot.addEventListener("click", (event) => this.touch(event));
      this.plot.addEventListener("pointermove", (event) => event.buttons && this.touch(event));
    }
  }

  /* Buttons that let the gradient go back step by step, and what is left of it there. */
  walker() {
    const root = element("div", { class: "walk" });
    this.told = element("output");
    root.append(this.told);
    const take = (back) => {
      this.back = back < this.steps - 1 ? back : null; // none: it has gone all the way
      this.draw(this.answer);
    };
    const next = (direction = 1) => {
      const back = Math.min(this.back ?? Infinity, this.steps - 1) + direction;
      return back >= 0 && back < this.steps ? back : undefined;
    };
    player({ spec: this.spec.walk, root, input: this.told, first: 0, next, take }, this.view);
    return root;
  }

  get fits() {
    return this.width === this.plot.clientWidth;
  }

  async draw(answer) {
    const { arrays, facts: found } = answer;
    const facts = { ...this.view.values, ...found };
    this.answer = answer;
    this.width = this.plot.clientWidth;
    const steps = arrays[this.spec.length].data.findLastIndex((value) => !Number.isNaN(value)) + 1;
    const first = arrays[this.spec.length].data.findIndex((value) => !Number.isNaN(value));
    this.steps = steps - first;
    this.step = (this.width - MARGIN) / Math.max(this.steps, 1);
    this.dense = this.step < DENSE;
    this.box = this.dense ? 0 : Math.min(BOX, 0.55 * this.step);
    this.x = (t) => MARGIN + (t - first + 0.5) * this.step;
    this.y = (row) => 8 + BOX / 2 + this.place(row) * ROW;
    const drawing = svg("svg", { viewBox: `0 0 ${this.width} ${this.height}`, width: this.width, height: this.height, "aria-hidden": true });
    const range = Array.from({ length: steps - first }, (_, i) => first + i);
    drawing.append(this.heads());
    for (const arrow of this.spec.arrows) drawing.append(...range.flatMap((t) => this.arrow(arrow, t, arrays, [first, steps])));
    for (const row of this.spec.rows) drawing.append(this.name(row), ...range.flatMap((t) => this.boxAt(row, t, arrays, facts)));
    drawing.append(...range.flatMap((t) => this.cut(t, arrays)), ...this.now(range), ...this.times(range));
    this.plot.replaceChildren(drawing);
    if (!this.spec.walk) return;
    const left = arrays[this.spec.walk.values].data[this.reached(steps)];
    this.told.textContent = say(this.spec.walk.says, { back: steps - 1 - this.reached(steps), left }, {});
  }

  /* The step that the gradient has reached on its way back. */
  reached(steps) {
    return Math.max(steps - 1 - (this.back ?? this.steps - 1), steps - this.steps);
  }

  /* The head of an arrow, in the color of its line. */
  heads() {
    const marker = svg("marker", { id: this.id, viewBox: "0 0 8 8", refX: 6.5, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" });
    marker.append(svg("path", { d: "M0 0.5 L7.5 4 L0 7.5 z", class: "head" }));
    const defs = svg("defs");
    defs.append(marker);
    return defs;
  }

  name({ name, label, role }) {
    return svg("text", { x: 4, y: this.y(name) + 5, class: "row-name", style: color(role) }, label);
  }

  boxAt({ name, values, scale, letters, text: always, role, format }, t, arrays, facts) {
    const value = values ? arrays[values].data[t] : 0;
    const letter = letters ? [...facts[letters]][t] : always;
    if (Number.isNaN(value) || (letters && letter === undefined)) return [];
    const text = letter ?? (values && this.box >= LEGIBLE ? number(value, format) : "");
    if (this.dense && !values && !letter) return [];
    const [x, y, size] = [this.x(t), this.y(name), values && always ? Math.max(this.box, SIGN) : this.box];
    const shape = { x: x - size / 2, y: y - BOX / 2, width: size, height: BOX, rx: Math.min(5, size / 3), class: "box", style: color(role) };
    const filled = svg(this.dense && !values ? "g" : "rect", shape);
    if (scale) filled.style.setProperty("--fill", tint(value));
    const dark = scale && Math.abs(value) > 0.55 ? " strong" : "";
    if (!text || this.step < LETTER) return [filled];
    const words = svg("text", { x, y: y + 5, class: `value${dark}`, "text-anchor": "middle" }, text);
    if (letter) words.classList.add("letter");
    return [filled, words];
  }

  /* Where a pointer taps, or is drawn along, it chooses a row and a step, two controls. */
  touch({ clientX, clientY }) {
    const { left, top } = this.plot.getBoundingClientRect();
    const within = (value, last) => Math.min(Math.max(Math.floor(value), 0), last);
    const row = within((clientY - top - 8 + (ROW - BOX) / 2) / ROW, this.spec.rows.length - 1);
    const step = within((clientX - left - MARGIN) / this.step, this.steps - 1);
    const values = { [this.spec.touch[0]]: row, [this.spec.touch[1]]: step };
    if (Object.entries(values).some(([name, value]) => this.view.control(name).value !== value)) this.view.move(values);
  }

  place(row) {
    return this.spec.rows.findIndex(({ name }) => name === row);
  }

  arrow({ from, to, shift = 0, strength, role, label }, t, arrays, [first, steps]) {
    const end = t + shift;
    const known = strength ? arrays[strength].data[t] : 1;
    if (end < first || end >= steps || Number.isNaN(known)) return [];
    if (this.spec.walk && shift < 0 && end < this.reached(steps)) return [];
    if (this.dense && !shift && !strength) return [];
    const bounded = Math.min(Math.max(known, 0), 1);
    const place = shift ? this.sideways(from, to, t, shift, role) : this.upright(from, to, t, role);
    const line = svg("path", { d: place.path, class: `arrow${bounded === 0 ? " none" : ""}`, style: color(role), "marker-end": bounded > 0.02 && this.step > 24 ? `url(#${this.id})` : "" });
    const widest = !strength ? 0.6 : shift ? 9 : 3;
    line.setAttribute("stroke-width", bounded === 0 ? 1 : 1 + widest * bounded);
    line.setAttribute("stroke-opacity", bounded === 0 ? 0.6 : strength ? 0.15 + 0.85 * bounded : 1);
    if (!label || this.step < 2 * LEGIBLE) return [line];
    const said = svg("text", { x: place.x, y: place.y, class: "edge", style: color(role), "text-anchor": "middle" }, number(arrays[label].data[t], "sci"));
    return [line, said];
  }

  /* Forward arrows pass in the upper half of the boxes, backward ones in the lower. */
  sideways(from, to, t, shift, role) {
    const [y, end] = [from, to].map((row) => this.y(row) + (role === "backward" ? 10 : shift > 0 ? -4 : 4));
    const [a, b] = [this.x(t), this.x(t + shift)];
    const gap = this.dense ? 0 : (this.box / 2 + 1) * Math.sign(shift);
    return { path: `M${a + gap} ${y} L${b - gap} ${end}`, x: (a + b) / 2, y: (y + end) / 2 + (role === "backward" ? 16 : -6) };
  }

  upright(from, to, t, role) {
    const [a, b] = [this.y(from), this.y(to)];
    const side = role === "backward" ? this.box / 4 : 0;
    const gap = (BOX / 2 + 1) * Math.sign(b - a);
    return { path: `M${this.x(t) + side} ${a + gap} L${this.x(t) + side} ${b - gap}`, x: this.x(t) + 20, y: (a + b) / 2 };
  }

  /* The cut of truncation, before step t. */
  cut(t, arrays) {
    const { cut } = this.spec;
    if (!cut || !(arrays[cut].data[t] > 0)) return [];
    const x = this.x(t) - this.step / 2;
    return [svg("line", { x1: x, x2: x, y1: 2, y2: this.height - 26, class: "cut" })];
  }

  now(range) {
    const control = this.spec.now && this.view.control(this.spec.now);
    if (!control || !range.includes(control.value)) return [];
    const width = Math.max(this.step - 4, 3);
    return [svg("rect", { x: this.x(control.value) - width / 2, y: 1, width, height: this.height - 24, rx: 6, class: "now" })];
  }

  times(range) {
    const every = Math.ceil(30 / this.step);
    return range
      .filter((t) => (range.at(-1) - t) % every === 0)
      .map((t) => svg("text", { x: this.x(t), y: this.height - 6, class: "time", "text-anchor": "middle" }, number(t + (this.spec.origin ?? 0))));
  }
}

const color = (role) => (role ? `--role: var(--unrolled-${role})` : "");

/* A state between -1 and 1: blue below zero, vermilion above, as in the heat maps. */
function tint(value) {
  const role = value < 0 ? "forward" : "backward";
  const share = Math.round(100 * Math.min(Math.abs(value), 1));
  return `color-mix(in srgb, var(--unrolled-${role}) ${share}%, var(--unrolled-neutral))`;
}
