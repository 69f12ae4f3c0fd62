/* What the page says of a run, in words and numbers. */
import { number } from "../dom.js";

/* Above the arc of the strip, from long to short. */
export function distance(place, back) {
  return [`${place}, ${steps(back)} back`, `${steps(back)} back`];
}

/* How many of the answers of the shown sequence are right, or how far off they are. */
function judged({ shown, T, K }, { classes, unit }) {
  const { targets, outputs, asked } = shown;
  if (!classes) {
    let sum = 0;
    targets.forEach((target, i) => (sum += Math.abs(outputs[asked * K + i] - target)));
    return `Here it is off by ${number((unit * sum) / targets.length, ".2g")}${targets.length > 1 ? " on average" : ""}.`;
  }
  let right = 0;
  targets.forEach((target, i) => {
    let best = 0;
    for (let k = 1; k < K; k++) if (outputs[(asked + i) * K + k] > outputs[(asked + i) * K + best]) best = k;
    right += best === target;
  });
  if (targets.length === 1) return `Here it is ${right ? "right" : "wrong"}.`;
  return `Here ${number(right)} of ${number(T - asked)} answers are right.`;
}

/* Told of a text that is the reader's own; `update` is where ours was learned by all. */
export function ownText(update) {
  return `This text is your own, so nobody has measured it. With ours, five networks of five were there by update ${number(update)}. They know one text by heart, not a language.`;
}

/* The gradient of the last loss where the answer lies, or at the first step. */
function travelled({ reach, answer, T, place }) {
  const at = answer ?? 0;
  const where = answer === null ? `at the first step, ${steps(T - 1)} back,` : `${steps(T - 1 - answer)} back, at ${place},`;
  const [all, kept] = [reach.full[at] / reach.full[T - 1], reach.cut[at]];
  if (!Number.isFinite(all)) return "";
  const from = reach.cut.findIndex((length) => length > 0);
  if (kept > 0 || all === 0) return `The gradient that arrives ${where} is ${share(all)} as at the end.`;
  return `The gradient covers ${steps(T - from)}, the last one included: ${where} nothing arrives. Uncut, it would be ${share(all)} there as at the end.`;
}

export function numbers(frame, task) {
  const run = frame.update === 0 ? "Untrained." : `Update ${number(frame.update, ",d")}: loss ${number(frame.loss, ".3g")}, skill ${skillText(frame.skill)}.`;
  return [run, judged(frame, task), travelled(frame)].filter(Boolean).join(" ");
}

export const skillText = (skill) => (skill === null || skill === undefined ? "not measured yet" : number(Math.max(-9.99, skill), ".2f"));

const steps = (count) => `${number(count)} ${count === 1 ? "step" : "steps"}`;
const share = (ratio) => `${ratio >= 1e-3 && ratio < 1000 ? number(ratio, ".2g") : number(Math.log10(ratio), "sci")} times as long`;
