// A recurrent network without a tanh, the twin of unrolled/engine/linear.py:
//     h_t = x_t W_xh + h_{t-1} W_hh + b_h
// dims = {N, T, D, H}: N sequences of T steps, D inputs, H hidden units.

import { addOuterProducts, addProduct, columnSums, repeatRow, swapAxes, transpose } from "./arrays.js";
import { checkGradient, checkInputs, checkNaN } from "./checks.js";
import * as rnn from "./rnn.js";

// What it holds and remembers is what a network with a tanh does.
export const STATE = rnn.STATE;
export const shapes = rnn.shapes;

// x (N, T, D), state [h_0 (N, H)] or none for zeros -> { h (N, T, H), tape }.
export function forward(x, params, dims, state) {
  checkInputs(x, params, dims, state, shapes, STATE);
  const { N, T, D, H } = dims;
  const size = N * H;
  const xs = swapAxes(x, N, T, D);
  const h = new Float64Array((T + 1) * size);
  if (state) h.set(state[0]);
  const after = h.subarray(size);
  after.set(repeatRow(params.b_h, T * N));
  addProduct(xs, params.W_xh, after, T * N, D, H);
  for (let t = 0; t < T; t++) {
    const h_t = after.subarray(t * size, (t + 1) * size); // x_t W_xh + b_h so far
    addProduct(h.subarray(t * size, (t + 1) * size), params.W_hh, h_t, N, H, H);
  }
  checkNaN(h.subarray(T * size), x, params, state);
  return { h: swapAxes(after, T, N, H), tape: rnn.makeTape(dims, xs, h) };
}

// dh (N, T, H): gradient with respect to each h_t from outside the recurrence. dstate [(N, H)]:
// with respect to the final state, from what came after it, or none. flow (T, N, H), if given, gets
// the whole gradient of each h_t
// -> { dx (N, T, D), dstate [dh_0 (N, H)], grads }.
export function backward(dh, tape, params, dstate, flow) {
  checkGradient(dh, tape, params, dstate, shapes, STATE);
  const { N, T, D, H } = tape.dims;
  const size = N * H;
  const W_hh_T = transpose(params.W_hh, H, H);
  const outside = swapAxes(dh, N, T, H);
  const da = new Float64Array(T * size); // gradient of each h_t from all that follows
  const dh_t = new Float64Array(size);
  if (dstate) dh_t.set(dstate[0]);
  for (let t = T - 1; t >= 0; t--) {
    const da_t = da.subarray(t * size, (t + 1) * size);
    for (let i = 0; i < size; i++) da_t[i] = dh_t[i] + outside[t * size + i];
    dh_t.fill(0);
    addProduct(da_t, W_hh_T, dh_t, N, H, H);
  }
  const grads = {
    W_xh: new Float64Array(D * H),
    W_hh: new Float64Array(H * H),
    b_h: columnSums(da, T * N, H),
  };
  addOuterProducts(tape.x, da, grads.W_xh, D, T * N, H);
  addOuterProducts(tape.h.subarray(0, T * size), da, grads.W_hh, H, T * N, H);
  if (flow) flow.set(da);
  const dx = new Float64Array(T * N * D);
  addProduct(da, transpose(params.W_xh, D, H), dx, T * N, H, D);
  return { dx: swapAxes(dx, T, N, D), dstate: [dh_t], grads };
}
