// What a network says, and how well it does: 0 for a rival that has not read the input, 1 for no
// mistake. The twin of `outputs`, `skill` and `alone` in unrolled/playground.

import * as dense from "../engine/dense.js";
import { answered, last } from "./network.js";
import { batch, chance, spread, steps } from "./tasks.js";

const GROUP = 16; // sequences at a time, since a forward pass remembers all of its steps

// Logits or numbers (N, asked, K) at the last steps of N sequences.
export function outputs({ x, targets }, N, params, network) {
  const { cell } = network;
  const { D, K } = network.dims;
  const T = x.length / N / D;
  const asked = answered(targets, network, N);
  const found = new Float64Array(N * asked * K);
  for (let n = 0; n < N; n += GROUP) {
    const dims = { ...network.dims, N: Math.min(GROUP, N - n), T };
    const own = x.subarray(n * T * D, (n + dims.N) * T * D);
    const { h } = cell.forward(own, params, dims);
    found.set(dense.forward(last(h, asked, dims), params, dims), n * asked * K);
  }
  return found;
}

// Skill of outputs, never below 0.
export function skill(setting, found, targets, network, times = 1) {
  const { K } = network.dims;
  if (network.classes) {
    const rival = chance(setting);
    const said = likeliest(found, K);
    const right = targets.reduce((sum, target, i) => sum + (said[i] === target), 0);
    return Math.max(0, (right / targets.length - rival) / (1 - rival));
  }
  let error = 0;
  for (let i = 0; i < found.length; i++) error += (found[i] - targets[i]) * (found[i] - targets[i]);
  return Math.max(0, 1 - error / found.length / spread(setting, network.constants, times));
}

// The likeliest class of each row of logits (..., K); the first of equals.
export function likeliest(logits, K) {
  const found = new Int32Array(logits.length / K);
  for (let i = 0; i < found.length; i++) {
    for (let k = 1; k < K; k++) if (logits[i * K + k] > logits[i * K + found[i]]) found[i] = k;
  }
  return found;
}

// Waves and text: after T steps the network reads, from then on, what it has said itself; in a text
// it says the likeliest letter -> { skill } of N sequences, and of the first { heard (T, D), said
// (steps) and truth (steps): numbers or classes }.
export function alone(setting, params, network, N, stream) {
  const { cell, classes, dims, constants } = network;
  const { D, K } = dims;
  const T = steps(setting, constants);
  const more = constants.alone[setting.task];
  const long = T + more - 1;
  const { x, targets } = batch({ ...setting, T: long }, N, stream, constants);
  const heard = new Float64Array(N * T * D);
  for (let n = 0; n < N; n++) heard.set(x.subarray(n * long * D, (n * long + T) * D), n * T * D);
  const found = new Float64Array(N * more * K);
  const truth = new targets.constructor(N * more);
  for (let n = 0; n < N; n++) truth.set(targets.subarray(n * long + T - 1, (n + 1) * long), n * more);
  let { h, tape } = cell.forward(heard, params, { ...dims, N });
  for (let t = 0; t < more; t++) {
    const now = { ...dims, N, T: tape.dims.T };
    const said = dense.forward(last(h, 1, now), params, now);
    for (let n = 0; n < N; n++) found.set(said.subarray(n * K, (n + 1) * K), (n * more + t) * K);
    if (t === more - 1) break;
    const next = classes ? new Float64Array(N * D) : said;
    if (classes) likeliest(said, K).forEach((letter, n) => (next[n * D + letter] = 1));
    ({ h, tape } = cell.forward(next, params, { ...dims, N, T: 1 }, tape.state));
  }
  return {
    skill: skill(setting, found, truth, network),
    heard: heard.slice(0, T * D),
    said: classes ? likeliest(found.subarray(0, more * K), K) : found.slice(0, more),
    truth: truth.slice(0, more),
  };
}
