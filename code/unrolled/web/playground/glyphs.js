/* What stands in the rows of the strip. Each takes the strip, the box of its row, {values, from}, where
   from is the step of the first value, and the name of a color. */

const BIGGEST = 9; // pixels, the radius of a bit

/* Bits: filled for one, a ring for zero, a dot for a blank. Inputs are −1 and 1, or one-hot: zero,
   one, blank, cue. Classes are 0 and 1. */
export function bits(strip, box, { values, from, sure }, role) {
  const { pen, time, colors } = strip;
  const heard = role === "ink";
  const signs = heard && time.D > 1 ? rowsOf(values, time.D) : Array.from(values, (value) => (value > 0 ? 1 : 0));
  const radius = Math.max(1.5, Math.min(BIGGEST, time.step * 0.36, box.height * 0.38));
  const y = box.y + box.height / 2;
  signs.forEach((sign, i) => {
    const x = time.middle(from + i);
    pen.fillStyle = pen.strokeStyle = colors[role];
    pen.lineWidth = radius > 5 ? 1.75 : 1.25;
    pen.globalAlpha = sure ? 0.12 + 0.88 * Math.min(1, Math.max(0, sure[i])) : 1;
    if (sign === 3) return strip.write("?", x, y, { color: colors[role], size: Math.min(18, 2.2 * radius), weight: 700, align: "center", font: colors.font });
    pen.beginPath();
    pen.arc(x, y, [radius - pen.lineWidth / 2, radius, 1][sign], 0, 2 * Math.PI);
    if (sign) pen.fill();
    else pen.stroke();
  });
  pen.globalAlpha = 1;
}

/* Characters: one-hot rows in what is heard, classes in what is said. A space is a low dot. */
export function letters(strip, box, { values, from, sure, letters: signs }, role) {
  const { time, colors, pen } = strip;
  const { D } = time;
  const classes = role === "ink" ? rowsOf(values, D) : values;
  const size = Math.min(17, time.step * 1.15);
  for (let i = 0; i < classes.length; i++) {
    if (from + i < time.first) continue;
    const sign = signs[classes[i]] ?? "?";
    pen.globalAlpha = sure ? 0.2 + 0.8 * Math.min(1, Math.max(0, sure[i])) : 1;
    strip.write(sign === " " ? "␣" : sign, time.middle(from + i), box.y + box.height / 2, { color: colors[role], size, weight: 600, align: "center", font: "ui-monospace, monospace" });
  }
  pen.globalAlpha = 1;
}

/* Numbers with a mark: the first feature is the height of a bar, the second says whether it counts. */
export function bars(strip, box, { values, from }, role) {
  const { pen, time, colors } = strip;
  const gap = time.step > 5 ? 1.5 : 0.75;
  const bottom = box.y + box.height - 1;
  for (let t = from; t < time.T; t++) {
    const [value, mark] = [values[t * time.D], values[t * time.D + 1]];
    const height = Math.max(1, (box.height - 8) * value);
    pen.globalAlpha = mark ? 1 : 0.3;
    pen.fillStyle = colors[mark ? role : "muted"];
    pen.fillRect(time.left(t) + gap / 2, bottom - height, time.step - gap, height);
    if (!mark) continue;
    pen.beginPath();
    pen.arc(time.middle(t), bottom - height - 5, 2.5, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.globalAlpha = 1;
}

/* A curve through one value at each step. */
export function lines(strip, box, { values, from, range, skip = 0, dash }, role) {
  const { time, colors } = strip;
  const y = heights(box, range ?? extent(values));
  const points = [];
  for (let i = skip; i < values.length; i++) points.push([time.middle(from + i - skip), y(values[i])]);
  strip.line(points, { color: colors[role], width: dash ? 2.5 : 2, dash });
}

/* A single value at the last step: a ring, or a dot, with the number beside it. */
export function marks(strip, box, { values, range, second }, role) {
  const { pen, time, colors } = strip;
  const value = values[values.length - 1];
  const [x, y] = [time.middle(time.T - 1), heights(box, range)(value)];
  pen.beginPath();
  pen.arc(x - 3, y, second ? 4 : 6.5, 0, 2 * Math.PI);
  Object.assign(pen, { fillStyle: colors[role], strokeStyle: colors[role], lineWidth: 2 });
  if (second) pen.fill();
  else pen.stroke();
  const text = `${second ? "says" : "should say"} ${value.toFixed(2).replace("-", "−")}`;
  const line = box.y + box.height / 2 + (second ? 9 : -9);
  strip.write(text, x - 22, line, { color: colors[role], size: 13, weight: 600, align: "right", font: colors.font });
}

function heights(box, [low, high]) {
  return (value) => box.y + box.height * (1 - Math.min(1, Math.max(0, (value - low) / (high - low))));
}

function extent(values) {
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
  return [-1.15 * most, 1.15 * most];
}

function rowsOf(onehot, D) {
  return Array.from({ length: onehot.length / D }, (_, t) => onehot.subarray(t * D, (t + 1) * D).indexOf(1));
}
