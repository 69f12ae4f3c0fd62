/* The twin of unrolled/explore/hidden_states.py. */
import { norm, principalComponents } from "../engine/linear_algebra.js";
import { forward } from "../engine/rnn.js";
import { matrix, row } from "./row.js";

const [T, H, D] = [24, 12, 27];
const [WORD, IMPULSE, SINE] = ["a word", "an impulse", "a sine"];
const BEHIND = 6;
const AWAKE = 1e-3;

const twin = (word) => (word[0] === "m" ? "f" : "m") + word.slice(1);

function inputs(pattern, word) {
  const x = new Float64Array(T * D);
  if (pattern === IMPULSE) x[0] = 1;
  else if (pattern === SINE) for (let t = 0; t < T; t++) x[t * D] = Math.sin((2 * Math.PI * t) / 12);
  else [...word].forEach((letter, t) => (x[t * D + 1 + letter.charCodeAt(0) - 97] = 1));
  return x;
}

function signs(x) {
  const sign = (value) => (Math.abs(value) < 1e-9 ? "0" : value > 0 ? "+" : "−");
  return Array.from({ length: T }, (_, t) => sign(x[t * D])).join("");
}

export function hiddenStates(known) {
  return ({ input_gain, recurrent_gain, pattern, word, t }) => {
    const params = {
      W_xh: known.W_xh.data.map((weight) => input_gain * weight),
      W_hh: known.W_hh.data.map((weight) => recurrent_gain * weight),
      b_h: new Float64Array(H),
    };
    const run = (x) => forward(x, params, { N: 1, T, D, H }).h;
    const x = inputs(pattern, word);
    const isWord = pattern === WORD;
    const [shown, compared] = [x, isWord ? inputs(WORD, twin(word)) : new Float64Array(T * D)].map(run);
    const all = new Float64Array(4 * T * H);
    [run(inputs(IMPULSE)), run(inputs(SINE)), shown, compared].forEach((h, i) => all.set(h, i * T * H));
    const { mean, components } = principalComponents(all, 4 * T, H);
    const path = [0, 1].map((k) => steps((i) => sum(H, (j) => (shown[i * H + j] - mean[j]) * components[j * 2 + k])));
    const difference = shown.map((value, i) => value - compared[i]);
    const apart = steps((i) => norm(difference.subarray(i * H, (i + 1) * H)));
    const lengths = steps((i) => norm(shown.subarray(i * H, (i + 1) * H)));
    const measure = isWord ? apart : lengths;
    const most = Math.max(...measure, 1e-300);
    const reach = Math.max(1.1 * Math.max(...path.flatMap((p) => [...p].map(Math.abs))), 1e-6);
    const states = Float64Array.from({ length: H * T }, (_, i) => shown[(i % T) * H + Math.floor(i / T)]);
    return {
      arrays: {
        states: matrix(states, H, T),
        minus: row(belowZero(states)),
        kept: row(measure.map((value, t) => (isWord && t >= word.length + BEHIND ? NaN : value / most))),
        path_x: row(path[0]),
        path_y: row(path[1]),
        now_x: row([path[0][t]]),
        now_y: row([path[1][t]]),
        reach: row([-reach, reach]),
      },
      facts: {
        length: lengths[t],
        apart: apart[t],
        twin: twin(word),
        read: (isWord ? word : signs(x)).padEnd(T, "·"),
        knows: apart[t] >= AWAKE ? "yes" : "no",
      },
    };
  };
}

const steps = (value) => Float64Array.from({ length: T }, (_, t) => value(t));

function sum(count, term) {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/* Begin, end and gap of a stroke for every value below zero, as in unrolled/figures/states.py. */
function belowZero(states) {
  return Array.from(states).flatMap((value, i) => {
    const place = value < 0 ? Math.floor(i / T) : NaN;
    return [place, place, NaN];
  });
}
