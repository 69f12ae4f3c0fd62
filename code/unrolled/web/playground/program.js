/* A setting as the few lines of Python that train it: the twin of unrolled/playground/program.py. */
import { steps } from "./tasks.js";

const OPTIMIZERS = { adam: "Adam", sgd: "SGD", momentum: "Momentum" };
const LOSSES = { softmax: "cross_entropy", mse: "mean_squared_error" };
const RECURRENT = { lstm: ["i", "f", "g", "o"], gru: ["r", "z", "n"] };

export function program(setting, { tasks, constants }, { D, K }) {
  const { task, cell, H, seed, optimizer, clip, lr, bias, start, text } = setting;
  const [data, args] = draw(setting, constants);
  const [k1, k2] = reach(setting, constants);
  const modules = ["dense", ...(start === "gaussian" ? [] : ["initializers"]), "losses", cell].sort();
  const made = OPTIMIZERS[optimizer];
  const printed = `(${constants.printed.join(", ")})`;
  return [
    "import numpy as np",
    `from unrolled.datasets import ${data}`,
    `from unrolled.engine import ${modules.join(", ")}`,
    "from unrolled.engine.bptt import truncated_backward",
    `from unrolled.engine.optimizers import ${made}${clip ? ", clip_by_global_norm" : ""}`,
    "",
    `rng, batches = np.random.default_rng([${seed}, 0]), np.random.default_rng([${seed}, 1])`,
    `params = ${cell}.init_params(${D}, ${H}, rng=rng${cell === "lstm" ? `, forget_bias=${bias}` : ""})`,
    `params |= dense.init_params(${H}, ${K}, rng=rng)`,
    ...recurrent(setting),
    ...(task === "text" ? [`text = ${JSON.stringify(text)}`] : []),
    `optimizer = ${made}(${lr})`,
    `for update in range(1, ${constants.printed.at(-1) + 1}):`,
    `    x, targets = ${data}(${args}, rng=batches)`,
    ...(data === "count" ? [`    targets = targets / ${constants.tens}  # in tens`] : []),
    `    h, tape = ${cell}.forward(x, params)`,
    "    asked = slice(-targets.shape[1], None)  # the steps that have a target",
    "    logits = dense.forward(h[:, asked], params)",
    `    loss, dlogits = losses.${LOSSES[tasks[task].loss]}(logits, targets)`,
    "    dh = np.zeros_like(h)",
    "    dh[:, asked], readout = dense.backward(dlogits, h[:, asked], params)",
    `    _, _, grads = truncated_backward(dh, tape, params, cell=${cell}, k1=${k1}, k2=${k2})`,
    "    grads |= readout",
    ...(clip ? [`    grads, _ = clip_by_global_norm(grads, ${clip})`] : []),
    "    optimizer.update(params, grads)",
    `    if update in ${printed}:`,
    '        print(f"{update:4} {loss:.9f}")',
    "",
  ].join("\n");
}

/* k1 and k2 as truncated_backward takes them: 0 is full BPTT, and k1 = 0 as many as k2. */
function reach(setting, constants) {
  const T = steps(setting, constants);
  const { k1, k2 } = setting;
  return k2 === 0 ? [T, T] : [k1 || k2, k2];
}

/* The name of the function that draws the data, and its arguments but the generator. */
function draw(setting, constants) {
  const { task, N, lag, asked, waves } = setting;
  const T = steps(setting, constants);
  if (task === "echo" || task === "adding") return [task, `${N}, ${T}, lag=${lag}`];
  if (task === "one-bit") return ["copy", `${N}, lag=${lag}, symbols=1, alphabet=2`];
  if (task === "parity") return asked === "end" ? ["parity", `${N}, lag=${T - 1}`] : ["running_parity", `${N}, ${T}`];
  if (task === "count") return ["count", `${N}, ${T}`];
  if (task === "waves") return ["waves", `${N}, ${T}, periods=(${constants.periods[waves].join(", ")})`];
  return ["text_windows", `${N}, ${T}, text=text`];
}

/* The lines that change the recurrent matrices after all parameters have been drawn. */
function recurrent({ H, gain, start, cell }) {
  if (start === "gaussian" && gain === 1) return [];
  const change = (name) => `params[${name}] ${start === "gaussian" ? `*= ${gain}` : `= initializers.${start}(${H}, gain=${gain}, rng=rng)`}`;
  const gates = RECURRENT[cell];
  if (!gates) return [change('"W_hh"')];
  return [`for name in (${gates.map((gate) => `"W_h${gate}"`).join(", ")}):`, `    ${change("name")}`];
}
