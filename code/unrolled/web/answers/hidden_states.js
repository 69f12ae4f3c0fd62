/* The twin of unrolled/explore/hidden_states.py. */
import { forward as readout } from "../engine/dense.js";
import { norm } from "../engine/linear_algebra.js";
import { softmax } from "../engine/losses.js";
import { forward } from "../engine/rnn.js";
import { matrix, row } from "./row.js";

const [T, H, D, K] = [14, 16, 26, 12];
const NETWORKS = ["untrained", "20 updates", "trained"];
const WORDS = "master faster mister sister mountain fountain function junction reduction seduction generation veneration".split(" ");
const BEHIND = 4;
const TOGETHER = 0.1;

function twin(word) {
  const n = WORDS.indexOf(word);
  return n >= 0 ? WORDS[n ^ 1] : (word[0] === "m" ? "f" : "m") + word.slice(1);
}

function inputs(word) {
  const x = new Float64Array(T * D);
  [...word].forEach((letter, t) => (x[t * D + letter.charCodeAt(0) - 97] = 1));
  return x;
}

export function hiddenStates(known) {
  return ({ network, word, recurrent_gain, t }) => {
    const own = (key) => known[`${key}_${NETWORKS.indexOf(network)}`].data;
    const params = {
      W_xh: own("W_xh"),
      W_hh: own("W_hh").map((weight) => recurrent_gain * weight),
      b_h: own("b_h"),
    };
    const run = (each) => forward(inputs(each), params, { N: 1, T, D, H }).h;
    const at = (h, step) => h.subarray(step * H, (step + 1) * H);
    const [mean, plane] = [own("mean"), own("plane")];
    const place = (state) => [0, 1].map((k) => state.reduce((sum, value, j) => sum + (value - mean[j]) * plane[2 * j + k], 0));
    const [shown, compared] = [word, twin(word)].map(run);
    const difference = shown.map((value, i) => value - compared[i]);
    const steps = [...Array(T).keys()];
    const apart = steps.map((step) => norm(at(difference, step)));
    const most = Math.max(...apart, 1e-300);
    const ends = WORDS.map((each) => place(at(run(each), each.length - 1)));
    const path = steps.map((step) => place(at(shown, step)));
    const walked = path.map((point, step) => (step < word.length ? point : [NaN, NaN]));
    const reach = Math.ceil(1.3 * Math.max(...[...ends, ...path.slice(0, word.length)].flat().map(Math.abs)));
    const near = ends.map(([x, y], n) => Math.hypot(x - ends[n ^ 1][0], y - ends[n ^ 1][1]) < TOGETHER * reach);
    const rhyme = (axis) => row([0, 2, 4, 6, 8, 10].map((n) => (near[n] ? (ends[n][axis] + ends[n + 1][axis]) / 2 : NaN)));
    const logits = readout(at(shown, t), { W_hy: own("W_hy"), b_y: own("b_y") }, { H, K });
    const p = softmax(logits, K);
    const [first, second] = [...p.keys()].sort((a, b) => p[b] - p[a] || b - a);
    const states = Float64Array.from({ length: H * T }, (_, i) => shown[(i % T) * H + Math.floor(i / T)]);
    const letters = word.padEnd(T, "·");
    return {
      arrays: {
        kept: row(apart.map((value, step) => (step < word.length + BEHIND ? value / most : NaN))),
        states: matrix(states, H, T),
        minus: row(belowZero(states)),
        ends_x: row(ends.map(([x]) => x)),
        ends_y: row(ends.map(([, y]) => y)),
        alone_x: row(ends.map(([x], n) => (near[n] ? NaN : x))),
        rhyme_x: rhyme(0),
        rhyme_y: rhyme(1),
        path_x: row(walked.map(([x]) => x)),
        path_y: row(walked.map(([, y]) => y)),
        now_x: row([path[t][0]]),
        now_y: row([path[t][1]]),
        reach: row([-reach, reach]),
      },
      facts: {
        read: letters,
        letters: [...letters].join(" "),
        heard: letters.slice(0, t + 1),
        first: WORDS[first],
        second: WORDS[second],
        p_first: p[first],
        p_second: p[second],
        doubts: p[second] >= 0.005,
        twin: twin(word),
        apart: apart[t],
      },
    };
  };
}

/* Begin, end and gap of a stroke for every value below zero, as in unrolled/figures/states.py. */
function belowZero(states) {
  return Array.from(states).flatMap((value, i) => {
    const place = value < 0 ? Math.floor(i / T) : NaN;
    return [place, place, NaN];
  });
}
