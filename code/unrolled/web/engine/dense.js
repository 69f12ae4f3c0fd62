// The readout, logits = h W_hy + b_y, at one step or at all of them: the twin of
// unrolled/engine/dense.py. Leading axes are written (...): any number of rows of H or K.

import { addOuterProducts, addProduct, columnSums, repeatRow, transpose } from "./arrays.js";
import { checkArray, checkDims, checkParams } from "./checks.js";

// The shapes of the parameters.
export function shapes({ H, K }) {
  return { W_hy: [H, K], b_y: [K] };
}

// h (..., H), dims {H, K} -> logits (..., K).
export function forward(h, params, dims) {
  const { H, K } = dims ?? {};
  const rows = countRows(h, params, dims);
  const logits = repeatRow(params.b_y, rows);
  addProduct(h, params.W_hy, logits, rows, H, K);
  return logits;
}

// dlogits (..., K), the h (..., H) of forward -> { dh (..., H), grads }.
export function backward(dlogits, h, params, dims) {
  const { H, K } = dims ?? {};
  const rows = countRows(h, params, dims);
  checkArray("dlogits", dlogits, [rows, K], "rows of h, K");
  const grads = { W_hy: new Float64Array(H * K), b_y: columnSums(dlogits, rows, K) };
  addOuterProducts(h, dlogits, grads.W_hy, H, rows, K);
  const dh = new Float64Array(rows * H);
  addProduct(dlogits, transpose(params.W_hy, H, K), dh, rows, K, H);
  return { dh, grads };
}

// How many rows h has, after checking that all fits.
function countRows(h, params, dims) {
  checkDims(dims, ["H", "K"]);
  checkParams(params, shapes(dims));
  const rows = Math.max(1, Math.ceil((h?.length ?? 0) / dims.H));
  checkArray("h", h, [rows, dims.H], "rows, H");
  return rows;
}
