"""A setting as the few lines of Python that train it."""

import json

from .running import PRINTED, reach
from .settings import complete, written
from .tasks import PERIODS, TASKS, TENS, sizes, steps

OPTIMIZERS = {"adam": "Adam", "sgd": "SGD", "momentum": "Momentum"}
RECURRENT = {"lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}


def code(setting):
    """A program of plain calls of the package that prints what `train` prints.

    Parameters
    ----------
    setting : dict
        As `complete` takes it.

    Returns
    -------
    str
    """
    setting = complete(setting)
    cell, H, (D, K), seed = setting["cell"], setting["H"], sizes(setting), setting["seed"]
    data, arguments = draw(setting)
    optimizer, clip = OPTIMIZERS[setting["optimizer"]], setting["clip"]
    (k1, k2), drawn = reach(setting), setting["start"] != "gaussian"
    bias = f", forget_bias={written(setting['bias'])}" if cell == "lstm" else ""
    modules = ["dense", *(["initializers"] if drawn else []), "losses", cell]
    own = json.dumps(setting.get("text"), ensure_ascii=False)
    text = [f"text = {own}"] if "text" in setting else []
    tools = f"{optimizer}, clip_by_global_norm" if clip else optimizer
    return "\n".join([
        "import numpy as np",
        f"from unrolled.datasets import {data}",
        f"from unrolled.engine import {', '.join(sorted(modules))}",
        "from unrolled.engine.bptt import truncated_backward",
        f"from unrolled.engine.optimizers import {tools}",
        "",
        f"rng, batches = np.random.default_rng([{seed}, 0]), np.random.default_rng([{seed}, 1])",
        f"params = {cell}.init_params({D}, {H}, rng=rng{bias})",
        f"params |= dense.init_params({H}, {K}, rng=rng)",
        *recurrent(setting),
        *text,
        f"optimizer = {optimizer}({written(setting['lr'])})",
        f"for update in range(1, {PRINTED[-1] + 1}):",
        f"    x, targets = {data}({arguments}, rng=batches)",
        *([f"    targets = targets / {TENS}  # in tens"] if data == "count" else []),
        f"    h, tape = {cell}.forward(x, params)",
        "    asked = slice(-targets.shape[1], None)  # the steps that have a target",
        "    logits = dense.forward(h[:, asked], params)",
        f"    loss, dlogits = losses.{TASKS[setting['task']].loss}(logits, targets)",
        "    dh = np.zeros_like(h)",
        "    dh[:, asked], readout = dense.backward(dlogits, h[:, asked], params)",
        f"    _, _, grads = truncated_backward(dh, tape, params, cell={cell}, k1={k1}, k2={k2})",
        "    grads |= readout",
        *([f"    grads, _ = clip_by_global_norm(grads, {written(clip)})"] if clip else []),
        "    optimizer.update(params, grads)",
        f"    if update in {PRINTED}:",
        '        print(f"{update:4} {loss:.9f}")',
        "",
    ])  # fmt: skip


def draw(setting):
    """The name of the function that draws the data, and its arguments but the generator."""
    task, N, T = setting["task"], setting["N"], steps(setting)
    if task in ("echo", "adding"):
        return task, f"{N}, {T}, lag={setting['lag']}"
    if task == "one-bit":
        return "copy", f"{N}, lag={setting['lag']}, symbols=1, alphabet=2"
    if task == "parity" and setting["asked"] == "end":
        return "parity", f"{N}, lag={T - 1}"
    if task == "parity":
        return "running_parity", f"{N}, {T}"
    if task == "count":
        return "count", f"{N}, {T}"
    if task == "waves":
        periods = ", ".join(map(written, PERIODS[setting["waves"]]))
        return "waves", f"{N}, {T}, periods=({periods})"
    return "text_windows", f"{N}, {T}, text=text"


def recurrent(setting):
    """The lines that change the recurrent matrices after all parameters have been drawn."""
    H, gain, kind = setting["H"], written(setting["gain"]), setting["start"]
    if kind == "gaussian" and setting["gain"] == 1:
        return []
    if kind == "gaussian":
        change = f"params[name] *= {gain}"
    else:
        change = f"params[name] = initializers.{kind}({H}, gain={gain}, rng=rng)"
    names = tuple(f"W_h{gate}" for gate in RECURRENT.get(setting["cell"], "h"))
    if len(names) == 1:
        return [change.replace("name", f'"{names[0]}"')]
    return [
        f"for name in {json.dumps(names)}:".replace("[", "(").replace("]", ")"),
        f"    {change}",
    ]
