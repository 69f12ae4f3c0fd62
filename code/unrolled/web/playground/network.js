// The network of a setting: its start, its loss and its gradients. The twin of `start`, `gradients`
// and `reach` in unrolled/playground.

import { truncatedBackward } from "../engine/bptt.js";
import * as dense from "../engine/dense.js";
import * as gru from "../engine/gru.js";
import { identity, orthogonal, parameters } from "../engine/initializers.js";
import * as linear from "../engine/linear.js";
import { crossEntropy, meanSquaredError } from "../engine/losses.js";
import * as lstm from "../engine/lstm.js";
import { adam, momentum, sgd } from "../engine/optimizers.js";
import * as rnn from "../engine/rnn.js";
import { letters, steps } from "./tasks.js";

const CELLS = { rnn, lstm, gru, linear };
const STARTS = { orthogonal, identity };
const LOSSES = { softmax: crossEntropy, mse: meanSquaredError };
const OPTIMIZERS = { adam, momentum, sgd };

// What stays the same through a run -> { cell, loss, dims of a batch, classes: whether the outputs
// are classes, k1, k2, constants }. In a setting k2 = 0 is full BPTT, whatever k1, and k1 = 0 is as k2.
export function plan(setting, { tasks, constants }) {
  const { D, K, loss } = tasks[setting.task];
  const classes = loss === "softmax";
  const characters = setting.task === "text" ? letters(setting.text).length : 0;
  const T = steps(setting, constants);
  return {
    cell: CELLS[setting.cell],
    loss: LOSSES[loss],
    classes,
    dims: { N: setting.N, T, D: D ?? characters, H: setting.H, K: K ?? characters },
    k1: setting.k2 ? setting.k1 || setting.k2 : T,
    k2: setting.k2 || T,
    constants,
  };
}

// The parameters before the first update: the cell's are drawn first, then the readout's, then the
// recurrent matrices, in their order, unless `start` is gaussian: then the cell's have the gain.
export function start(setting, { cell, dims }, stream) {
  const { H, gain } = setting;
  const params = parameters(cell.shapes(dims), stream);
  if (params.b_f) params.b_f.fill(setting.bias);
  const recurrent = Object.keys(params).filter((name) => name.startsWith("W_h"));
  Object.assign(params, parameters(dense.shapes(dims), stream));
  for (const name of recurrent) {
    if (setting.start === "gaussian") params[name] = params[name].map((weight) => weight * gain);
    else params[name] = STARTS[setting.start](H, stream, gain);
  }
  return params;
}

export function optimizer({ optimizer, lr }) {
  return OPTIMIZERS[optimizer](lr);
}

// The last `count` steps of h (N, T, H): (N, count, H).
export function last(h, count, { N, T, H }) {
  if (count === T) return h;
  const out = new Float64Array(N * count * H);
  for (let n = 0; n < N; n++) {
    out.set(h.subarray((n * T + T - count) * H, (n + 1) * T * H), n * count * H);
  }
  return out;
}

// How many steps of each sequence have a target.
export function answered(targets, { classes, dims }, N) {
  return targets.length / N / (classes ? 1 : dims.K);
}

// Loss and gradients of a batch -> { value, grads }.
export function gradients({ x, targets }, params, network) {
  const { cell, loss, dims, k1, k2 } = network;
  const { N, T, H, K } = dims;
  const count = answered(targets, network, N);
  const { h, tape } = cell.forward(x, params, dims);
  const answers = last(h, count, dims);
  const { value, dlogits } = loss(dense.forward(answers, params, dims), targets, K);
  const readout = dense.backward(dlogits, answers, params, dims);
  let dh = readout.dh;
  if (count < T) {
    dh = new Float64Array(N * T * H);
    for (let n = 0; n < N; n++) {
      const own = readout.dh.subarray(n * count * H, (n + 1) * count * H);
      dh.set(own, (n * T + T - count) * H);
    }
  }
  const recurrent = truncatedBackward(dh, tape, params, { cell, k1, k2 });
  return { value, grads: { ...recurrent.grads, ...readout.grads } };
}
