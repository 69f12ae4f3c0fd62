// How a gradient changes on its way back through the vanilla RNN, the twin of
// unrolled/analysis/gradient_flow.py. The Jacobian of one step, J_t = dh_t/dh_{t-1}, is W_hh with
// column j scaled by 1 - h_t[j]^2: rows belong to h_{t-1}, columns to h_t.

import { addProduct, transpose } from "./arrays.js";
import { checkArray, checkParams } from "./checks.js";
import { norm } from "./linear_algebra.js";

// Length of dL/dh_t at every step, over all sequences and units, for a loss that looks at the last
// state alone. tape from rnn.forward, dh_T (N, H) -> (T); the last element is the length of dh_T.
export function backwardNorms(tape, params, dh_T) {
  const { N, T, H } = tape.dims;
  checkParams(params, { W_hh: [H, H] });
  checkArray("dh_T", dh_T, [N, H], "N, H");
  const size = N * H;
  const W_hh_T = transpose(params.W_hh, H, H);
  const norms = new Float64Array(T);
  const dh_t = dh_T.slice();
  const da_t = new Float64Array(size);
  for (let t = T - 1; t >= 0; t--) {
    norms[t] = norm(dh_t);
    for (let i = 0; i < size; i++) {
      const h_t = tape.h[(t + 1) * size + i];
      da_t[i] = dh_t[i] * (1 - h_t * h_t);
    }
    dh_t.fill(0);
    addProduct(da_t, W_hh_T, dh_t, N, H, H);
  }
  return norms;
}

// J_t of one sequence at every step: (T, H, H).
export function jacobians(tape, params, sequence = 0) {
  const { N, T, H } = tape.dims;
  checkParams(params, { W_hh: [H, H] });
  if (!Number.isInteger(sequence) || sequence < 0 || sequence >= N) {
    throw new Error(`sequence must lie in 0..${N - 1}; got ${sequence}`);
  }
  const out = new Float64Array(T * H * H);
  for (let t = 0; t < T; t++) {
    const h_t = tape.h.subarray(((t + 1) * N + sequence) * H);
    for (let j = 0; j < H; j++) {
      const slope = 1 - h_t[j] * h_t[j];
      for (let i = 0; i < H; i++) out[(t * H + i) * H + j] = params.W_hh[i * H + j] * slope;
    }
  }
  return out;
}

// dh_{T-1}/dh_0 of one sequence, the product of the T - 1 Jacobians between: (H, H).
export function jacobianProduct(tape, params, sequence = 0) {
  const { T, H } = tape.dims;
  const all = jacobians(tape, params, sequence);
  let product = new Float64Array(H * H);
  for (let i = 0; i < H; i++) product[i * H + i] = 1;
  for (let t = 1; t < T; t++) {
    const next = new Float64Array(H * H);
    addProduct(product, all.subarray(t * H * H, (t + 1) * H * H), next, H, H, H);
    product = next;
  }
  return product;
}
