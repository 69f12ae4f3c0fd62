/* The twin of unrolled/explore/stretch.py. */
import { row } from "./row.js";

const STEPS = 40;
const POINTS = 61;
const FLOOR = -12;
const MATRICES = {
  shrinks: [0.8, 0.1, 0.1, 0.8],
  turns: [0.8, -0.6, 0.6, 0.8],
  shears: [0.9, 1.5, 0, 0.9],
  folds: [2, 2, -2, -2],
};

const log10 = (length) => (length > 0 ? Math.max(Math.log10(length), FLOOR) : FLOOR);
const apply = ([a, b, c, d], [x, y]) => [a * x + b * y, c * x + d * y];
const times = ([a, b, c, d], [e, f, g, h]) => [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];

export function stretch() {
  return ({ matrix, slope, n, angle }) => {
    const [a, b, c, d] = MATRICES[matrix];
    const M = [a, b * slope, c, d * slope];
    const arrow = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    let power = [1, 0, 0, 1];
    const [tips, norms] = [[arrow], [1]];
    let ellipse = Array.from({ length: POINTS }, (_, i) => (2 * Math.PI * i) / (POINTS - 1)).map((turn) => [Math.cos(turn), Math.sin(turn)]);
    for (let step = 0; step < STEPS; step++) {
      power = times(M, power);
      tips.push(apply(power, arrow));
      norms.push(norm(power));
      if (step < n) ellipse = ellipse.map((point) => apply(M, point));
    }
    const lengths = tips.map(([x, y]) => log10(Math.hypot(x, y)));
    const most = norms.map(log10);
    const radius = spectralRadius(M);
    const pure = norms.map((_, k) => log10(radius ** k));
    const reach = Math.max(...tips.slice(0, n + 1).flat().map(Math.abs), ...ellipse.flat().map(Math.abs), 1e-12);
    const seen = [...lengths, ...most, ...pure.filter((log) => log > FLOOR)];
    const column = (points, i) => row(points.map((point) => point[i]));
    const trail = tips.map((tip, k) => (k <= n ? tip : [NaN, NaN]));
    const drawn = lengths[n] > FLOOR ? [[0, 0], tips[n]] : [[NaN, NaN], [NaN, NaN]];
    return {
      arrays: {
        ellipse_x: column(ellipse, 0),
        ellipse_y: column(ellipse, 1),
        trail_x: column(trail, 0),
        trail_y: column(trail, 1),
        arrow_x: column(drawn, 0),
        arrow_y: column(drawn, 1),
        plane: row([-1.15 * reach, 1.15 * reach]),
        lengths: row(lengths),
        most: row(most),
        pure: row(pure),
        length_range: row([Math.min(...seen) - 0.3, Math.max(...seen, 1) + 0.3]),
      },
      facts: {
        norm: norm(M),
        radius,
        length: lengths[n],
        most_now: most[n],
        left: remains(norms[n], lengths[n], most[n]),
        fate: fate(norm(M), radius),
      },
    };
  };
}

function remains(norm, length, most) {
  if (most === FLOOR) return norm ? "traces" : "nothing";
  return length === FLOOR ? "others" : "some";
}

function norm([a, b, c, d]) {
  return (Math.hypot(a + d, b - c) + Math.hypot(a - d, b + c)) / 2;
}

function spectralRadius([a, b, c, d]) {
  const inside = ((a - d) / 2) ** 2 + b * c;
  return inside >= 0 ? Math.abs(a + d) / 2 + Math.sqrt(inside) : Math.sqrt(a * d - b * c);
}

function fate(norm, radius) {
  if (norm < 1 + 1e-9) return norm < 1 - 1e-9 ? "shrinks at once" : "never longer";
  if (radius < 1 - 1e-9) return "grows first";
  return radius < 1 + 1e-9 ? "levels off" : "grows";
}
