// One update of a cell with a readout, from unrolled/engine/training.py.
// dims = {N, T, D, H, K}; `cell` is a module such as rnn.js, `loss` a function of losses.js.

import { truncatedBackward } from "./bptt.js";
import * as dense from "./dense.js";
import { clipByGlobalNorm } from "./optimizers.js";

// x (N, T, D), state of (N, H) arrays or none -> { logits (N, T, K), state, h (N, T, H), tape }.
export function predict(x, params, { cell, dims, state }) {
  const { h, tape } = cell.forward(x, params, dims, state);
  return { logits: dense.forward(h, params, dims), state: tape.state, h, tape };
}

// One forward and one backward pass over a block. targets as `loss` takes them: N T classes or
// (N, T, K) values. With k1 and k2 the gradient is truncated. No gradient goes back into `state`.
// -> { value, grads, state }, the state after the last step.
export function lossAndGradients(x, targets, params, { cell, loss, dims, state, k1, k2 }) {
  const { logits, h, tape } = predict(x, params, { cell, dims, state });
  const { value, dlogits } = loss(logits, targets, dims.K);
  const readout = dense.backward(dlogits, h, params, dims);
  const recurrent =
    k1 === undefined && k2 === undefined
      ? cell.backward(readout.dh, tape, params)
      : truncatedBackward(readout.dh, tape, params, { cell, k1, k2 });
  return { value, grads: { ...recurrent.grads, ...readout.grads }, state: tape.state };
}

// Clips the gradients to maxNorm, if given, and changes params in place -> the norm before
// clipping, or null where there is no maxNorm.
export function update(params, grads, optimizer, maxNorm) {
  if (maxNorm === undefined || maxNorm === null) {
    optimizer.update(params, grads);
    return null;
  }
  const clipped = clipByGlobalNorm(grads, maxNorm);
  optimizer.update(params, clipped.grads);
  return clipped.norm;
}
