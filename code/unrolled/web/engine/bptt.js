// Truncated backpropagation through time for any cell, the twin of unrolled/engine/bptt.py.
// Full BPTT is the cell's own backward.

import { addTo } from "./arrays.js";
import { checkArray } from "./checks.js";

// The losses go back every k1 steps, and at most k2 steps far: at steps e = k1 - 1, 2 k1 - 1, ...
// and at the last step, the losses since the previous such step go back together and reach step t
// only if e - k2 < t <= e. k2 >= T is full BPTT.
// dh (N, T, H), `cell` a module such as rnn.js -> { dx, dstate, grads } as from cell.backward.
export function truncatedBackward(dh, tape, params, { cell, k1, k2 }) {
  checkLengths(k1, k2);
  if (!tape.window) throw new Error("this cell cannot be truncated: its tape has no window");
  const { N, T, D, H } = tape.dims;
  const steps = dh.length / (N * H);
  if (Number.isInteger(steps) && steps !== T) {
    throw new Error(`dh has ${steps} steps but the tape has ${T}`);
  }
  checkArray("dh", dh, [N, T, H], "N, T, H");
  if (k2 >= T) return cell.backward(dh, tape, params);
  const dx = new Float64Array(N * T * D);
  const grads = {};
  let dstate = null;
  for (const [first, stop] of blocks(T, k1)) {
    const start = Math.max(0, stop - k2);
    const length = stop - start;
    const dh_block = new Float64Array(N * length * H); // zero before `first`
    for (let n = 0; n < N; n++) {
      const losses = dh.subarray((n * T + first) * H, (n * T + stop) * H);
      dh_block.set(losses, (n * length + first - start) * H);
    }
    const block = cell.backward(dh_block, tape.window(start, stop), params);
    for (let n = 0; n < N; n++) {
      addTo(
        dx.subarray((n * T + start) * D, (n * T + stop) * D),
        block.dx.subarray(n * length * D, (n + 1) * length * D)
      );
    }
    for (const [name, grad] of Object.entries(block.grads)) {
      if (name in grads) addTo(grads[name], grad);
      else grads[name] = grad;
    }
    if (start > 0) continue;
    if (dstate) dstate.forEach((array, k) => addTo(array, block.dstate[k]));
    else dstate = block.dstate;
  }
  return { dx, dstate, grads };
}

// Pairs [first, stop]: the k1 losses that travel together. The last block may be shorter.
export function blocks(T, k1) {
  const pairs = [];
  for (let first = 0; first < T; first += k1) pairs.push([first, Math.min(first + k1, T)]);
  return pairs;
}

// Throws unless 1 <= k1 <= k2, both whole.
export function checkLengths(k1, k2) {
  if (Number.isInteger(k1) && Number.isInteger(k2) && 1 <= k1 && k1 <= k2) return;
  throw new Error(`truncated BPTT needs 1 <= k1 <= k2, whole numbers; got k1=${k1}, k2=${k2}`);
}
