/* Lines of a pen: a smooth one to draw, and what a reader has written as offsets to read. */
import { READ } from "./answers/hands.js";

const [STRIDE, LOW, HIGH] = [0.48, 0.7, 5]; // of a reader's pen between points; heights that are known

/* A curve through points: at each it goes in the direction from the one before to the one after. */
export function smooth(points) {
  const at = (i) => points[Math.min(Math.max(i, 0), points.length - 1)];
  const text = (pair) => pair.map((value) => value.toFixed(1)).join(" ");
  const parts = points.slice(1).map((_, i) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const first = [0, 1].map((axis) => from[axis] + (to[axis] - before[axis]) / 6);
    const second = [0, 1].map((axis) => to[axis] - (after[axis] - from[axis]) / 6);
    return `C${text(first)} ${text(second)} ${text(to)}`;
  });
  return `M${text(points[0])}${parts.join("")}`;
}

/* Strokes in pixels as offsets of about one STRIDE, in the height of a small letter. */
export function offsetsOf(strokes, unit) {
  const lines = strokes.filter((stroke) => stroke.length > 1).map((stroke) => stroke.map(([x, y]) => [x / unit, -y / unit]));
  const heights = lines.flat().map(([, y]) => y);
  const height = Math.max(...heights) - Math.min(...heights);
  const factor = !(height > 0) ? 1 : height < LOW ? LOW / height : height > HIGH ? HIGH / height : 1;
  const offsets = [];
  let at = null;
  for (const line of lines) {
    const points = spaced(line.map(([x, y]) => [factor * x, factor * y]), STRIDE);
    for (const point of at ? points : points.slice(1)) {
      const from = at ?? points[0];
      offsets.push([point[0] - from[0], point[1] - from[1], 0]);
      at = point;
    }
    if (offsets.length) offsets.at(-1)[2] = 1;
  }
  if (offsets.length) offsets.at(-1)[2] = 0; // the network may go on with the word
  return offsets.slice(0, READ);
}

/* Points along a line, each `stride` from the one before. */
function spaced(line, stride) {
  const points = [line[0]];
  let left = stride;
  for (let i = 1; i < line.length; i++) {
    let [from, to] = [line[i - 1], line[i]];
    let length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    while (length >= left) {
      const part = left / length;
      from = [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
      points.push(from);
      length -= left;
      left = stride;
    }
    left -= length;
  }
  return points;
}
