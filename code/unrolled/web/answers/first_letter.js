/* The twin of unrolled/explore/first_letter.py. */
import { backwardNorms } from "../engine/gradient_flow.js";
import { norm } from "../engine/linear_algebra.js";
import { forward } from "../engine/rnn.js";
import { row } from "./row.js";

const [H, D, LONGEST, REACH] = [12, 26, 14, 3];
const OTHERS = { m: "f", f: "m", g: "v", v: "g" };

const twin = (word) => (OTHERS[word[0]] ?? "m") + word.slice(1);

function inputs(word) {
  const x = new Float64Array(word.length * D);
  [...word].forEach((letter, t) => (x[t * D + letter.charCodeAt(0) - 97] = 1));
  return x;
}

export function firstLetter(known) {
  const params = { W_xh: known.W_xh.data, W_hh: known.W_hh.data, b_h: new Float64Array(H) };
  return ({ word, cut }) => {
    const T = word.length;
    const [read, other] = [word, twin(word)].map((each) => forward(inputs(each), params, { N: 1, T, D, H }));
    const difference = read.h.map((value, i) => value - other.h[i]);
    const apart = steps(T, (t) => norm(difference.subarray(t * H, (t + 1) * H)));
    const kept = apart.map((value) => value / apart[0]);
    const wall = cut && T > 1 ? Math.max(1, T - REACH) : 0;
    const left = backwardNorms(read.tape, params, known.correction.data).fill(0, 0, wall);
    return {
      arrays: {
        kept: padded(kept),
        left: padded(left),
        back: padded(steps(T, (t) => (t === wall ? 0 : left[t]))),
        home: padded(steps(T, (t) => (t ? NaN : left[0]))),
        asked: padded(steps(T, (t) => (t === T - 1 ? 1 : NaN))),
        wall: padded(steps(T, (t) => Number(wall > 0 && t === wall))),
      },
      facts: {
        first: word[0],
        trace: word[0].repeat(T),
        twin: twin(word),
        percent: 100 * kept[T - 1],
        arrives: 100 * left[0],
        way: T === 1 ? "none" : wall ? "cut" : "open",
      },
    };
  };
}

const steps = (T, value) => Float64Array.from({ length: T }, (_, t) => value(t));

function padded(values) {
  const out = new Float64Array(LONGEST).fill(NaN);
  out.set(values);
  return row(out);
}
