// What truncation does to the gradient of a vanilla RNN, lag by lag: the sums that
// unrolled/analysis/truncation.py takes over its pair gradients, without storing the pairs.
// A pair is (loss at step e, visit to the weights at step e - lag).

import { addOuterProducts, addProduct, addTo, swapAxes, transpose } from "./arrays.js";
import { blocks, checkLengths } from "./bptt.js";
import { checkArray, checkParams } from "./checks.js";
import { shapes } from "./rnn.js";

// How many steps back each loss reaches under truncation: Int32Array (T). Loss e reaches lag 0 to
// reach[e].
export function reach(T, k1, k2) {
  checkLengths(k1, k2);
  const steps = new Int32Array(T);
  for (const [first, stop] of blocks(T, k1)) {
    for (let e = first; e < stop; e++) steps[e] = e - Math.max(0, stop - k2);
  }
  return steps;
}

// Sum of the pair gradients of each lag, over all pairs and over those that each reach of `reaches`
// keeps. dh (N, T, H): gradient of each step's loss with respect to that step's state; tape from
// rnn.forward -> a list of (T, P), one more than reaches, the first over all pairs. A row is the
// gradient of W_xh, W_hh and b_h, flattened in that order: P = (D + H + 1) H.
export function byLag(dh, tape, params, reaches = []) {
  const { N, T, D, H } = tape.dims;
  checkParams(params, shapes(tape.dims));
  checkArray("dh", dh, [N, T, H], "N, T, H");
  for (const steps of reaches) {
    if (steps?.length !== T) {
      const got = steps?.length;
      throw new Error(`a reach must have one number for each of T = ${T} steps; got ${got}`);
    }
  }
  const size = N * H;
  const width = D + H + 1;
  const P = width * H;
  const W_hh_T = transpose(params.W_hh, H, H);
  const slope = tape.h.slice(size).map((h_t) => 1 - h_t * h_t);
  const seen = visits(tape);
  let da = swapAxes(dh, N, T, H).map((value, i) => value * slope[i]); // (T - lag, N, H)
  let before = new Float64Array(T * size); // the same of the next lag
  const sums = [null, ...reaches].map(() => new Float64Array(T * P));
  const group = new Float64Array(P);
  for (let lag = 0; lag < T; lag++) {
    // Losses in a row that the same reaches keep are summed once; e is the loss, e - lag the visit.
    for (let e = lag, end; e < T; e = end) {
      const keeps = reaches.map((steps) => lag <= steps[e]);
      end = e + 1;
      while (end < T && reaches.every((steps, k) => lag <= steps[end] === keeps[k])) end++;
      const from = (e - lag) * N;
      const to = (end - lag) * N;
      const rows = seen.subarray(from * width, to * width);
      group.fill(0);
      addOuterProducts(rows, da.subarray(from * H, to * H), group, width, to - from, H);
      sums.forEach((sum, k) => {
        if (k === 0 || keeps[k - 1]) addTo(sum.subarray(lag * P, (lag + 1) * P), group);
      });
    }
    before.fill(0);
    addProduct(da.subarray(size), W_hh_T, before, (T - lag - 1) * N, H, H);
    for (let i = 0; i < (T - lag - 1) * size; i++) before[i] *= slope[i];
    [da, before] = [before, da];
  }
  return sums;
}

// What multiplies the weights at each visit, x_t, h_{t-1} and 1 side by side: (T, N, D + H + 1).
function visits(tape) {
  const { N, T, D, H } = tape.dims;
  const width = D + H + 1;
  const out = new Float64Array(T * N * width);
  for (let row = 0; row < T * N; row++) {
    out.set(tape.x.subarray(row * D, (row + 1) * D), row * width);
    out.set(tape.h.subarray(row * H, (row + 1) * H), row * width + D);
    out[row * width + D + H] = 1;
  }
  return out;
}
