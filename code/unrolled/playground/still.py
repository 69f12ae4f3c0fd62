"""The playground where no script runs: its stories in a table, and one strip drawn in NumPy."""

from html import escape

import numpy as np

from unrolled.analysis import gradient_flow
from unrolled.engine import dense

from .catalogue import recorded
from .running import MODULES, SHOWN, Training, reach, stream
from .settings import complete
from .stories import STORIES
from .tasks import TASKS, answer_at, batch, steps

UPDATES = 200  # after which the strip shows a network
STEP, LEFT, TOP = 22, 120, 24  # pixels: a step's width, and where the first one begins
LEVELS = 5  # shades of a state on each side of zero
SMALLEST = -6  # power of ten at which the row of the gradient begins
RING, GREEN = 'fill="none" stroke-width="1.75"', "var(--unrolled-target)"


def html(setting):
    """What stands in the page before its script runs, and on paper."""
    return (
        f'<section class="still"><p class="asked">{escape(sentence(setting))}</p>{strip(setting)}'
        f"<p>{escape(told(setting))}</p>{table()}</section>"
    )


def sentence(setting):
    """What the network has to do, with the numbers of the setting."""
    return TASKS[setting["task"]].sentence.format(**setting, steps=steps(setting))


def told(setting):
    """What the strip shows, in words, since it cannot be pointed at."""
    k2 = reach(setting)[1]
    return (
        f"The network after {UPDATES} updates. Below the states is the gradient of the last loss: "
        f"the dashed line is all of it, the bars are the {k2} steps that truncation leaves. The "
        f"bit asked for, framed in green, came {setting['lag']} steps ago, before them."
    )


def table():
    """The stories: what is asked, what the button changes, and updates until it is solved."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(story.title)}</th><td>{escape(story.question)}</td>"
        f"<td>{updates(story, 'before')}</td><td>{escape(story.button[0])}</td>"
        f"<td>{updates(story, 'after')}</td></tr>"
        for story in STORIES
    )
    heads = ("Story", "Question", "Updates", "Change", "Updates then")
    return (
        "<table><caption>Updates until it is solved, for seeds 0 to 4; a dash where 1,500 were not "
        "enough.</caption><thead><tr>"
        + "".join(f"<th scope='col'>{head}</th>" for head in heads)
        + f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def updates(story, part):
    """The recorded updates of five seeds in words."""
    return " ".join("–" if n is None else f"{n:,}" for n in recorded(story.name, part)["updates"])


def strip(setting):
    """The strip of an echo as SVG, in the colors of the page's roles.

    Parameters
    ----------
    setting : dict
        Of the task "echo", with a plain RNN.

    Returns
    -------
    str
    """
    setting = complete(setting)
    training = Training(setting)
    for _ in range(UPDATES):
        training.step()
    x, targets = batch(setting, 1, stream(setting, SHOWN))
    h, tape = MODULES[setting["cell"]].forward(x, training.params)
    logits = dense.forward(h, training.params)[0]
    T, asked = len(logits), len(logits) - targets.shape[1]
    says = logits.argmax(axis=1)[asked:]
    _, last = dense_gradient(logits[-1:], targets[0, -1], training.params)
    lengths = gradient_flow.backward_norms(tape, training.params, last)
    parts = [
        row("hears", 0, bits(x[0, :, 0] > 0, 0, 0, "ink")),
        row("should say", 1, bits(targets[0] > 0, asked, 1, "target")),
        row("says", 2, bits(says > 0, asked, 2, "forward") + mistakes(says != targets[0], asked)),
        row("state", 3.4, states(h[0])),
        row("gradient", 8.2, gradient(lengths, reach(setting)[1])),
        frame(answer_at(setting)),
    ]
    width, height = LEFT + T * STEP + 4, TOP + 262
    return (
        f'<svg class="still-strip" role="img" aria-label="{escape(told(setting))}" '
        f'viewBox="0 0 {width} {height}" style="max-width:{width}px">{"".join(parts)}</svg>'
    )


def dense_gradient(logits, target, params):
    """The gradient of the last cross-entropy with respect to its logits and to its state (1, H)."""
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    shares[0, target] -= 1
    return shares, shares @ params["W_hy"].T


def x_of(t):
    """The middle of a step."""
    return LEFT + (t + 0.5) * STEP


def row(name, place, drawn):
    """A row with its name."""
    y = TOP + 14 + 26 * place
    return f'<text x="0" y="{y + 4:g}" fill="var(--unrolled-ink)">{name}</text>{drawn}'


def bits(values, first, place, role):
    """Filled circles for ones, rings for zeros, from step `first` on."""
    y, color = TOP + 14 + 26 * place, f"var(--unrolled-{role})"
    looks = (f'{RING} stroke="{color}"', f'fill="{color}"')
    return "".join(
        f'<circle cx="{x_of(first + i):g}" cy="{y:g}" r="7" {looks[int(one)]}/>'
        for i, one in enumerate(values)
    )


def mistakes(wrong, first):
    """A line below each answer that is wrong."""
    lines = "".join(f"M{x_of(first + i) - 7:g} {TOP + 80}h14" for i in np.flatnonzero(wrong))
    return f'<path d="{lines}" stroke="var(--unrolled-highlight)" stroke-width="2.5"/>'


def states(h):
    """States (T, H) on [-1, 1] as a heat map: one path for each shade."""
    high, shades = 110 / h.shape[1], np.rint(h * LEVELS).astype(int)
    paths = []
    for level in (n for n in range(-LEVELS, LEVELS + 1) if n):
        cells = "".join(f"M{t} {i}h1v1h-1z" for t, i in np.argwhere(shades == level))
        role = "forward" if level < 0 else "backward"
        paths.append(
            f'<path d="{cells}" fill="var(--unrolled-{role})" opacity="{abs(level) / LEVELS:g}"/>'
        )
    move = f"translate({LEFT} {TOP + 92}) scale({STEP} {high:.4g})"
    return f'<g transform="{move}">{"".join(paths)}</g>'


def gradient(lengths, k2):
    """Lengths (T,) relative to the last: bars where they are kept, a dashed line over all."""
    T, bottom, high = len(lengths), TOP + 258, 50
    tops = bottom - high * np.clip(1 - np.log10(lengths / lengths[-1]) / SMALLEST, 0, 1.15)
    bars = "".join(
        f"M{LEFT + t * STEP + 1} {bottom}V{tops[t]:.1f}h{STEP - 2}V{bottom}z"
        for t in range(max(0, T - k2), T)
    )
    line = "".join(f"{'ML'[t > 0]}{LEFT + t * STEP} {tops[t]:.1f}h{STEP}" for t in range(T))
    return (
        f'<path d="{bars}" fill="var(--unrolled-backward)"/><path d="{line}" fill="none" '
        'stroke="var(--unrolled-ink)" stroke-dasharray="3 2.5"/>'
    )


def frame(step):
    """A green frame around the step of the answer."""
    return (
        f'<rect x="{LEFT + step * STEP}" y="{TOP - 4}" width="{STEP}" height="264" rx="4" '
        f'fill="{GREEN}" fill-opacity="0.1" stroke="{GREEN}" stroke-width="2"/>'
    )
