/* The twin of unrolled/explore/next_point.py and of hands.py. */
import { addProduct, sideBySide } from "../engine/arrays.js";
import { forward as readout } from "../engine/dense.js";
import { exp, log, sigmoid, tanh } from "../engine/functions.js";
import { logDensity, mixture, sample } from "../engine/mixture.js";
import { Stream } from "../engine/streams.js";
import { decoded } from "./hands.js";
import { matrix, row } from "./row.js";

const [T, H, D, FLOOR, MOST, DEEP] = [180, 64, 3, -4, 8, -3];
const GRID = Array.from({ length: 73 }, (_, i) => -0.9 + (1.8 * i) / 72);
const BLUR = (GRID[1] - GRID[0]) / 2; // so that no cloud falls between two points of the map
const PARTS = ["weights", "mean_x", "mean_y", "deviation_x", "deviation_y", "correlation"];
const ORDER = [..."ifgo"];
const GATES = ORDER.flatMap((gate) => [[`W_x${gate}`, D, H], [`W_h${gate}`, H, H], [`b_${gate}`, 1, H]]);

/* The parameters of the network with K components: bytes, and a step for each column. */
function network(known, K) {
  const codes = new Int8Array(known[`codes_${K}`].data.buffer);
  const steps = known[`steps_${K}`].data;
  const params = {};
  let [from, column] = [0, 0];
  for (const [name, rows, columns] of [...GATES, ["W_hy", H, 6 * K + 1], ["b_y", 1, 6 * K + 1]]) {
    const own = name.startsWith("b_") ? 1 : columns; // a bias has one step
    params[name] = Float64Array.from({ length: rows * columns }, (_, i) => codes[from + i] * steps[column + (i % own)]);
    from += rows * columns;
    column += own;
  }
  return params;
}

export function nextPoint(known) {
  const networks = {};
  let written = null; // the last line, since the ring moves over it
  return ({ hand, components: K, bias, draw, t }) => {
    const params = (networks[K] ??= network(known, K));
    const key = [hand, K, bias, draw].join();
    if (written?.key !== key) written = { key, ...whole(params, hand, { K, bias, draw }, known.layers.data) };
    const { steps, outputs, read, arrays, cost, leans, swings } = written;
    const here = mixture(outputs[t], { K, floor: FLOOR, bias });
    const p = logDensity(blurred(here));
    const logs = GRID.flatMap((dy) => GRID.map((dx) => p(dx, dy) / Math.LN10));
    const top = Math.max(...logs);
    const clipped = (value) => Math.min(Math.max(value, GRID[0]), GRID.at(-1));
    const entropy = here.weights.reduce((sum, w) => (w > 0 ? sum - w * log(w) : sum), 0);
    return {
      arrays: {
        steps: arrays.steps,
        clouds: arrays.clouds,
        map: matrix(Float64Array.from(logs, (value) => Math.max(value - top, DEEP)), GRID.length, GRID.length),
        taken_x: row([clipped(steps[t][0])]),
        taken_y: row([clipped(steps[t][1])]),
        read_cost: arrays.read_cost,
        own_cost: arrays.own_cost,
        cost_range: arrays.cost_range,
      },
      facts: {
        read,
        phase: t >= read ? "its own" : "yours",
        cost: cost[t],
        sign: cost[t] < 0 ? "below" : "above",
        ways: exp(entropy),
        lift: here.pen,
        lean: leans[0],
        own_lean: leans[1],
        swings: swings[0] > 0 ? "yes" : "no",
        ratio: swings[0] > 0 ? swings[1] / swings[0] : 0,
      },
    };
  };
}

/* A mixture whose clouds are a little wider, as a map of few points needs them. */
function blurred(mixed) {
  const [x, y] = [mixed.deviation_x, mixed.deviation_y];
  const [wide_x, wide_y] = [x, y].map((part) => part.map((value) => Math.hypot(value, BLUR)));
  const correlation = mixed.correlation.map((rho, k) => rho * (x[k] / wide_x[k]) * (y[k] / wide_y[k]));
  return { ...mixed, deviation_x: wide_x, deviation_y: wide_y, correlation };
}

/* The LSTM for one row of three inputs: a function that reads them and returns the outputs. Engine's
   `forward` would put the weights of the gates side by side at every step. */
function reader(params, K) {
  const [W_x, W_h, b] = [["W_x", D], ["W_h", H], ["b_", 1]].map(([kind, rows]) => sideBySide(ORDER.map((gate) => params[kind + gate]), rows, H));
  const [h, c] = [new Float64Array(H), new Float64Array(H)];
  return (x) => {
    const a = b.slice();
    addProduct(Float64Array.from(x), W_x, a, 1, D, 4 * H);
    addProduct(h, W_h, a, 1, H, 4 * H);
    for (let j = 0; j < H; j++) {
      c[j] = sigmoid(a[j]) * tanh(a[j + 2 * H]) + sigmoid(a[j + H]) * c[j];
      h[j] = sigmoid(a[j + 3 * H]) * tanh(c[j]);
    }
    return readout(h, params, { H, K: 6 * K + 1 });
  };
}

/* A hand and how it is gone on with: all that does not depend on the ring. */
function whole(params, hand, { K, bias, draw }, layers) {
  const steps = decoded(hand);
  const [read, stream, next] = [steps.length, new Stream([draw, 0], layers), reader(params, K)];
  const outputs = [null, ...steps.map(next)];
  while (steps.length < T) {
    steps.push(sample(mixture(outputs.at(-1), { K, floor: FLOOR, bias }), stream));
    outputs.push(next(steps.at(-1)));
  }
  const clouds = new Float64Array(T * 6 * MOST).fill(NaN);
  const cost = new Float64Array(T).fill(NaN);
  for (let t = 1; t < T; t++) {
    const [dx, dy, lifted] = steps[t];
    const plain = mixture(outputs[t], { K, floor: FLOOR });
    const surer = bias ? mixture(outputs[t], { K, floor: FLOOR, bias }) : plain;
    PARTS.forEach((part, i) => clouds.set(surer[part], (t * 6 + i) * MOST));
    cost[t] = -logDensity(plain)(dx, dy) - log(Math.max(lifted ? plain.pen : 1 - plain.pen, 1e-300));
  }
  const known = cost.subarray(1);
  const halves = [steps.slice(0, read), steps.slice(read)];
  return {
    steps,
    outputs,
    read,
    cost,
    leans: halves.map((part) => (Math.atan(slant(part)) * 180) / Math.PI),
    swings: halves.map(swing),
    arrays: {
      steps: matrix(Float64Array.from(steps.flat()), T, 3),
      clouds: matrix(clouds, T, 6 * MOST),
      read_cost: row(cost.map((value, t) => (t < read ? value : NaN))),
      own_cost: row(cost.map((value, t) => (t < read ? NaN : value))),
      cost_range: row([Math.min(...known) - 0.5, Math.min(Math.max(...known), 12) + 0.5]),
    },
  };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/* How far a hand leans, and how far its pen swings up and down. */
function slant(steps) {
  const down = steps.filter(([, , lifted]) => !lifted);
  const [x, y] = [0, 1].map((i) => mean(down.map((step) => step[i])));
  const varies = down.reduce((sum, [, dy]) => sum + (dy - y) ** 2, 0);
  return varies > 0 ? down.reduce((sum, [dx, dy]) => sum + (dx - x) * (dy - y), 0) / varies : 0;
}

function swing(steps) {
  const up = steps.filter(([, , lifted]) => !lifted).map(([, dy]) => dy);
  const middle = mean(up);
  return Math.sqrt(mean(up.map((dy) => (dy - middle) ** 2)));
}
