"""A setting is started, trained and looked at with the package's own cells, losses and optimizers.

What is random comes from five streams, so that all networks of a seed read the same:
`default_rng([seed, use])` with the use WEIGHTS, BATCHES, CHECKS, SHOWN or LONGER.
"""

import numpy as np

from unrolled.engine import dense, gru, initializers, linear, losses, lstm, optimizers, rnn
from unrolled.engine.bptt import truncated_backward

from .settings import complete, parse
from .tasks import TASKS, batch, sizes, skill, steps

WEIGHTS, BATCHES, CHECKS, SHOWN, LONGER = range(5)
MODULES = {"rnn": rnn, "lstm": lstm, "gru": gru, "linear": linear}
MAKERS = {"adam": optimizers.Adam, "sgd": optimizers.SGD, "momentum": optimizers.Momentum}
CHECKED, CHECK_EVERY = 128, 25  # fresh sequences that decide whether it is solved, and how often
PATIENCE, AFTER_SOLVED = 1500, 200  # updates until it counts as not learned, and beyond solved
TIMES = (1, 4, 16)  # how many times as long the longer sequences are
PRINTED = (1, 2, 5, 10, 20, 50)
ALONE = {"waves": 25, "text": 48}  # steps that it goes on by itself


def stream(setting, use):
    """The generator of one use."""
    return np.random.default_rng([setting["seed"], use])


def start(setting):
    """The parameters of cell and readout before training, a dict.

    The cell's are drawn first, then the readout's, then the recurrent matrices, in their order,
    unless `start` is gaussian: then those that the cell has drawn are multiplied by the gain.
    """
    cell, H, (D, K) = MODULES[setting["cell"]], setting["H"], sizes(setting)
    rng = stream(setting, WEIGHTS)
    bias = {"forget_bias": setting["bias"]} if cell is lstm else {}
    params = cell.init_params(D, H, rng=rng, **bias)
    recurrent = [name for name in params if name.startswith("W_h")]
    params |= dense.init_params(H, K, rng=rng)
    for name in recurrent:
        if setting["start"] == "gaussian":
            params[name] *= setting["gain"]
        else:
            draw = getattr(initializers, setting["start"])
            params[name] = draw(H, gain=setting["gain"], rng=rng)
    return params


def outputs(setting, params, x, asked):
    """Logits or numbers (N, asked, K) at the last steps of x (N, T, D)."""
    h, _ = MODULES[setting["cell"]].forward(x, params)
    return dense.forward(h[:, -asked:], params)


def gradients(setting, params, x, targets):
    """The loss of a batch and its gradients, a dict with the keys of params, before clipping."""
    cell, asked = MODULES[setting["cell"]], slice(-targets.shape[1], None)
    h, tape = cell.forward(x, params)
    measure = getattr(losses, TASKS[setting["task"]].loss)
    loss, dlogits = measure(dense.forward(h[:, asked], params), targets)
    dh = np.zeros_like(h)
    dh[:, asked], readout = dense.backward(dlogits, h[:, asked], params)
    k1, k2 = reach(setting)
    return loss, truncated_backward(dh, tape, params, cell=cell, k1=k1, k2=k2)[2] | readout


def reach(setting):
    """k1 and k2 as `truncated_backward` takes them.

    In a setting k2 = 0 is full backpropagation, whatever k1, and k1 = 0 is as many as k2.
    """
    T = steps(setting)
    return (setting["k1"] or setting["k2"], setting["k2"]) if setting["k2"] else (T, T)


class Training:
    """A network in training: `params`, the number of the last `update` and its `loss`.

    Raises ValueError where a loss, a gradient or a state is no longer finite.
    """

    def __init__(self, setting):
        self.setting = setting
        self.params = start(setting)
        self.update, self.loss = 0, None
        self.optimizer = MAKERS[setting["optimizer"]](setting["lr"])
        self.batches, self.checks = stream(setting, BATCHES), stream(setting, CHECKS)

    def step(self):
        """One update. Returns the loss before it."""
        x, targets = batch(self.setting, self.setting["N"], self.batches)
        with np.errstate(over="ignore", invalid="ignore"):  # what blows up is told in words
            self.loss, grads = gradients(self.setting, self.params, x, targets)
            if not np.isfinite(self.loss):
                raise ValueError(
                    f"after {self.update} updates the loss is {self.loss}: it has blown up"
                )
            if self.setting["clip"]:
                grads, _ = optimizers.clip_by_global_norm(grads, self.setting["clip"])
            self.optimizer.update(self.params, grads)
        self.update += 1
        return self.loss

    def skill(self):
        """Skill on CHECKED fresh sequences."""
        x, targets = batch(self.setting, CHECKED, self.checks)
        return skill(self.setting, outputs(self.setting, self.params, x, targets.shape[1]), targets)

    def until_solved(self, limit):
        """Train, with a look every CHECK_EVERY updates, until it is solved or at the limit.

        Returns
        -------
        int or None
            The update at which it was seen to be solved.
        """
        while self.update < limit:
            self.step()
            if (
                self.update % CHECK_EVERY == 0
                and self.skill() >= TASKS[self.setting["task"]].solved
            ):
                return self.update
        return None


def train(setting, updates=50, *, show=True):
    """Train from a hash or a setting and print the losses that the page prints.

    Parameters
    ----------
    setting : str or dict
        As ``"task=echo&lag=10&k2=8"``; what is not given is the task's default.
    updates : int
    show : bool
        Print update and loss at updates 1, 2, 5, 10, 20 and 50.

    Returns
    -------
    Training

    Raises
    ------
    ValueError
        If the setting is not allowed, or the training blows up.
    """
    setting = parse(setting) if isinstance(setting, str) else complete(setting)
    training = Training(setting)
    for update in range(1, updates + 1):
        loss = training.step()
        if show and update in PRINTED:
            print(f"{update:4} {loss:.9f}")
    return training


def longer(setting, params):
    """Skill on sequences that are 1, 4 and 16 times as long: a list of dicts of T and skill."""
    rng, rows = stream(setting, LONGER), []
    for times in TIMES:
        x, targets = batch(setting, CHECKED, rng, times)
        found = outputs(setting, params, x, targets.shape[1])
        rows.append({"T": x.shape[1], "skill": skill(setting, found, targets, times)})
    return rows


def alone(setting, params):
    """Waves and text: after T steps the network reads, from then on, what it has said itself.

    In a text it says the likeliest letter.

    Returns
    -------
    said, truth : ndarray, shape (CHECKED, steps, 1), or (CHECKED, steps) classes
        The first was said after T steps were heard.
    skill : float
        Of what was said.
    """
    cell, T, more = MODULES[setting["cell"]], setting["T"], ALONE[setting["task"]]
    x, targets = batch(setting | {"T": T + more - 1}, CHECKED, stream(setting, LONGER))
    h, tape = cell.forward(x[:, :T], params)
    found = [dense.forward(h[:, -1:], params)]
    for _ in range(more - 1):
        heard = found[-1]
        if setting["task"] == "text":
            heard = np.eye(heard.shape[-1])[heard.argmax(axis=-1)]
        h, tape = cell.forward(heard, params, tape.state)
        found.append(dense.forward(h, params))
    found, truth = np.concatenate(found, axis=1), targets[:, T - 1 :]
    said = found.argmax(axis=-1) if setting["task"] == "text" else found
    return said, truth, skill(setting, found, truth)
