/* The twin of unrolled/explore/blame.py. */
import { row } from "./row.js";

const T = 3;
const STEPS = [0, 1, 2, 3];
const END = "at the end";

export function blame(known) {
  const letters = Object.fromEntries([..."mfan"].map((letter, i) => [letter, known.numbers.data[i]]));
  const wHy = known.w_hy.data[0];
  return ({ word, asked, w_xh, w_hh, back }) => {
    const x = [NaN, ...[...word].map((letter) => letters[letter])];
    const h = [0, 0, 0, 0];
    for (let t = 1; t <= T; t++) h[t] = Math.tanh(w_xh * x[t] + w_hh * h[t - 1]);
    const right = Number(word[0] === "m");
    const p = h.map((value, t) => (t < (asked === END ? T : 1) ? NaN : 1 / (1 + Math.exp(-wHy * value))));
    const above = p.map((value) => (Number.isNaN(value) ? 0 : wHy * (value - right)));
    const [future, blamed, da] = [0, 1, 2].map(() => [0, 0, 0, 0]);
    for (let t = T; t > 0; t--) {
      blamed[t] = above[t] + future[t];
      da[t] = blamed[t] * (1 - h[t] ** 2);
      future[t - 1] = da[t] * w_hh;
    }
    const shares = { xh: STEPS.map((t) => (t ? da[t] * x[t] : 0)), hh: STEPS.map((t) => (t ? da[t] * h[t - 1] + 0 : 0)) };
    const sums = { xh: sumsFromTheEnd(shares.xh), hh: sumsFromTheEnd(shares.hh) };
    const reached = STEPS.map((t) => t > T - back);
    const answered = p.map((value) => !Number.isNaN(value));
    const seen = (values, where) => row(values.map((value, t) => (where[t] ? value : NaN)));
    const passed = [NaN, NaN, future[1], future[2]];
    const largest = Math.max(...above.map(Math.abs), ...passed.slice(2).map(Math.abs), 1e-12);
    const width = (values) => values.map((value) => Math.abs(value) / largest);
    const t = Math.min(T, T + 1 - back);
    return {
      arrays: {
        x: row(x),
        h: row(h),
        p: row(p),
        letters: row([NaN, 0.5, 0.5, 0.5]),
        answers: seen([0.5, 0.5, 0.5, 0.5], answered),
        blame: seen(blamed, reached),
        above: row(above),
        passed: row(passed),
        above_width: seen(width(above), reached.map((there, i) => there && answered[i])),
        passed_width: seen(width(passed), [false, ...reached.slice(0, T)]),
        share_xh: seen(shares.xh, reached),
        share_hh: seen(shares.hh, reached),
        sum_xh: seen(sums.xh, reached),
        sum_hh: seen(sums.hh, reached),
      },
      facts: {
        read: ` ${word}`,
        t,
        p_end: p[T],
        loss: p.reduce((sum, value, i) => (answered[i] ? sum - Math.log(Math.abs(1 - right - value)) : sum), 0),
        from_above: above[t],
        from_future: future[t],
        together: blamed[t],
        slope: 1 - h[t] ** 2,
        before: da[t],
        now_xh: sums.xh[t],
        now_hh: sums.hh[t],
        wish_xh: wish(sums.xh[t]),
        wish_hh: wish(sums.hh[t]),
      },
    };
  };
}

function sumsFromTheEnd(shares) {
  const sums = [...shares];
  for (let t = T - 1; t >= 0; t--) sums[t] += sums[t + 1];
  return sums;
}

function wish(gradient) {
  if (Math.abs(gradient) < 0.005) return "stay";
  return gradient > 0 ? "shrink" : "grow";
}
