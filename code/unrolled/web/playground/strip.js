/* The strip: what the network hears, should say and says, its states, and how far the gradient of the
   last loss travels, row by row over one axis of time. */
import { Canvas } from "./canvas.js";
import { bars, bits, letters, lines, marks } from "./glyphs.js";
import { label } from "./labels.js";
import { distance } from "./words.js";

const WIDE = { gutter: 112, name: 0, hears: 30, says: 30, both: 74, state: 140, reach: 96, gap: 8, right: 14 };
const NARROW = { gutter: 2, name: 15, hears: 20, says: 20, both: 56, state: 84, reach: 58, gap: 3, right: 2 };
const LETTERS_ON_A_PHONE = 30;
const ARC = 30; // pixels above the first row for "10 steps back"
const SMALLEST = -6; // powers of ten of the gradient that are drawn
const POWERS = { 0: "1", "-3": "10⁻³", "-6": "10⁻⁶" };

export class Strip extends Canvas {
  constructor() {
    super("strip", "The strip.");
  }

  /* `task` is {hears, says: "bits" | "numbers" | "letters", letters}; a frame is the trainer's. */
  draw(frame, task, colors) {
    const { D, K, T } = frame;
    const size = this.width > 560 ? WIDE : NARROW;
    const first = size === NARROW && task.hears === "letters" ? Math.max(0, T - LETTERS_ON_A_PHONE) : 0;
    const step = (this.width - size.gutter - size.right) / (T - first);
    const time = { first, T, D, K, step, left: (t) => size.gutter + (t - first) * step, middle: (t) => size.gutter + (t - first + 0.5) * step };
    const rows = this.rows(frame, task, size);
    const top = frame.answer === null ? 4 : ARC;
    const height = rows.reduce((sum, row) => sum + size.name + row.height + size.gap, top) + 16;
    this.clear(height);
    Object.assign(this, { colors, time, size });
    let y = top;
    for (const row of rows) {
      y += size.name;
      row.y = y;
      row.draw({ y, height: row.height });
      y += row.height + size.gap;
    }
    this.axis(y - size.gap + 10);
    this.cut(frame, rows);
    if (frame.answer !== null) this.answer(frame, rows);
    rows.forEach((row) => label(this, row, size === WIDE)); // over the frame of the answer
  }

  rows(frame, task, size) {
    const { shown, cell } = frame;
    const hears = { bits, numbers: frame.D > 1 ? bars : lines, letters }[task.hears];
    const heard = { key: "hears", name: "hears", note: { bits: "● one  ○ zero" }[task.hears], height: task.hears === "numbers" ? size.hears + 16 : size.hears };
    heard.draw = (box) => hears(this, box, { values: shown.x, from: 0, letters: task.letters }, "ink");
    const said = [];
    if (task.says === "numbers") {
      said.push({ key: "says", name: "should say", second: "says", height: size.both });
      said[0].draw = (box) => {
        const range = spread(shown.targets);
        const many = shown.targets.length > 1;
        (many ? lines : marks)(this, box, { values: shown.targets, from: shown.asked, range, dash: [4, 3] }, "target");
        (many ? lines : marks)(this, box, { values: shown.outputs, from: shown.asked, range, skip: shown.asked, second: true }, "forward");
      };
    } else {
      const draw = { bits, letters }[task.says];
      said.push({ key: "should", name: "should say", height: size.says, draw: (box) => draw(this, box, { values: shown.targets, from: shown.asked, letters: task.letters }, "target") });
      said.push({ key: "says", name: "says", note: "faint: unsure", height: size.says + 6, draw: (box) => this.guesses(box, frame, task, draw) });
    }
    const state = { key: "state", name: "hidden state", note: `${frame.H} units`, scale: cell !== "linear", height: size.state, draw: (box) => this.states(box, frame) };
    const reach = { key: "reach", name: "gradient", note: "of the last loss", height: size.reach, draw: (box) => this.reach(box, frame) };
    return [heard, ...said, state, reach];
  }

  /* What it says: the more it is sure the darker, and a line below what is wrong. */
  guesses(box, frame, task, draw) {
    const { shown, K, T } = frame;
    const [values, sure] = [[], []];
    for (let t = shown.asked; t < T; t++) {
      let best = 0;
      for (let k = 1; k < K; k++) if (shown.outputs[t * K + k] > shown.outputs[t * K + best]) best = k;
      values.push(best);
      sure.push((shown.outputs[t * K + best] - 1 / K) / (1 - 1 / K));
    }
    draw(this, { y: box.y, height: box.height - 6 }, { values, sure, from: shown.asked, letters: task.letters }, "forward");
    const half = Math.min(this.time.step * 0.36, 9);
    values.forEach((value, i) => {
      const t = shown.asked + i;
      if (value === shown.targets[i] || t < this.time.first) return;
      const x = this.time.middle(t);
      this.line([[x - half, box.y + box.height - 2.5], [x + half, box.y + box.height - 2.5]], { color: this.colors.highlight, width: 2.5 });
    });
  }

  states(box, frame) {
    const { h } = frame.shown;
    const { H, T } = frame;
    const { first } = this.time;
    let most = 1;
    if (frame.cell === "linear") most = h.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
    this.heat((unit, column) => h[(column + first) * H + unit] / most, H, T - first, { x: this.time.left(first), y: box.y, width: this.time.step * (T - first), height: box.height }, this.colors.shades);
    const { pen, time } = this;
    if (time.step < 5) return;
    for (let t = first + 1; t < T; t++) pen.clearRect(time.left(t) - 0.5, box.y, 1, box.height); // apart, as the steps are
  }

  /* Lengths relative to that at the last step: filled what truncation leaves, dashed all of it. */
  reach(box, frame) {
    const { full, cut } = frame.reach;
    const { colors, time, size } = this;
    const unit = full[frame.T - 1] || 1;
    const most = full.reduce((a, b) => Math.max(a, b / unit), 1);
    const high = Math.max(0.6, Math.min(12, Math.log10(most) + 0.3));
    const y = (length) => box.y + box.height * (1 - Math.min(1, Math.max(0, (Math.log10(length / unit) - SMALLEST) / (high - SMALLEST))));
    const bottom = box.y + box.height;
    for (const power of [0, -3, SMALLEST]) {
      const at = y(unit * 10 ** power);
      this.line([[time.left(time.first), at], [time.left(frame.T), at]], { color: colors.grid, width: 1 });
      if (size === WIDE) this.write(POWERS[power], size.gutter - 6, at - (power === SMALLEST ? 4 : 0), { color: colors.muted, size: 10.5, align: "right", font: colors.font });
    }
    const gap = time.step > 5 ? 1.5 : 0.5;
    this.pen.fillStyle = colors.backward;
    const outline = [];
    for (let t = time.first; t < frame.T; t++) {
      if (cut[t] > 0) this.pen.fillRect(time.left(t) + gap / 2, y(cut[t]), time.step - gap, bottom - y(cut[t]));
      const at = full[t] > 0 ? y(full[t]) : bottom;
      outline.push([time.left(t), at], [time.left(t + 1), at]);
    }
    this.line(outline, { color: colors.ink, width: 1.25, dash: [3, 2.5], alpha: 0.75 });
  }

  axis(y) {
    const { colors, time } = this;
    const small = { color: colors.muted, size: 11, font: colors.font };
    this.write(`step ${time.first + 1}`, time.left(time.first), y, small);
    this.write(`${time.T}`, time.left(time.T), y, { ...small, align: "right" });
  }

  /* Where the gradient of the last loss is cut off. */
  cut(frame, rows) {
    const { cut, full } = frame.reach;
    const from = cut.findIndex((length) => length > 0);
    const { colors, time } = this;
    if (from <= time.first || !(full[from - 1] > 0)) return;
    const x = time.left(from);
    const [state, reach] = rows.slice(-2);
    const narrow = this.size === NARROW;
    const dashed = { color: colors.ink, width: 1.5, dash: [6, 4] };
    this.line([[x, state.y], [x, narrow ? state.y + state.height : reach.y]], dashed);
    this.line([[x, reach.y], [x, reach.y + reach.height]], dashed);
    const kept = `${frame.T - from} ${frame.T - from === 1 ? "step" : "steps"} kept`;
    const look = { color: colors.ink, size: 12, weight: 600, font: colors.font, halo: colors.paper };
    if (narrow) { // in the line of the row's name
      this.write(kept, time.left(time.T), reach.y - 8, { ...look, size: 11.5, align: "right" });
      return;
    }
    this.pen.font = `${look.weight} ${look.size}px ${look.font}`;
    const wide = this.pen.measureText(`${kept} →`).width + 8;
    const near = frame.answer !== null && frame.answer < from && x - time.left(frame.answer) < wide + 8;
    const end = near ? time.left(frame.answer) - 8 : x - 6;
    const left = end - wide > time.left(time.first);
    this.write(left ? `${kept} →` : kept, left ? end : x + 6, reach.y + reach.height - 12, { ...look, align: left ? "right" : "left" });
  }

  /* The step at which the answer lies, framed, and the way from there to where it is asked. */
  answer(frame, rows) {
    const { colors, time, pen } = this;
    const { answer, T } = frame;
    const [top, bottom] = [rows[0].y - this.size.name - 1, rows.at(-1).y + rows.at(-1).height + 2];
    const width = Math.max(time.step, 7);
    const x = time.middle(answer) - width / 2;
    pen.beginPath();
    pen.roundRect(x, top, width, bottom - top, 4);
    Object.assign(pen, { fillStyle: colors.target, globalAlpha: 0.1 });
    pen.fill();
    Object.assign(pen, { strokeStyle: colors.target, globalAlpha: 1, lineWidth: 2 });
    pen.stroke();
    const [from, to, high] = [time.middle(answer), time.middle(T - 1), top - 16];
    const radius = Math.min(10, Math.abs(to - from) / 2);
    pen.beginPath();
    pen.moveTo(from, top);
    pen.arcTo(from, high, from + radius, high, radius);
    pen.arcTo(to, high, to, high + radius, radius);
    pen.lineTo(to, top - 2);
    Object.assign(pen, { strokeStyle: colors.target, lineWidth: 1.5 });
    pen.stroke();
    pen.beginPath();
    pen.moveTo(to, top + 2);
    pen.lineTo(to - 4, top - 5);
    pen.lineTo(to + 4, top - 5);
    pen.fillStyle = colors.target;
    pen.fill();
    const look = { size: this.size === WIDE ? 12.5 : 11.5, weight: 600, font: colors.font };
    pen.font = `${look.weight} ${look.size}px ${look.font}`;
    const texts = distance(frame.place, T - 1 - answer);
    const wide = (text) => pen.measureText(text).width + 12;
    const inside = texts.find((text) => wide(text) + 2 * radius < to - from);
    const beside = texts.find((text) => wide(text) < from);
    const [left, text] = inside ? [(from + to - wide(inside)) / 2, inside] : [from - wide(beside ?? "") - 2, beside ?? ""];
    pen.clearRect(left, high - 8, wide(text), 16);
    this.write(text, left + 6, high, { ...look, color: colors.target });
  }
}

/* A range around values with some room; [0, 1] more for a single one. */
function spread(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (values.length === 1) [low, high] = [Math.min(0, low), Math.max(2, high)];
  const room = 0.12 * (high - low || 1);
  return [low - room, high + room];
}
