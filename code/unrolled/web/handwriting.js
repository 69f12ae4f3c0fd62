/* A pane that is a line of handwriting. A pen runs over what the network writes, with the cloud of
   places that it may go to; a ring shows the step that is asked about; and the reader may write. */
import { encoded } from "./answers/hands.js";
import { Drawing, element, svg } from "./dom.js";
import { offsetsOf, smooth } from "./strokes.js";

const [UNITS, SMALLEST, LARGEST] = [34, 15, 27]; // small letters that a row has room for; pixels of one
const PACE = 22; // steps a second
const [GAP, EDGE] = [10, 12]; // pixels between rows, and beside them
const PAUSE = 1100; // milliseconds without a stroke after which a reader has finished
const PAD = 190; // pixels of the sheet that the reader writes on
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Handwriting {
  constructor(spec, view) {
    Object.assign(this, { spec, view, seen: false });
    this.root = element("div", { class: "pane wide" });
    this.plot = element("div", { class: "handwriting", role: "img", "aria-label": spec.alt });
    this.svg = svg("svg", { "aria-hidden": true });
    this.plot.append(this.svg);
    this.drawing = new Drawing(this.svg);
    this.own = element("button", { type: "button" }, "Write your own");
    this.again = element("button", { type: "button" }, "Let it write again");
    this.own.addEventListener("click", () => (this.strokes ? this.finish() : this.begin()));
    this.again.addEventListener("click", () => this.play());
    const buttons = element("div", { class: "walk" });
    buttons.append(this.own, this.again);
    this.root.append(element("p", { class: "pane-title" }, spec.title), this.plot, buttons);
    this.plot.addEventListener("pointerdown", (event) => this.strokes && this.down(event));
    this.plot.addEventListener("pointermove", (event) => this.strokes && event.buttons && this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) this.plot.addEventListener(kind, () => this.up());
    view.moved.push((name) => this.strokes && name && this.leave());
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      this.seen = true;
      this.play();
    }, { threshold: 0.4 }).observe(this.root);
  }

  get leads() {
    return true;
  }

  get fits() {
    return this.width === this.plot.clientWidth;
  }

  measure() {
    this.width = this.plot.clientWidth;
  }

  draw({ arrays, facts }) {
    this.answer = { arrays, facts };
    const before = this.key;
    this.key = Array.from(arrays[this.spec.offsets].data).join();
    this.lay();
    if (this.key !== before && this.seen) this.play();
    else if (!this.timer) this.show(this.T);
  }

  get T() {
    return this.answer.arrays[this.spec.offsets].shape[0];
  }

  /* Every point's place. A word that has no room begins a new row. */
  lay() {
    const { data } = this.answer.arrays[this.spec.offsets];
    this.unit = Math.min(Math.max(this.width / UNITS, SMALLEST), LARGEST);
    const room = (this.width - 2 * EDGE) / this.unit;
    const points = [[0, 0]];
    this.lifted = [false]; // after the point
    for (let t = 0; t < this.T; t++) {
      const [x, y] = points[t];
      points.push([x + data[3 * t], y + data[3 * t + 1]]);
      this.lifted.push(data[3 * t + 2] > 0.5);
    }
    this.lifted[points.length - 1] = true;
    const rows = [];
    let word = [];
    const extent = (some) => [Math.min(...some.map((i) => points[i][0])), Math.max(...some.map((i) => points[i][0]))];
    const put = (some) => {
      const [low, high] = extent(some);
      const last = rows.at(-1);
      if (last && Math.max(high, last.high) - Math.min(low, last.low) <= room) {
        Object.assign(last, { low: Math.min(low, last.low), high: Math.max(high, last.high) });
        last.points.push(...some);
      } else rows.push({ low, high, points: [...some] });
    };
    points.forEach((_, i) => {
      word.push(i);
      const [low, high] = extent(word);
      if (this.lifted[i] || high - low > room) {
        put(word);
        word = [];
      }
    });
    if (word.length) put(word);
    this.places = [];
    let top = EDGE;
    for (const { low, points: some } of rows) {
      const heights = some.map((i) => points[i][1]);
      const above = Math.max(...heights);
      for (const i of some) {
        this.places[i] = [EDGE + (points[i][0] - low) * this.unit, top + (above - points[i][1]) * this.unit];
        this.places[i].row = low;
      }
      top += (above - Math.min(...heights)) * this.unit + GAP;
    }
    this.height = Math.max(top + EDGE - GAP, 120);
  }

  /* Ink up to a point, the pen or the ring there, and its cloud. */
  show(end, pen = false) {
    if (this.strokes) return;
    const read = this.answer.facts[this.spec.read];
    const parts = [];
    let line = [];
    const flush = (i, kind) => {
      if (line.length > 1) parts.push([`ink ${i}`, "path", { class: `ink ${kind}`, d: smooth(line) }]);
      line = [];
    };
    for (let i = 0; i <= end; i++) {
      if (i && this.places[i].row !== this.places[i - 1].row) flush(i - 1, i - 1 < read ? "read" : "own");
      line.push(this.places[i]);
      const kind = i <= read ? "read" : "own";
      if (this.lifted[i] || i === end || i === read) {
        const here = line.at(-1);
        flush(i, kind);
        if (i === read && !this.lifted[i]) line = [here];
      }
    }
    const at = pen ? end : this.view.values[this.spec.now];
    const [x, y] = this.places[at];
    parts.push(...this.cloud(at, x, y));
    parts.push(["mark", "circle", { class: pen ? "pen" : "ring", cx: x.toFixed(1), cy: y.toFixed(1), r: pen ? 3.5 : 8 }]);
    this.size(this.height);
    this.drawing.show(parts);
  }

  /* Ellipses of one and of two deviations, as strong as their weight. */
  cloud(t, x, y) {
    const { data, shape } = this.answer.arrays[this.spec.clouds];
    if (t >= shape[0]) return [];
    const K = shape[1] / 6;
    const of = (part, k) => data[t * shape[1] + part * K + k];
    return Array.from({ length: K }, (_, k) => k).flatMap((k) => {
      const [weight, dx, dy, sx, sy, rho] = [0, 1, 2, 3, 4, 5].map((part) => of(part, k));
      if (!(weight > 0.01)) return [];
      const [a, b, c] = [sx * sx, sy * sy, -rho * sx * sy]; // upward is downward here
      const [half, root] = [(a + b) / 2, Math.hypot((a - b) / 2, c)];
      const angle = (Math.atan2(2 * c, a - b) * 90) / Math.PI;
      const radii = [half + root, Math.max(half - root, 0)].map((value) => Math.sqrt(value) * this.unit);
      const place = `translate(${(x + dx * this.unit).toFixed(1)} ${(y - dy * this.unit).toFixed(1)}) rotate(${angle.toFixed(1)})`;
      return [1, 2].map((times) => [
        `cloud ${k} ${times}`,
        "ellipse",
        { class: "cloud", transform: place, rx: (times * radii[0] + 1).toFixed(1), ry: (times * radii[1] + 1).toFixed(1), opacity: (0.45 * Math.sqrt(weight)).toFixed(2) },
      ]);
    });
  }

  size(height) {
    const attributes = { viewBox: `0 0 ${this.width} ${height}`, width: this.width, height };
    Object.entries(attributes).forEach(([name, value]) => this.svg.setAttribute(name, value));
  }

  /* The pen runs over what the network writes. */
  play() {
    cancelAnimationFrame(this.timer);
    this.timer = null;
    if (!this.answer || this.strokes) return;
    if (still.matches) {
      this.show(this.T);
      return;
    }
    let begun = null;
    const read = this.answer.facts[this.spec.read];
    const frame = (now) => {
      begun ??= now;
      const end = Math.min(read + Math.floor(((now - begun) * PACE) / 1000), this.T);
      const done = end === this.T || !this.root.isConnected;
      this.timer = done ? null : requestAnimationFrame(frame);
      this.show(done ? this.T : end, !done);
    };
    this.timer = requestAnimationFrame(frame);
  }

  /* A sheet for the reader. */
  begin() {
    cancelAnimationFrame(this.timer);
    Object.assign(this, { timer: null, strokes: [], taken: 0 });
    this.own.textContent = "Done";
    this.again.disabled = true;
    this.plot.classList.add("sheet");
    this.size(PAD);
    this.sheet();
  }

  sheet() {
    const line = 0.62 * PAD;
    this.drawing.show([
      ["line", "line", { class: "base", x1: EDGE, x2: this.width - EDGE, y1: line, y2: line }],
      ["hint", "text", { x: EDGE, y: 24 }, this.strokes.length ? "" : "Write here, joined up: eee, lele, uuu, a word. About as high as this line of text is, or twice."],
      ...this.strokes.map((stroke, i) => [`stroke ${i}`, "polyline", { class: "ink read", points: stroke.map((point) => point.join()).join(" ") }]),
    ]);
  }

  down(event) {
    event.preventDefault();
    this.plot.setPointerCapture(event.pointerId);
    clearTimeout(this.waiting);
    this.strokes.push([]);
    this.move(event);
  }

  move(event) {
    const box = this.svg.getBoundingClientRect();
    this.strokes.at(-1)?.push([event.clientX - box.left, event.clientY - box.top].map((value) => Math.round(value * 10) / 10));
    this.sheet();
  }

  up() {
    if (!this.strokes?.length) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.finish(), PAUSE);
  }

  leave() {
    clearTimeout(this.waiting);
    this.strokes = null;
    this.own.textContent = "Write your own";
    this.again.disabled = false;
    this.plot.classList.remove("sheet");
    if (this.answer) this.play();
  }

  /* What was written becomes the hand, unless it is hardly a line. */
  finish() {
    const text = encoded(offsetsOf(this.strokes ?? [], this.unit));
    this.leave();
    if (text) this.view.control(this.spec.hand).take(text);
  }
}
