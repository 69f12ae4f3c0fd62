// The long short-term memory, the twin of unrolled/engine/lstm.py:
//     i_t, f_t, o_t = sigmoid(x_t W_xi + h_{t-1} W_hi + b_i), the same for f and o
//     g_t = tanh(x_t W_xg + h_{t-1} W_hg + b_g)
//     c_t = f_t * c_{t-1} + i_t * g_t
//     h_t = o_t * tanh(c_t)
// dims = {N, T, D, H}. A state is [h_t, c_t]. The four gates stand side by side, in a row of 4 H.

import { addOuterProducts, addProduct, columnSums, part, repeatRow, sideBySide, swapAxes, transpose } from "./arrays.js";
import { checkGradient, checkInputs, checkNaN } from "./checks.js";
import { sigmoid, tanh } from "./functions.js";

export const STATE = ["h", "c"]; // the parts of a state
const ORDER = ["i", "f", "g", "o"];

// The shapes of the parameters.
export function shapes({ D, H }) {
  const all = {};
  for (const gate of ORDER) {
    Object.assign(all, { [`W_x${gate}`]: [D, H], [`W_h${gate}`]: [H, H], [`b_${gate}`]: [H] });
  }
  return all;
}

function packed(params, kind, rows, cols) {
  return sideBySide(ORDER.map((gate) => params[kind + gate]), rows, cols);
}

// Time first: x (T, N, D), h and c (T + 1, N, H) with the initial state in front, gates
// (T, N, 4 H), tanh_c (T, N, H). tape.gate("f") is one gate at all steps, (N, T, H).
function makeTape(dims, { x, h, c, gates, tanh_c }) {
  const { N, T, D, H } = dims;
  const size = N * H;
  return {
    dims,
    x,
    h,
    c,
    gates,
    tanh_c,
    state: [h.slice(T * size), c.slice(T * size)],
    gate: (name) => swapAxes(part(gates, ORDER.indexOf(name), 4, T * N, H), T, N, H),
    window: (start, stop) =>
      makeTape(
        { ...dims, T: stop - start },
        {
          x: x.subarray(start * N * D, stop * N * D),
          h: h.subarray(start * size, (stop + 1) * size),
          c: c.subarray(start * size, (stop + 1) * size),
          gates: gates.subarray(start * 4 * size, stop * 4 * size),
          tanh_c: tanh_c.subarray(start * size, stop * size),
        }
      ),
  };
}

// x (N, T, D), state [h_0, c_0], (N, H) each, or none for zeros -> { h (N, T, H), tape }.
export function forward(x, params, dims, state) {
  checkInputs(x, params, dims, state, shapes, STATE);
  const { N, T, D, H } = dims;
  const size = N * H;
  const xs = swapAxes(x, N, T, D);
  const h = new Float64Array((T + 1) * size);
  const c = new Float64Array((T + 1) * size);
  const tanh_c = new Float64Array(T * size);
  if (state) h.set(state[0]);
  if (state) c.set(state[1]);
  const W_h = packed(params, "W_h", H, H);
  const gates = repeatRow(packed(params, "b_", 1, H), T * N);
  addProduct(xs, packed(params, "W_x", D, H), gates, T * N, D, 4 * H);
  for (let t = 0; t < T; t++) {
    const a_t = gates.subarray(t * 4 * size, (t + 1) * 4 * size); // becomes i, f, g, o
    addProduct(h.subarray(t * size, (t + 1) * size), W_h, a_t, N, H, 4 * H);
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const at = n * 4 * H + j;
        const now = t * size + n * H + j;
        const i = (a_t[at] = sigmoid(a_t[at]));
        const f = (a_t[at + H] = sigmoid(a_t[at + H]));
        const g = (a_t[at + 2 * H] = tanh(a_t[at + 2 * H]));
        const o = (a_t[at + 3 * H] = sigmoid(a_t[at + 3 * H]));
        c[now + size] = i * g + f * c[now];
        tanh_c[now] = tanh(c[now + size]);
        h[now + size] = o * tanh_c[now];
      }
    }
  }
  checkNaN(h.subarray(T * size), x, params, state);
  return {
    h: swapAxes(h.subarray(size), T, N, H),
    tape: makeTape(dims, { x: xs, h, c, gates, tanh_c }),
  };
}

// dh (N, T, H), dstate [dh_T, dc_T] -> { dx (N, T, D), dstate [dh_0, dc_0], grads }. flow (T, N, H),
// if given, gets the whole gradient of each c_t.
export function backward(dh, tape, params, dstate, flow) {
  checkGradient(dh, tape, params, dstate, shapes, STATE);
  const { N, T, D, H } = tape.dims;
  const { gates, c, tanh_c } = tape;
  const size = N * H;
  const W_h_T = transpose(packed(params, "W_h", H, H), H, 4 * H);
  const outside = swapAxes(dh, N, T, H);
  const da = new Float64Array(T * 4 * size); // gradients before the activations
  const dh_t = new Float64Array(size);
  const dc_t = new Float64Array(size);
  if (dstate) dh_t.set(dstate[0]);
  if (dstate) dc_t.set(dstate[1]);
  for (let t = T - 1; t >= 0; t--) {
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const at = (t * N + n) * 4 * H + j;
        const own = n * H + j;
        const now = t * size + own;
        const i = gates[at], f = gates[at + H], g = gates[at + 2 * H], o = gates[at + 3 * H];
        const dh_now = dh_t[own] + outside[now];
        const dc = dc_t[own] + (1 - tanh_c[now] * tanh_c[now]) * o * dh_now;
        if (flow) flow[now] = dc;
        da[at] = (1 - i) * i * g * dc;
        da[at + H] = (1 - f) * f * c[now] * dc;
        da[at + 2 * H] = (1 - g * g) * i * dc;
        da[at + 3 * H] = (1 - o) * o * tanh_c[now] * dh_now;
        dc_t[own] = dc * f;
      }
    }
    dh_t.fill(0);
    addProduct(da.subarray(t * 4 * size, (t + 1) * 4 * size), W_h_T, dh_t, N, 4 * H, H);
  }
  const dW_x = new Float64Array(D * 4 * H);
  const dW_h = new Float64Array(H * 4 * H);
  addOuterProducts(tape.x, da, dW_x, D, T * N, 4 * H);
  addOuterProducts(tape.h.subarray(0, T * size), da, dW_h, H, T * N, 4 * H);
  const db = columnSums(da, T * N, 4 * H);
  const grads = {};
  ORDER.forEach((gate, k) => {
    grads[`W_x${gate}`] = part(dW_x, k, 4, D, H);
    grads[`W_h${gate}`] = part(dW_h, k, 4, H, H);
    grads[`b_${gate}`] = part(db, k, 4, 1, H);
  });
  const dx = new Float64Array(T * N * D);
  addProduct(da, transpose(packed(params, "W_x", D, H), D, 4 * H), dx, T * N, 4 * H, D);
  return { dx: swapAxes(dx, T, N, D), dstate: [dh_t, dc_t], grads };
}
