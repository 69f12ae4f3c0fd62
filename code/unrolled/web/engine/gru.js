// The gated recurrent unit, reset gate after the product, the twin of unrolled/engine/gru.py:
//     r_t, z_t = sigmoid(x_t W_xr + h_{t-1} W_hr + b_r), the same for z
//     q_t = h_{t-1} W_hn + b_hn
//     n_t = tanh(x_t W_xn + b_n + r_t * q_t)
//     h_t = (1 - z_t) * n_t + z_t * h_{t-1}
// dims = {N, T, D, H}. The three gates stand side by side, in a row of 3 H.

import { addOuterProducts, addProduct, columnSums, part, repeatRow, sideBySide, swapAxes, transpose } from "./arrays.js";
import { checkGradient, checkInputs, checkNaN } from "./checks.js";
import { sigmoid, tanh } from "./functions.js";

export const STATE = ["h"]; // the parts of a state
const ORDER = ["r", "z", "n"];

// The shapes of the parameters.
export function shapes({ D, H }) {
  const all = {};
  for (const gate of ORDER) {
    Object.assign(all, { [`W_x${gate}`]: [D, H], [`W_h${gate}`]: [H, H], [`b_${gate}`]: [H] });
  }
  return { ...all, b_hn: [H] };
}

function packed(params, kind, rows, cols) {
  return sideBySide(ORDER.map((gate) => params[kind + gate]), rows, cols);
}

// Time first: x (T, N, D), h (T + 1, N, H) with the initial state in front, gates (T, N, 3 H),
// q (T, N, H). tape.gate("z") is one gate at all steps, (N, T, H).
function makeTape(dims, { x, h, gates, q }) {
  const { N, T, D, H } = dims;
  const size = N * H;
  return {
    dims,
    x,
    h,
    gates,
    q,
    state: [h.slice(T * size)],
    gate: (name) => swapAxes(part(gates, ORDER.indexOf(name), 3, T * N, H), T, N, H),
    window: (start, stop) =>
      makeTape(
        { ...dims, T: stop - start },
        {
          x: x.subarray(start * N * D, stop * N * D),
          h: h.subarray(start * size, (stop + 1) * size),
          gates: gates.subarray(start * 3 * size, stop * 3 * size),
          q: q.subarray(start * size, stop * size),
        }
      ),
  };
}

// x (N, T, D), state [h_0 (N, H)] or none for zeros -> { h (N, T, H), tape }.
export function forward(x, params, dims, state) {
  checkInputs(x, params, dims, state, shapes, STATE);
  const { N, T, D, H } = dims;
  const size = N * H;
  const xs = swapAxes(x, N, T, D);
  const h = new Float64Array((T + 1) * size);
  const q = new Float64Array(T * size);
  if (state) h.set(state[0]);
  const W_h = packed(params, "W_h", H, H);
  const gates = repeatRow(packed(params, "b_", 1, H), T * N);
  addProduct(xs, packed(params, "W_x", D, H), gates, T * N, D, 3 * H);
  const recurrent = new Float64Array(3 * size);
  for (let t = 0; t < T; t++) {
    recurrent.fill(0);
    addProduct(h.subarray(t * size, (t + 1) * size), W_h, recurrent, N, H, 3 * H);
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const from = n * 3 * H + j;
        const at = t * 3 * size + from;
        const now = t * size + n * H + j;
        const r = (gates[at] = sigmoid(gates[at] + recurrent[from]));
        const z = (gates[at + H] = sigmoid(gates[at + H] + recurrent[from + H]));
        q[now] = recurrent[from + 2 * H] + params.b_hn[j];
        const candidate = (gates[at + 2 * H] = tanh(gates[at + 2 * H] + r * q[now]));
        h[now + size] = candidate + z * (h[now] - candidate);
      }
    }
  }
  checkNaN(h.subarray(T * size), x, params, state);
  return { h: swapAxes(h.subarray(size), T, N, H), tape: makeTape(dims, { x: xs, h, gates, q }) };
}

// dh (N, T, H), dstate [dh_T] -> { dx (N, T, D), dstate [dh_0 (N, H)], grads }. flow (T, N, H), if
// given, gets the whole gradient of each h_t.
export function backward(dh, tape, params, dstate, flow) {
  checkGradient(dh, tape, params, dstate, shapes, STATE);
  const { N, T, D, H } = tape.dims;
  const { gates, h, q } = tape;
  const size = N * H;
  const W_h_T = transpose(packed(params, "W_h", H, H), H, 3 * H);
  const outside = swapAxes(dh, N, T, H);
  const da = new Float64Array(T * 3 * size); // before the activations of r and z, and of q
  const da_n = new Float64Array(T * size); // before the tanh
  const dh_t = new Float64Array(size);
  if (dstate) dh_t.set(dstate[0]);
  for (let t = T - 1; t >= 0; t--) {
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const at = (t * N + n) * 3 * H + j;
        const own = n * H + j;
        const now = t * size + own;
        const r = gates[at], z = gates[at + H], candidate = gates[at + 2 * H];
        const total = dh_t[own] + outside[now];
        if (flow) flow[now] = total;
        da_n[now] = (1 - z) * (1 - candidate * candidate) * total;
        da[at] = (1 - r) * r * q[now] * da_n[now];
        da[at + H] = (1 - z) * z * (h[now] - candidate) * total;
        da[at + 2 * H] = r * da_n[now];
        dh_t[own] = total * z;
      }
    }
    addProduct(da.subarray(t * 3 * size, (t + 1) * 3 * size), W_h_T, dh_t, N, 3 * H, H);
  }
  const dW_h = new Float64Array(H * 3 * H);
  addOuterProducts(h.subarray(0, T * size), da, dW_h, H, T * N, 3 * H);
  const db_hn = part(columnSums(da, T * N, 3 * H), 2, 3, 1, H);
  for (let row = 0; row < T * N; row++) {
    for (let j = 0; j < H; j++) da[(row * 3 + 2) * H + j] = da_n[row * H + j]; // from here on n
  }
  const dW_x = new Float64Array(D * 3 * H);
  addOuterProducts(tape.x, da, dW_x, D, T * N, 3 * H);
  const db = columnSums(da, T * N, 3 * H);
  const grads = {};
  ORDER.forEach((gate, k) => {
    grads[`W_x${gate}`] = part(dW_x, k, 3, D, H);
    grads[`W_h${gate}`] = part(dW_h, k, 3, H, H);
    grads[`b_${gate}`] = part(db, k, 3, 1, H);
  });
  grads.b_hn = db_hn;
  const dx = new Float64Array(T * N * D);
  addProduct(da, transpose(packed(params, "W_x", D, H), D, 3 * H), dx, T * N, 3 * H, D);
  return { dx: swapAxes(dx, T, N, D), dstate: [dh_t], grads };
}
