// Losses, each with its value and its gradient: the twin of unrolled/engine/losses.py.
// A loss is a mean over all its targets, so the gradient does not grow with N or T.

import { checkArray, checkDims } from "./checks.js";
import { exp, log } from "./functions.js";

// logits (..., K) -> probabilities (..., K) that sum to one over the last axis.
export function softmax(logits, K) {
  checkDims({ K }, ["K"]);
  checkArray("logits", logits, [Math.max(1, Math.ceil(logits?.length / K || 0)), K], "rows, K");
  const p = new Float64Array(logits.length);
  for (let row = 0; row < p.length; row += K) normalize(logits, p, row, K);
  return p;
}

// Mean of -log softmax(logits)[target], in nats. logits (..., K); targets (...): whole numbers from
// 0 to K - 1, in a list or an integer array -> { value, dlogits (..., K) }.
export function crossEntropy(logits, targets, K) {
  checkDims({ K }, ["K"]);
  const count = targets?.length ?? 0;
  if (count === 0) throw new Error("there are no targets; got length 0");
  checkArray("logits", logits, [count, K], "targets, K");
  const dlogits = new Float64Array(logits.length);
  let total = 0;
  for (let i = 0, row = 0; i < count; i++, row += K) {
    const target = targets[i];
    if (!Number.isInteger(target) || target < 0 || target >= K) {
      throw new Error(`targets must be whole numbers in 0..${K - 1}; got ${target} at place ${i}`);
    }
    const { max, sum } = normalize(logits, dlogits, row, K);
    total += logits[row + target] - max - log(sum);
    dlogits[row + target] -= 1;
    for (let k = row; k < row + K; k++) dlogits[k] /= count;
  }
  return { value: -(total / count), dlogits };
}

// Mean of (prediction - target)^2 over every element -> { value, dlogits }, the gradient in the
// shape of the predictions.
export function meanSquaredError(predictions, targets) {
  const count = predictions?.length ?? 0;
  if (count === 0) throw new Error("there are no targets; got length 0");
  checkArray("targets", targets, [count], "predictions");
  checkArray("predictions", predictions, [count], "targets");
  const dlogits = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const error = predictions[i] - targets[i];
    total += error * error;
    dlogits[i] = (2 * error) / count;
  }
  return { value: total / count, dlogits };
}

// Softmax of the K logits from `row` on into p, shifted by the maximum: exp cannot overflow.
// -> the maximum and the sum of the exponentials.
function normalize(logits, p, row, K) {
  let max = -Infinity;
  for (let k = row; k < row + K; k++) max = logits[k] > max ? logits[k] : max;
  let sum = 0;
  for (let k = row; k < row + K; k++) sum += p[k] = exp(logits[k] - max);
  for (let k = row; k < row + K; k++) p[k] /= sum;
  return { max, sum };
}
