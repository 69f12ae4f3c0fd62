/* The twin of unrolled/explore/landscape.py: what does not depend on the pushes. */
import { forward as readout } from "../engine/dense.js";
import { tanh } from "../engine/functions.js";
import { row } from "./row.js";

export const H = 16;
export const K = 2;
export const MOST = 9;
const WAYS = 6;
const [AWAY, BETWEEN, FAR, FLOWS, FALL] = [0.01, 4, 110, 16, 2];
const GRID = Array.from({ length: 11 }, (_, i) => -1.4 + (2.8 * i) / 10);

/* Parameters and fixed points of one network. */
export function network(known, number) {
  const own = (key) => known[`${key}_${number}`].data;
  const params = { W_xh: own("W_xh"), W_hh: own("W_hh"), b_h: own("b_h") };
  return { own, params, answers: (h) => readout(h, { W_hy: own("W_hy"), b_y: own("b_y") }, { H, K }) };
}

/* Ways out and flow lines as rows of numbers with gaps. */
export function scenery({ own, params, answers }) {
  const [ways, places, rates] = [own("ways"), own("places"), own("rates")];
  const states = [];
  for (const sign of [1, -1]) {
    for (let way = 0; way < WAYS; way++) {
      for (let part = 0; part < BETWEEN; part++) {
        const away = sign * AWAY * rates[way] ** (part / BETWEEN);
        for (let i = way * H; i < (way + 1) * H; i++) states.push(places[i] + away * ways[i]);
      }
    }
  }
  return {
    ...joined("out", seen(Float64Array.from(states), FAR, params, answers), BETWEEN),
    ...joined("flow", seen(letGo(own("lift"), own("b_y")), FLOWS, params, answers).slice(FALL), 1),
  };
}

/* For each place of a grid over the answers the smallest state that gives them. */
function letGo(lift, b_y) {
  const states = GRID.flatMap((up) => GRID.flatMap((right) => Array.from({ length: H }, (_, i) => (right - b_y[0]) * lift[i] + (up - b_y[1]) * lift[H + i])));
  return Float64Array.from(states, (value) => Math.min(Math.max(value, -1), 1));
}

/* The answers at some states and after each of their next steps in silence: a list over the steps. */
function seen(states, steps, params, answers) {
  const found = [];
  let now = states;
  for (let step = 0; step < steps; step++) {
    if (step) now = silent(now, params);
    found.push(answers(now));
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

/* Ways, each of so many interleaved parts, one behind the other with a gap after each, as name_x and
   name_y. */
function joined(name, found, parts) {
  const axis = (k) => {
    const values = [];
    for (let way = 0; way < found[0].length / (K * parts); way++) {
      for (const answers of found) {
        for (let part = 0; part < parts; part++) values.push(answers[(way * parts + part) * K + k]);
      }
      values.push(NaN);
    }
    return row(values);
  };
  return { [`${name}_x`]: axis(0), [`${name}_y`]: axis(1) };
}
