// What a network of the playground can be asked to learn: the twin of
// unrolled/playground/tasks.py and of the tasks in unrolled/datasets that it draws from. Its
// `constants` are those of the package.

import { sin } from "../engine/functions.js";

// T of a setting, or of one whose sequences are `times` as long.
export function steps({ task, lag, T }, constants, times = 1) {
  if (task === "echo") return times * constants.echoTimes * lag;
  if (task === "one-bit") return times * lag + 3;
  if (task === "adding") return times * lag + constants.addingMore;
  return times * T;
}

// The step, from 0, of the input that the last answer needs; null if nowhere in particular.
export function answerAt(setting, constants) {
  const { task, lag } = setting;
  if (task === "waves" || task === "text") return null;
  if (task === "adding") return constants.addingMore - 1;
  return task === "echo" ? steps(setting, constants) - 1 - lag : 0;
}

// The different characters of a text, in the order of Python's sorted().
export function letters(text) {
  return [...new Set(text)].sort((a, b) => a.codePointAt(0) - b.codePointAt(0));
}

// N fresh sequences, `times` as long -> { x (N, T, D), targets }. Targets are those of the last
// steps: classes in an Int32Array (N, asked), or numbers in a Float64Array (N, asked, 1).
export function batch(setting, N, stream, constants, times = 1) {
  const { task, lag, asked, waves, text } = setting;
  const T = steps(setting, constants, times);
  if (task === "echo") return echo(N, T, lag, stream);
  if (task === "one-bit") return oneBit(N, T, stream);
  if (task === "parity") return parity(N, T, stream, asked === "every");
  if (task === "count") return count(N, T, stream, constants.tens);
  if (task === "waves") return sines(N, T, constants.periods[waves], stream);
  if (task === "adding") return adding(N, T, times * lag, stream);
  if (task === "text") return textWindows(N, T, text, stream);
  throw new Error(`there is no task ${task}`);
}

// Bits 0 and 1 as inputs -1 and 1.
const asInputs = (bits) => Float64Array.from(bits, (bit) => 2 * bit - 1);

function echo(N, T, lag, stream) {
  const bits = stream.integers(0, 2, N * T);
  const targets = new Int32Array(N * (T - lag));
  for (let n = 0; n < N; n++) targets.set(bits.subarray(n * T, (n + 1) * T - lag), n * (T - lag));
  return { x: asInputs(bits), targets };
}

// One-hot: the bit, blanks (feature 2), the cue (feature 3) last but one.
function oneBit(N, T, stream) {
  const targets = stream.integers(0, 2, N);
  const x = new Float64Array(N * T * 4);
  for (let i = 0; i < N * T; i++) {
    const t = i % T;
    x[4 * i + (t === 0 ? targets[i / T] : t === T - 2 ? 3 : 2)] = 1;
  }
  return { x, targets };
}

function parity(N, T, stream, atEveryStep) {
  const bits = stream.integers(0, 2, N * T);
  const odd = sums(bits, N, T).map((sum) => sum % 2);
  const targets = atEveryStep ? odd : odd.filter((_, i) => i % T === T - 1);
  return { x: asInputs(bits), targets };
}

function count(N, T, stream, tens) {
  const bits = stream.integers(0, 2, N * T);
  return { x: asInputs(bits), targets: Float64Array.from(sums(bits, N, T), (sum) => sum / tens) };
}

// Running sums of each row.
function sums(bits, N, T) {
  const out = bits.slice();
  for (let i = 1; i < N * T; i++) if (i % T > 0) out[i] += out[i - 1];
  return out;
}

function sines(N, T, periods, stream) {
  const phases = stream.randoms(N * periods.length);
  const x = new Float64Array(N * T);
  const targets = new Float64Array(N * T);
  for (let n = 0; n < N; n++) {
    for (let t = 0; t <= T; t++) {
      let value = 0;
      periods.forEach((period, k) => {
        value += sin(2 * Math.PI * (t / period + phases[n * periods.length + k]));
      });
      if (t < T) x[n * T + t] = value;
      if (t > 0) targets[n * T + t - 1] = value;
    }
  }
  return { x, targets };
}

// The first marked number stands `lag` steps before the last step, the second anywhere after it.
function adding(N, T, lag, stream) {
  const numbers = stream.randoms(N * T);
  const first = T - 1 - lag;
  const second = stream.integers(first + 1, T, N);
  const x = new Float64Array(N * T * 2);
  numbers.forEach((number, i) => (x[2 * i] = number));
  const targets = new Float64Array(N);
  for (let n = 0; n < N; n++) {
    for (const t of [first, second[n]]) {
      x[2 * (n * T + t) + 1] = 1;
      targets[n] += numbers[n * T + t];
    }
  }
  return { x, targets };
}

// Windows of a text that begins again after its end.
function textWindows(N, T, text, stream) {
  const known = letters(text);
  const ids = [...text].map((letter) => known.indexOf(letter));
  const starts = stream.integers(0, ids.length, N);
  const x = new Float64Array(N * T * known.length);
  const targets = new Int32Array(N * T);
  for (let i = 0; i < N * T; i++) {
    const at = starts[Math.floor(i / T)] + (i % T);
    x[i * known.length + ids[at % ids.length]] = 1;
    targets[i] = ids[(at + 1) % ids.length];
  }
  return { x, targets };
}

// The share of right answers of a rival who always says the commonest class.
export function chance({ task, text }) {
  if (task !== "text") return 1 / 2;
  const all = [...text];
  return Math.max(...letters(text).map((one) => all.filter((other) => other === one).length)) / all.length;
}

// The mean squared error of a rival who always says the same number, the best one.
export function spread(setting, constants, times = 1) {
  const T = steps(setting, constants, times);
  if (setting.task === "count") return ((T * T - 1) / 48 + (T + 1) / 8) / (constants.tens * constants.tens);
  return setting.task === "waves" ? setting.waves / 2 : 1 / 6;
}
