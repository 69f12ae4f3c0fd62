/* The twin of unrolled/explore/fixed_points.py. */
import { backwardNorms } from "../engine/gradient_flow.js";
import { norm } from "../engine/linear_algebra.js";
import { forward } from "../engine/rnn.js";
import { H, K, MOST, network, scenery } from "./landscape.js";
import { row } from "./row.js";

const UPDATES = [0, 20, 30, 50, 100, 1500];
const [EACH, T, FAINTEST] = [6, 60, -20];
const PUSHES = { l: [-1, 0], r: [1, 0], u: [0, 1], d: [0, -1], ".": [0, 0] };
const KINDS = ["stable", "saddle", "source"];

export function fixedPoints(known) {
  const drawn = UPDATES.map(() => null); // what does not depend on the pushes, network by network
  return ({ updates, pushes, t }) => {
    const number = UPDATES.indexOf(updates);
    const net = network(known, number);
    const { own, params } = net;
    drawn[number] ??= scenery(net);
    const x = new Float64Array(T * K);
    [...pushes].forEach((letter, i) => x.set(PUSHES[letter], i * EACH * K));
    const { h, tape } = forward(x, params, { N: 1, T, D: K, H });
    const answers = net.answers(h);
    const [points, kinds] = [own("points"), own("kinds")];
    const places = net.answers(points);
    const count = kinds.filter(Number.isFinite).length;
    const state = h.subarray(t * H, (t + 1) * H);
    const apart = [...Array(count).keys()].map((i) => norm(state.map((value, j) => points[i * H + j] - value)));
    const here = apart.indexOf(Math.min(...apart));
    const values = ["real", "imaginary"].map((part) => own(part).subarray(here * H, (here + 1) * H));
    const rate = Math.hypot(values[0][0], values[1][0]);
    const { pushed, right, told } = asked(x, t, answers);
    const bit = Number(x[pushed * K + 1] !== 0);
    const dh_T = Float64Array.from({ length: H }, (_, i) => own("W_hy")[i * K + bit]);
    const back = backwardNorms(tape.window(0, t + 1), params, dh_T);
    const gradient = Array.from({ length: T }, (_, step) => (step <= t ? logOf(back[step] / back[t]) : NaN));
    const walked = (k) => row(Array.from({ length: T }, (_, step) => (step <= t ? answers[step * K + k] : NaN)));
    const reach = Math.max(1.5, 1.1 * Math.max(...places.subarray(0, count * K).map(Math.abs), ...answers.map(Math.abs)));
    const edge = 1.1 * Math.max(1, rate);
    const of = (kind, k) => row(Array.from({ length: MOST }, (_, i) => (Math.min(kinds[i], 2) === kind ? places[i * K + k] : NaN)));
    const marks = KINDS.flatMap((kind, n) => ["x", "y"].map((axis, k) => [`${kind}_${axis}`, of(n, k)]));
    const how = (kind) => kinds.filter((value) => Math.min(value, 2) === kind).length;
    return {
      arrays: {
        ...Object.fromEntries(marks),
        ...drawn[number],
        path_x: walked(0),
        path_y: walked(1),
        now_x: row([answers[t * K]]),
        now_y: row([answers[t * K + 1]]),
        plane: row([-reach, reach]),
        real: row(values[0]),
        imaginary: row(values[1]),
        disc: row([-edge, edge]),
        gradient: row(gradient),
        decades: row([Math.min(-2, Math.floor(Math.min(...gradient.slice(0, t + 1)))) - 0.5, 1]),
      },
      facts: {
        stable: how(0),
        saddles: how(1),
        sources: how(2),
        count,
        since: t - pushed,
        horizontal: answers[t * K] > 0 ? "right" : "left",
        vertical: answers[t * K + 1] > 0 ? "up" : "down",
        judged: right < told ? "wrong" : ["untold", "half", "right"][told],
        left: gradient[pushed],
        kind: KINDS[Math.min(2, kinds[here])],
        rate,
      },
    };
  };
}

const logOf = (value) => (value > 0 ? Math.max(Math.log10(value), FAINTEST) : FAINTEST);

/* The step of the last push up to t (0 if there is none), how many answers are right, and asked for. */
function asked(x, t, answers) {
  const last = [0, 0];
  let pushed = 0;
  for (let step = 0; step <= t; step++) {
    for (let k = 0; k < K; k++) {
      if (!x[step * K + k]) continue;
      last[k] = x[step * K + k];
      pushed = step;
    }
  }
  const told = last.filter(Boolean).length;
  return { pushed, told, right: last.filter((push, k) => push * answers[t * K + k] > 0).length };
}
