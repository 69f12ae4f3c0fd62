/* The twin of unrolled/explore/gradient_flow.py. */
import { backwardNorms, jacobianProduct } from "../engine/gradient_flow.js";
import { singularValues } from "../engine/linear_algebra.js";
import { forward } from "../engine/rnn.js";
import { row } from "./row.js";

const H = 16;
const LONGEST = 100;
const FAINTEST = -16;
const DOTTED = -6;

export function gradientFlow(known) {
  return ({ gain, T, input_scale, kind }) => {
    const fixed = known[`${kind} fixed`].data;
    const W_hh = known[`${kind} scaled`].data.map((weight, i) => gain * weight + fixed[i]);
    const params = { W_xh: known.W_xh.data, W_hh, b_h: new Float64Array(H) };
    const x = known.x.data.slice(0, T).map((value) => input_scale * value);
    const { tape } = forward(x, params, { N: 1, T, D: 1, H });
    const norms = backwardNorms(tape, params, known.dh_T.data).map(log10);
    const spectrum = singularValues(jacobianProduct(tape, params), H, H).map((value) => Math.max(log10(value), FAINTEST));
    const [low, high] = [decades(norms), decades(spectrum)];
    const padded = new Float64Array(LONGEST).fill(NaN);
    padded.set(norms, LONGEST - T);
    const arriving = Float64Array.of(NaN, ...padded.slice(0, -1));
    const loss = new Float64Array(LONGEST).fill(NaN);
    loss[LONGEST - 1] = 1;
    return {
      arrays: {
        norms: row(padded),
        arriving: row(arriving),
        passes: row(arriving.map((log) => Math.min(Math.max(0.5 - (0.5 * log) / DOTTED, 0), 1))),
        loss: row(loss),
        time_range: row([0.5 - T, 0.5]),
        norm_range: row(low),
        spectrum_height: row(spectrum.map((log) => log - high[0])),
        spectrum_base: row(new Float64Array(H).fill(high[0])),
        spectrum_range: row(high),
      },
      facts: { norm: singularValues(W_hh, H, H)[0], left: norms[0], fate: fate(norms[0]) },
    };
  };
}

const log10 = (value) => Math.max(Math.log10(value), -300);

export function decades(logs) {
  const low = Math.floor(Math.min(...logs, -1));
  const high = Math.ceil(Math.max(...logs, 1));
  return [low - 0.3, Math.max(high, low + 3) + 0.3];
}

function fate(log) {
  if (log < -6) return "vanished";
  if (log < -2) return "fading";
  return log < 2 ? "alive" : "exploded";
}
