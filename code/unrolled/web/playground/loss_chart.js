/* The loss by update on a logarithmic scale; the run before stays in gray. */
import { number } from "../dom.js";
import { Canvas } from "./canvas.js";

const HEIGHT = 178;
const MARGIN = { left: 44, right: 10, top: 10, bottom: 34 };

export class LossChart extends Canvas {
  constructor() {
    super("loss", "The loss by update.");
  }

  /* `run` and `before` are {updates, losses} or null; `solved` an update or null; `chance` the loss of
     whoever guesses, or undefined. */
  draw({ run, before, solved, chance }, colors) {
    this.clear(HEIGHT);
    const last = Math.max(50, run.updates.at(-1) ?? 0, before?.updates.at(-1) ?? 0);
    const box = { x: MARGIN.left, y: MARGIN.top, width: this.width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
    const [low, high] = decades([run.losses, before?.losses ?? [], chance ? [chance] : []]);
    const x = (update) => box.x + (box.width * update) / last;
    const y = (loss) => box.y + box.height * (1 - share(loss, low, high));
    this.axes(box, low, high, last, y, colors);
    if (before) this.earlier(before, x, y, colors);
    this.curve(run, x, y, { color: colors.ink, width: 2 });
    if (chance) {
      this.line([[box.x, y(chance)], [box.x + box.width, y(chance)]], { color: colors.muted, width: 1, dash: [2, 3] });
      this.write("guessing", box.x + box.width, y(chance) - 8, { color: colors.muted, size: 11, align: "right", font: colors.font, halo: colors.paper });
    }
    if (solved) {
      this.line([[x(solved), box.y], [x(solved), box.y + box.height]], { color: colors.target, width: 1.5, dash: [5, 4] });
      const left = x(solved) > box.x + box.width / 2;
      // below the line of guessing where that runs along the top
      const at = box.y + (chance && y(chance) < box.y + 24 ? box.height - 10 : 6);
      this.write("solved", x(solved) + (left ? -5 : 5), at, { color: colors.target, size: 11, align: left ? "right" : "left", font: colors.font, halo: colors.paper });
    }
    const end = run.losses.length - 1;
    if (end >= 0) this.dot(x(run.updates[end]), y(run.losses[end]), colors.ink);
  }

  axes(box, low, high, last, y, colors) {
    const every = Math.max(1, Math.ceil((high - low) / 4));
    for (let power = low; power <= high; power += every) {
      const at = y(10 ** power);
      this.line([[box.x, at], [box.x + box.width, at]], { color: colors.grid, width: 1 });
      this.write(number(power, "sci").replace(/^1\.0\s×\s/, ""), box.x - 7, at, { color: colors.muted, size: 11, align: "right", font: colors.font });
    }
    const bottom = box.y + box.height;
    this.write("0", box.x, bottom + 10, { color: colors.muted, size: 11, font: colors.font });
    this.write(number(last, ",d"), box.x + box.width, bottom + 10, { color: colors.muted, size: 11, align: "right", font: colors.font });
    this.write("updates", box.x + box.width / 2, bottom + 10, { color: colors.muted, size: 11, align: "center", font: colors.font });
  }

  curve({ updates, losses }, x, y, look) {
    this.line(losses.map((loss, i) => [x(updates[i]), y(loss)]), look);
  }

  /* The run before, named at its end. */
  earlier(before, x, y, colors) {
    this.curve(before, x, y, { color: colors.muted, width: 1.75, alpha: 0.6 });
    const end = [x(before.updates.at(-1)), y(before.losses.at(-1)) + 14];
    this.write("before", ...end, { color: colors.muted, size: 11, align: "right", font: colors.font, halo: colors.paper });
  }

  dot(x, y, color) {
    this.pen.beginPath();
    this.pen.arc(x, y, 3, 0, 2 * Math.PI);
    this.pen.fillStyle = color;
    this.pen.fill();
  }
}

/* Whole powers of ten around all losses, at least one decade. */
function decades(lists) {
  let [low, high] = [Infinity, 0];
  for (const list of lists) {
    for (const loss of list) {
      if (!(loss > 0) || loss === Infinity) continue;
      if (loss < low) low = loss;
      if (loss > high) high = loss;
    }
  }
  if (low === Infinity) return [-1, 0];
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return [Math.max(from, to - 12), Math.max(to, from + 1)];
}

const share = (loss, low, high) => Math.min(1, Math.max(0, (Math.log10(Math.max(loss, 1e-300)) - low) / (high - low)));
