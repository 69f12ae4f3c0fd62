/* A pane that is a diagram: a network unrolled in time, drawn from the arrays of the answer.

   Time runs to the right. A row is a box at every step, an arrow leads from row to row within a step
   or to the step after or before it. What is NaN is not there; an arrow of strength 0 is drawn as a
   dotted line, since nothing passes it. */
import { Drawing, element, number, svg } from "./dom.js";
import { player } from "./player.js";
import { say } from "./sentences.js";

const ROW = 74;
const BOX = 40;
const MARGIN = 34; // for the names of the rows, of three letters at most
const LEGIBLE = 30; // pixels of a box that can hold two numbers, or half of an arrow with one
const SMALLEST = 9; // pixels of a number's font
const SIGN = 18; // pixels that a box with a letter of its own has at least
const LETTER = 8; // pixels of a step that can hold a letter
const NUMBERS = [12, "−0.00"]; // pixels of the numbers' font, and what it has room for in every box
const LETTERS = 15; // pixels of the letters' font
const LABEL = 44; // pixels of a label beside an arrow
const DENSE = 12; // pixels of a step below which boxes are left out, and arrows become a band

let count = 0;
const ruler = document.createElement("canvas").getContext("2d");

export class Diagram {
  constructor(spec, view) {
    Object.assign(this, { spec, view, id: `diagram-${(count += 1)}` });
    this.plot = element("div", { class: "plot diagram", role: "img", "aria-label": spec.alt });
    this.root = element("div", { class: "pane wide" });
    if (spec.title) this.root.append(element("p", { class: "pane-title" }, spec.title));
    this.root.append(this.plot);
    this.svg = svg("svg", { "aria-hidden": true });
    const nodes = svg("g");
    this.svg.append(this.heads(), nodes);
    this.plot.append(this.svg);
    this.drawing = new Drawing(nodes);
    if (spec.walk) this.root.append(this.walker());
    if (spec.touch) {
      this.plot.classList.add("touchable");
      this.plot.addEventListener("click", (event) => this.touch(event));
      this.plot.addEventListener("pointermove", (event) => event.buttons && this.touch(event));
    }
    if (spec.drag) {
      this.plot.classList.add("touchable");
      for (const kind of ["pointerdown", "pointermove"]) this.plot.addEventListener(kind, (event) => event.buttons && this.drag(event));
    }
  }

  /* Buttons that let the gradient go back step by step, and what is left of it there. Where the
     network reads first, the moments of the walk are the steps read, then the steps back. */
  walker() {
    const root = element("div", { class: "walk" });
    this.told = element("output");
    root.append(this.told);
    const take = (moment) => {
      this.met = true;
      this.view.show();
      this.moment = moment < this.end ? moment : null; // none: it has gone all the way
      this.draw(this.answer);
    };
    const next = (direction = 1) => {
      const moment = Math.min(this.moment ?? Infinity, this.end) + direction;
      return moment >= 0 && moment <= this.end ? moment : undefined;
    };
    this.player = player({ spec: this.spec.walk, root, input: this.told, first: 0, next, take }, this.view);
    /* A walk that has read is over when the reader asks for something else. */
    if (this.spec.walk.reads) {
      this.view.moved.push(() => {
        this.player.stop();
        this.moment = null;
      });
    }
    return root;
  }

  get reading() {
    return this.spec.walk?.reads ? this.steps : 0;
  }

  get end() {
    return this.reading + this.steps - 1;
  }

  get back() {
    return Math.min(this.moment ?? Infinity, this.end) - this.reading; // another T may have fewer steps
  }

  get fits() {
    return this.width === this.plot.clientWidth;
  }

  measure() {
    this.width = this.plot.clientWidth;
  }

  async draw(answer) {
    const { arrays, facts: found } = answer;
    const facts = { ...this.view.values, ...found };
    this.answer = answer;
    if (this.spec.walk?.reads && !this.met) this.moment = this.view.asking ? 0 : null;
    const steps = arrays[this.spec.length].data.findLastIndex((value) => !Number.isNaN(value)) + 1;
    const first = arrays[this.spec.length].data.findIndex((value) => !Number.isNaN(value));
    this.steps = steps - first;
    const longest = Math.max(...this.spec.rows.map(({ label }) => label.length));
    this.margin = longest && MARGIN + 7 * Math.max(longest - 3, 0);
    const even = (this.width - this.margin) / Math.max(this.steps, 1);
    const beyond = Math.max(SIGN / 2 + 2 - even / 2, 0); // for what is wider than the last step
    this.step = even - beyond / Math.max(this.steps, 1);
    this.dense = this.step < DENSE;
    this.box = this.dense ? 0 : Math.min(BOX, 0.55 * this.step);
    this.family = getComputedStyle(this.plot).fontFamily;
    this.roomy = this.fitting(NUMBERS[0], this.box - 5, [NUMBERS[1]]) >= SMALLEST; // or numbers are above
    const { values, text, letters } = this.spec.rows[0];
    this.head = this.roomy || this.dense || !values || text || letters ? 0 : NUMBERS[0];
    this.height = this.spec.rows.length * ROW + BOX - ROW + 34 + this.head;
    this.x = (t) => this.margin + (t - first + 0.5) * this.step;
    this.y = (row) => 8 + this.head + BOX / 2 + this.place(row) * ROW;
    const range = Array.from({ length: steps - first }, (_, i) => first + i);
    const each = (name, parts) => range.flatMap((t) => parts(t).map(([kind, ...part]) => [`${name} ${kind} ${t}`, ...part]));
    this.drawing.show([
      ...this.spec.arrows.flatMap((arrow, i) => each(`arrow ${i}`, (t) => this.arrow(arrow, t, arrays, [first, steps]))),
      ...this.spec.rows.flatMap((row) => [...(this.named(row) ? [this.name(row)] : []), ...each(row.name, (t) => this.boxAt(row, t, arrays, facts, [first, steps]))]),
      ...each("cut", (t) => this.cut(t, arrays)),
      ...each("now", (t) => this.now(t)),
      ...each("time", (t) => this.time(t, steps)),
    ]);
    const size = { viewBox: `0 0 ${this.width} ${this.height}`, width: this.width, height: this.height };
    Object.entries(size).forEach(([name, value]) => this.svg.setAttribute(name, value));
    if (this.spec.walk) this.told.textContent = this.tale(arrays, steps);
    if (this.met || this.view.waits) return;
    this.met = true;
    if (this.spec.walk?.reads) this.player.start();
  }

  /* How far the walk is, in words. */
  tale(arrays, steps) {
    const { values, says, reads } = this.spec.walk;
    if (this.back >= 0) return say(says, { back: this.back, left: arrays[values].data[this.reached(steps)] }, {});
    const [key, template] = reads;
    return say(template, { read: this.moment + 1, kept: arrays[key].data[steps - this.steps + this.moment] }, {});
  }

  /* The step that the gradient has reached on its way back. */
  reached(steps) {
    return steps - 1 - this.back;
  }

  /* Whether something is there at this moment of the walk, or "new", come with its last step. What the
     reader typed is there from the start. */
  there({ letters, role }, t, end, [first, steps]) {
    if (!this.spec.walk || this.moment == null || this.view.control(letters)) return "old";
    const [came, now] = role === "backward" ? [this.reached(steps), end] : [t - first, this.reading ? this.moment : Infinity];
    return came > now ? null : came === now ? "new" : "old";
  }

  /* The head of an arrow, in the color of its line. */
  heads() {
    const marker = svg("marker", { id: this.id, viewBox: "0 0 8 8", refX: 6.5, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" });
    marker.append(svg("path", { d: "M0 0.5 L7.5 4 L0 7.5 z", class: "head" }));
    const defs = svg("defs");
    defs.append(marker);
    return defs;
  }

  /* A row has a name where something of it is drawn. */
  named({ name, values, letters, text }) {
    const along = this.spec.arrows.some(({ from, to, shift }) => shift && (from === name || to === name));
    return !this.dense || values || along || ((letters || text) && this.step >= LETTER);
  }

  name({ name, label, role }) {
    return [`name ${name}`, "text", { x: 4, y: this.y(name) + 5, class: "row-name", style: color(role) }, label];
  }

  /* Parts of one step, here and below: [kind, tag, attributes, text]. */
  boxAt(row, t, arrays, facts, ends) {
    const { name, values, scale, strength, letters, text: always, role, format } = row;
    const there = this.there(row, t, t, ends);
    if (!there) return [];
    const value = values ? arrays[values].data[t] : 0;
    const letter = letters ? [...facts[letters]][t] : always;
    if (Number.isNaN(value) || (letters && letter === undefined)) return [];
    const told = values && !letter && !this.dense ? number(value, format) : "";
    const font = told && Math.max(SMALLEST, this.fitting(NUMBERS[0], this.step - 8, [told]));
    const above = told && !this.roomy && this.fitting(NUMBERS[0], this.step - 7, [told]) >= SMALLEST;
    const text = letter ?? (this.roomy || above ? told : "");
    if (this.dense && !values && !letter) return [];
    const least = values && always ? SIGN : letter ? Math.min(SIGN, this.step - 8) : 0;
    const [x, y, size] = [this.x(t), this.y(name), Math.max(this.box, least)];
    const share = strength && arrays[strength].data[t];
    const fill = scale ? tint(value) : strength ? mixed(role, share, "paper") : "";
    const style = color(role) + (fill && `; --fill: ${fill}`);
    const shape = { x: x - size / 2, y: y - BOX / 2, width: size, height: BOX, rx: Math.min(5, size / 3), class: `box ${there}`, style };
    const box = this.dense && !values ? [] : [["box", "rect", shape]];
    const dark = !above && ((scale && Math.abs(value) > 0.55) || share > 0.55) ? " strong" : "";
    if (!text || Math.max(this.step, least) < LETTER) return box;
    const under = row.under && this.box >= LEGIBLE ? arrays[row.under].data[t] : NaN;
    const both = !Number.isNaN(under);
    if (above) {
      const look = { class: `value above ${there}`, style: `font-size: ${font}px`, "text-anchor": "middle" };
      return [...box, ["words", "text", { x, y: y - BOX / 2 - 5, ...look }, text]];
    }
    const room = this.dense && !values ? this.step : size - 5;
    const small = (...texts) => `font-size: ${this.fitting(NUMBERS[0], room, [NUMBERS[1], ...texts])}px`;
    const written = letter ? `font-size: ${this.fitting(LETTERS, room, [letter], 600)}px` : small(text);
    const look = { class: `value ${there}${dark}${letter ? " letter" : ""}`, style: written, "fill-opacity": letter && strength ? Math.min(1, 2 * share) : 1 };
    const words = ["words", "text", { x, y: y + (both ? -4 : 5), ...look, "text-anchor": "middle" }, text];
    if (!both) return [...box, words];
    const below = number(under, format);
    const second = { x, y: y + 14, class: "value under", style: `${color(row.under_role)}; ${small(below)}`, "text-anchor": "middle" };
    return [...box, words, ["under", "text", second, below]];
  }

  /* Pixels of a font, at most `most`, in which each of some texts fits into a room. */
  fitting(most, room, texts, weight = 400) {
    ruler.font = `${weight} ${most}px ${this.family}`;
    return Math.min(most, ...texts.map((text) => (most * room) / ruler.measureText(text).width));
  }

  /* Where a pointer taps, or is drawn along, it chooses a row and a step, two controls. */
  touch({ clientX, clientY }) {
    const { left, top } = this.plot.getBoundingClientRect();
    const within = (value, last) => Math.min(Math.max(Math.floor(value), 0), last);
    const row = within((clientY - top - 8 - this.head + (ROW - BOX) / 2) / ROW, this.spec.rows.length - 1);
    const step = within((clientX - left - this.margin) / this.step, this.steps - 1);
    const values = { [this.spec.touch[0]]: row, [this.spec.touch[1]]: step };
    if (Object.entries(values).some(([name, value]) => this.view.control(name).value !== value)) this.view.move(values);
  }

  /* The cut follows a pointer: its control takes the value whose cut lies closest. */
  drag({ clientX }) {
    const [name, places] = this.spec.drag;
    const control = this.view.control(name);
    const step = (clientX - this.plot.getBoundingClientRect().left - this.margin) / this.step;
    const distances = [...this.answer.arrays[places].data].map((place) => (Number.isNaN(place) ? Infinity : Math.abs(place - step)));
    const closest = Math.min(...distances);
    const value = control.spec.values[distances.indexOf(closest)];
    if (closest < Infinity && value !== control.value) control.take(value);
  }

  place(row) {
    return this.spec.rows.findIndex(({ name }) => name === row);
  }

  arrow(arrow, t, arrays, [first, steps]) {
    const { from, to, shift = 0, strength, role, label, format } = arrow;
    const end = t + shift;
    const known = strength ? arrays[strength].data[t] : 1;
    if (end < first || end >= steps || Number.isNaN(known)) return [];
    const there = this.there(arrow, Math.max(t, end), end, [first, steps]);
    if (!there) return [];
    if (this.dense && !shift && !strength) return [];
    const bounded = Math.min(Math.max(known, 0), 1);
    const place = shift ? this.sideways(from, to, t, shift, role) : this.upright(from, to, t, role);
    const widest = !strength ? 0.6 : shift ? 9 : 3;
    const look = {
      class: `arrow ${there}${bounded === 0 ? " none" : ""}`,
      style: color(role),
      "marker-end": bounded > 0.02 && this.step > 24 ? `url(#${this.id})` : "",
      "stroke-width": bounded === 0 ? 1 : 1 + widest * bounded,
      "stroke-opacity": bounded === 0 ? 0.6 : strength ? 0.15 + 0.85 * bounded : 1,
    };
    const line = ["line", "path", { d: place.path, ...look }];
    if (!label || this.step < 2 * LEGIBLE) return [line];
    const said = { x: place.x, y: place.y, class: "edge", style: color(role), "text-anchor": place.anchor ?? "middle" };
    return [line, ["label", "text", said, number(arrays[label].data[t], format)]];
  }

  /* Forward arrows pass in the upper half of the boxes, backward ones in the lower. What they are
     labeled with stands above or below the boxes; beside an arrow that is aslant, or else on it. */
  sideways(from, to, t, shift, role) {
    const [y, end] = [from, to].map((row) => this.y(row) + (role === "backward" ? 10 : shift > 0 ? -4 : 4));
    const [a, b] = [this.x(t), this.x(t + shift)];
    const gap = this.dense ? 0 : (this.box / 2 + 1) * Math.sign(shift);
    const path = `M${a + gap} ${y} L${b - gap} ${end}`;
    const [x, middle] = [(a + b) / 2, (y + end) / 2];
    if (y === end) return { path, x, y: middle + (role === "backward" ? 1 : -1) * (BOX / 2) + 2 };
    return this.step > 2 * LABEL + 8 ? { path, x: x + 8, y: middle - 6, anchor: "start" } : { path, x, y: middle + 4 };
  }

  upright(from, to, t, role) {
    const [a, b] = [this.y(from), this.y(to)];
    const side = role === "backward" ? this.box / 4 : 0;
    const gap = (BOX / 2 + 1) * Math.sign(b - a);
    const left = this.step / 2 < side + LABEL; // all of them, where the last has no room
    const beside = left ? { x: this.x(t) - 7, anchor: "end" } : { x: this.x(t) + side + 7, anchor: "start" };
    return { path: `M${this.x(t) + side} ${a + gap} L${this.x(t) + side} ${b - gap}`, y: (a + b) / 2 + 4, ...beside };
  }

  /* The cut of truncation, before step t. */
  cut(t, arrays) {
    const { cut } = this.spec;
    if (!cut || !(arrays[cut].data[t] > 0)) return [];
    const x = this.x(t) - this.step / 2;
    return [["line", "line", { x1: x, x2: x, y1: 2, y2: this.height - 26, class: "cut" }]];
  }

  now(t) {
    if (!this.spec.now || this.view.control(this.spec.now).value !== t) return [];
    const width = Math.max(this.step - 2, 3);
    return [["frame", "rect", { x: this.x(t) - width / 2, y: 1, width, height: this.height - 24, rx: 6, class: "now" }]];
  }

  time(t, steps) {
    const every = Math.ceil(30 / this.step);
    if (this.spec.origin === null || (steps - 1 - t) % every) return [];
    return [["number", "text", { x: this.x(t), y: this.height - 6, class: "time", "text-anchor": "middle" }, number(t + this.spec.origin)]];
  }
}

const color = (role) => (role ? `--role: var(--unrolled-${role})` : "");

/* A state between -1 and 1: blue below zero, vermilion above, as in the heat maps. */
export function tint(value, full = 1) {
  const role = value < 0 ? "forward" : "backward";
  return mixed(role, full * Math.min(Math.abs(value), 1), "neutral");
}

const mixed = (role, share, ground) => `color-mix(in srgb, var(--unrolled-${role}) ${Math.round(100 * share)}%, var(--unrolled-${ground}))`;
