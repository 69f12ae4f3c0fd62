// A mixture of normals for the next offset of a pen: the twin of unrolled/engine/mixture.py, and of
// sample_mixture in unrolled/engine/decoding.py, for one row of outputs (6 K + 1).

import { exp, log, sigmoid, tanh } from "./functions.js";

// outputs (6 K + 1) -> { weights, mean_x, mean_y, deviation_x, deviation_y, correlation } (K), pen.
export function mixture(outputs, { K, floor, bias = 0 }) {
  const row = (part) => outputs.subarray(part * K, (part + 1) * K);
  const logits = row(0);
  const top = Math.max(...logits);
  const raised = logits.map((logit) => exp((1 + bias) * (logit - top)));
  const sum = raised.reduce((total, value) => total + value, 0);
  const deviation = (part) => row(part).map((value) => exp(Math.max(value, floor) - bias));
  return {
    weights: raised.map((value) => value / sum),
    mean_x: row(1),
    mean_y: row(2),
    deviation_x: deviation(3),
    deviation_y: deviation(4),
    correlation: row(5).map(tanh),
    pen: sigmoid(outputs[6 * K]),
  };
}

// log p(dx, dy) as a function of both.
export function logDensity({ weights, mean_x, mean_y, deviation_x, deviation_y, correlation }) {
  const narrow = correlation.map((rho) => 1 - rho * rho);
  const levels = weights.map(
    (weight, k) => log(weight) - log(2 * Math.PI * deviation_x[k] * deviation_y[k] * Math.sqrt(narrow[k]))
  );
  const each = new Float64Array(weights.length);
  return (dx, dy) => {
    let top = -Infinity;
    for (let k = 0; k < each.length; k++) {
      const x = (dx - mean_x[k]) / deviation_x[k];
      const y = (dy - mean_y[k]) / deviation_y[k];
      each[k] = levels[k] - (x * x + y * y - 2 * correlation[k] * x * y) / narrow[k] / 2;
      if (each[k] > top) top = each[k];
    }
    let sum = 0;
    for (let k = 0; k < each.length; k++) sum += exp(each[k] - top);
    return top + log(sum);
  };
}

// An offset and the pen, [dx, dy, 0 or 1], drawn from a stream.
export function sample(mixed, stream) {
  const { weights, mean_x, mean_y, deviation_x, deviation_y, correlation, pen } = mixed;
  const place = stream.random();
  let k = 0;
  for (let below = weights[0]; k < weights.length - 1 && below < place; below += weights[k]) k++;
  const first = stream.normal();
  const second = stream.normal();
  const rho = correlation[k];
  return [
    mean_x[k] + deviation_x[k] * first,
    mean_y[k] + deviation_y[k] * (rho * first + Math.sqrt(1 - rho * rho) * second),
    Number(stream.random() < pen),
  ];
}
