/* The twin of unrolled/explore/landscape.py: what does not depend on the pushes. */
import { forward as readout } from "../engine/dense.js";
import { tanh } from "../engine/functions.js";
import { row } from "./row.js";

export const H = 16;
export const K = 2;
export const MOST = 9;
const [FAR, EVERY, AWAY, FLOWS] = [150, 3, 1e-3, 14];

/* Parameters and fixed points of one network. */
export function network(known, number) {
  const own = (key) => known[`${key}_${number}`].data;
  const params = { W_xh: own("W_xh"), W_hh: own("W_hh"), b_h: own("b_h") };
  return { own, params, answers: (h) => readout(h, { W_hy: own("W_hy"), b_y: own("b_y") }, { H, K }) };
}

/* Ways out and flow lines as rows of numbers with gaps. */
export function scenery({ own, params, answers }) {
  const [ways, places, held] = [own("ways"), own("places"), own("held")];
  const beside = [1, -1].flatMap((sign) => Array.from(places, (place, i) => place + sign * AWAY * ways[i]));
  const out = seen(Float64Array.of(...places, ...places), Float64Array.from(beside), FAR, params, answers);
  const flow = seen(held, held, FLOWS, params, answers);
  return {
    ...joined("out", out.filter((_, step) => step % EVERY === 0)),
    ...joined("flow", flow.slice(2)),
  };
}

/* The answers at some states and after each silent step from others: a list over the steps. */
function seen(first, states, steps, params, answers) {
  const found = [answers(first)];
  let now = states;
  for (let step = 0; step < steps; step++) {
    found.push(answers(now));
    if (step < steps - 1) now = silent(now, params);
  }
  return found;
}

/* One step without input, for states (n, H). */
function silent(states, { W_hh, b_h }) {
  const after = new Float64Array(states.length);
  for (let start = 0; start < states.length; start += H) {
    for (let j = 0; j < H; j++) {
      let sum = b_h[j];
      for (let i = 0; i < H; i++) sum += states[start + i] * W_hh[i * H + j];
      after[start + j] = tanh(sum);
    }
  }
  return after;
}

/* Ways, one behind the other with a gap after each, as the arrays name_x and name_y. */
function joined(name, found) {
  const axis = (k) => {
    const values = [];
    for (let way = 0; way < found[0].length / K; way++) {
      for (const answers of found) values.push(answers[way * K + k]);
      values.push(NaN);
    }
    return row(values);
  };
  return { [`${name}_x`]: axis(0), [`${name}_y`]: axis(1) };
}
