/* The twin of unrolled/explore/truncation_lab.py. */
import * as dense from "../engine/dense.js";
import { backwardNorms } from "../engine/gradient_flow.js";
import { cosine, norm } from "../engine/linear_algebra.js";
import { meanSquaredError } from "../engine/losses.js";
import { forward } from "../engine/rnn.js";
import { byLag, reach } from "../engine/truncation.js";
import { decades } from "./gradient_flow.js";
import { row } from "./row.js";

const [N, D, H, LONGEST, FAINTEST, DOTTED, NOTHING] = [4, 1, 16, 80, -18, -12, -300];
const [ORTHOGONAL, QUIET] = ["orthogonal, quiet", 0.2];
const P = (D + H + 1) * H;

export function truncationLab(known) {
  return ({ start, T, k2, gain, lag }) => {
    const { params, tape, dh } = network(known, start === ORTHOGONAL, T, gain, lag);
    const [full, each, block] = byLag(dh, tape, params, [reach(T, 1, k2), reach(T, k2, k2)]);
    const sums = [full, each, block].map((part) => overLags(part, T));
    const length = norm(sums[0]);
    const shares = [full, each, block].map((part) => logs(part, T, length));
    const drawn = shares.map((all) => row(padded(all.map((log) => (log < FAINTEST ? NaN : log)))));
    const cosines = sums.map((sum) => cosine(sum, sums[0]));
    const errors = sums.map((sum) => norm(sum.map((value, i) => value - sums[0][i])) / length);
    const last = way(dh, tape, params, T, k2);
    const share = lag < T ? shares[0][lag] : 0;
    return {
      arrays: {
        full: drawn[0],
        each: drawn[1],
        block: drawn[2],
        lag_range: row([10 * Math.ceil(T / 10), -1]),
        share_range: row(decades(shares[0].map((log) => Math.max(log, FAINTEST)))),
        each_bars: row([cosines[1], Math.min(errors[1], 1)]),
        block_bars: row([cosines[2], Math.min(errors[2], 1)]),
        whole_range: row([Math.min(cosines[1], cosines[2]) >= 0 ? -0.05 : -1.1, 1.1]),
        passes: row(padded(last.map((log, t) => (t > T - k2 ? Math.min(Math.max(1 - log / DOTTED, 0), 1) : 0)), true)),
        last: row(padded(last, true)),
        cut: row(padded(Float64Array.from({ length: T }, (_, t) => Number(k2 < T && t === T - k2)), true)),
        loss: row(padded(only(T, T - 1), true)),
        answer: row(padded(only(T, T - 1 - lag), true)),
      },
      facts: {
        cosine: cosines[1],
        cosine_block: cosines[2],
        error: errors[1],
        error_block: errors[2],
        share,
        answer_is: where(T, k2, lag, share),
      },
    };
  };
}

/* The forward pass, and the gradient of each step's loss with respect to its state. */
function network(known, quiet, T, gain, lag) {
  const params = Object.fromEntries(Object.entries(known).map(([name, { data }]) => [name, data]));
  params.W_hh = params[quiet ? "W_orthogonal" : "W_hh"].map((weight) => gain * weight);
  if (quiet) params.W_xh = params.W_xh.map((weight) => QUIET * weight);
  const x = new Float64Array(N * T);
  const targets = new Float64Array(N * T);
  for (let n = 0; n < N; n++) {
    for (let t = 0; t < T; t++) {
      x[n * T + t] = params.x[n * LONGEST + t];
      if (t >= lag) targets[n * T + t] = params.x[n * LONGEST + t - lag];
    }
  }
  const { h, tape } = forward(x, params, { N, T, D, H });
  const { dlogits } = meanSquaredError(dense.forward(h, params, { H, K: 1 }), targets);
  return { params, tape, dh: dense.backward(dlogits, h, params, { H, K: 1 }).dh };
}

function overLags(part, T) {
  const sum = new Float64Array(P);
  for (let lag = 0; lag < T; lag++) for (let i = 0; i < P; i++) sum[i] += part[lag * P + i];
  return sum;
}

function logs(part, T, length) {
  return Float64Array.from({ length: T }, (_, lag) => {
    return Math.max(Math.log10(norm(part.subarray(lag * P, (lag + 1) * P)) / length), -300);
  });
}

/* The length of the last loss's gradient on its way back, as log10; nothing beyond the cut. */
function way(dh, tape, params, T, k2) {
  const last = new Float64Array(N * H);
  for (let n = 0; n < N; n++) last.set(dh.subarray((n * T + T - 1) * H, (n + 1) * T * H), n * H);
  const norms = backwardNorms(tape, params, last);
  return norms.map((value, t) => (t < T - k2 ? NOTHING : Math.max(Math.log10(value / norms[T - 1]), NOTHING)));
}

function only(T, at) {
  return Float64Array.from({ length: T }, (_, t) => (t === at ? 1 : NaN));
}

function padded(values, front = false) {
  const out = new Float64Array(LONGEST).fill(NaN);
  out.set(values, front ? LONGEST - values.length : 0);
  return out;
}

function where(T, k2, lag, share) {
  if (lag >= T) return "before";
  if (lag >= k2) return "cut off";
  return share < -3 ? "vanished" : "reached";
}
