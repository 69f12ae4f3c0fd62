// How far back the last loss of a sequence reaches.

import { norm } from "../engine/linear_algebra.js";

// Length of the gradient of the loss at each of the T steps, for a loss that looks at the last state
// alone: of dL/dh_t, for an LSTM of dL/dc_t, since most of it goes from c_t to c_{t+1} and never
// through h_t. dh_T (1, H), tape of one sequence -> (T).
export function gradientLengths(dh_T, tape, params, cell) {
  const { T, H } = tape.dims;
  const dh = new Float64Array(T * H);
  dh.set(dh_T, (T - 1) * H);
  const flow = new Float64Array(T * H);
  cell.backward(dh, tape, params, null, flow);
  return Float64Array.from({ length: T }, (_, t) => norm(flow.subarray(t * H, (t + 1) * H)));
}

// What truncation leaves of that: nothing more than k2 steps from the end.
export function cutAfter(lengths, k2) {
  return lengths.map((length, t) => (t >= lengths.length - k2 ? length : 0));
}
