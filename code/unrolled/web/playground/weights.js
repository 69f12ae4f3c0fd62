/* What is known of the recurrent weights: eigenvalues beside the unit circle, or gates as heat maps. */
import { Canvas } from "./canvas.js";

const HEIGHT = 214;

export class Weights extends Canvas {
  constructor() {
    super("weights", "The recurrent weights.");
  }

  draw(frame, colors) {
    this.clear(HEIGHT);
    if (frame.update === 0) this.reach = 1.25; // of the axes, which only grow while it trains
    if (frame.eigenvalues) this.circle(frame.eigenvalues, colors);
    else this.gates(frame.matrices ?? {}, colors);
  }

  circle({ re, im }, colors) {
    const [middle, height] = [this.width / 2, HEIGHT / 2];
    for (let i = 0; i < re.length; i++) this.reach = Math.max(this.reach, 1.12 * Math.hypot(re[i], im[i]));
    const { reach } = this;
    const radius = Math.min(this.width, HEIGHT - 8) / 2 / reach;
    const { pen } = this;
    this.line([[middle - reach * radius, height], [middle + reach * radius, height]], { color: colors.grid, width: 1 });
    this.line([[middle, height - reach * radius], [middle, height + reach * radius]], { color: colors.grid, width: 1 });
    pen.beginPath();
    pen.arc(middle, height, radius, 0, 2 * Math.PI);
    Object.assign(pen, { strokeStyle: colors.muted, lineWidth: 1.25 });
    pen.stroke();
    this.write("1", middle + radius + 5, height - 8, { color: colors.muted, size: 11, font: colors.font });
    for (let i = 0; i < re.length; i++) {
      pen.beginPath();
      pen.arc(middle + radius * re[i], height - radius * im[i], 3.6, 0, 2 * Math.PI);
      const outside = Math.hypot(re[i], im[i]) > 1;
      Object.assign(pen, { fillStyle: outside ? colors.backward : colors.forward, strokeStyle: outside ? colors.backward : colors.forward, lineWidth: 1.5 });
      pen.globalAlpha = 0.85;
      if (outside) pen.fill();
      else pen.stroke();
      pen.globalAlpha = 1;
    }
  }

  gates(matrices, colors) {
    const named = Object.entries(matrices);
    const columns = named.length > 3 ? 2 : named.length;
    const rows = Math.ceil(named.length / columns);
    const size = Math.min((HEIGHT - 20 * rows) / rows, (this.width - 14 * (columns - 1)) / columns);
    const left = (this.width - columns * size - 14 * (columns - 1)) / 2;
    const largest = named.reduce((most, [, values]) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 1e-9);
    named.forEach(([name, values], i) => {
      const units = Math.round(Math.sqrt(values.length));
      const box = { x: left + (i % columns) * (size + 14), y: 17 + Math.floor(i / columns) * (size + 20), width: size, height: size };
      this.heat((row, column) => values[row * units + column] / largest, units, units, box, colors.shades);
      this.write(name, box.x, box.y - 9, { color: colors.muted, size: 11, font: colors.font });
    });
  }
}
