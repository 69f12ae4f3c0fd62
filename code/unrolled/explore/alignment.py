"""Chapter 19: where a decoder looks while it writes a date, after more and more training."""

from functools import cache

import numpy as np

from unrolled.datasets import files
from unrolled.datasets.dates import DATES
from unrolled.datasets.pairs import END, START
from unrolled.engine import additive_attention, dot_attention, gru
from unrolled.engine.decoding import greedy
from unrolled.engine.losses import softmax
from unrolled.engine.seq2seq import Seq2Seq
from unrolled.engine.stack import under_prefix
from unrolled.figures import alignments, lines, states

from .explorable import Explorable, Slider

KINDS = {"dot": dot_attention, "additive": additive_attention}
STAGES = [20, 100, 200, 300, 1500]  # updates; unrolled.experiments.dates has kept the weights
EXAMPLES = {  # none of these days was trained on, in any spelling
    "sunday, june 12, 2011": "2011-06-12",
    "the 26th of october 1987": "1987-10-26",
    "14 july 1961": "1961-07-14",
    "mar 18 2033": "2033-03-18",
    "10/4/1995": "1995-10-04",
    "4.10.1995": "1995-10-04",
}
T, U = max(map(len, EXAMPLES)), 11
ROW_STRETCH, SQUEEZED = 20, 0.02
ANSWERS = [*"0123456789-", "end"]  # what may be written, in the order of the bars
ANSWER_IDS = [*DATES.ids("0123456789-"), END]


@cache
def parameters(kind, stage):
    """The weights of one network after so many updates, in float32 as they were trained."""
    with np.load(files.path("results/dates.npz"), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files if name.startswith(f"{kind}/{stage}/")}
    return {name.split("/")[2]: value.astype(np.float32) for name, value in arrays.items()}


@cache
def run(example, kind, stage):
    """What is written (ids), where it looked (U, T own), and the chance of each letter (U, V)."""
    params, x = parameters(kind, stage), np.array([DATES.ids(example)])
    model = Seq2Seq(gru, under_prefix(params, "encoder")["W_e"].shape[1], scoring=KINDS[kind])
    written, weights = greedy(x, params, model=model, start=START, end=END, limit=U)
    read = np.array([[START, *written[0, :-1]]])
    logits, _ = model.forward(x, read, params)
    return written[0], weights[0], softmax(logits[0])


def rows(example, kind, stage):
    """Where the rows of this setting stand on the vertical axis: each has a stretch of its own."""
    place = (list(EXAMPLES).index(example) * len(KINDS) + list(KINDS).index(kind)) * len(STAGES)
    return (place + STAGES.index(stage)) * ROW_STRETCH + np.arange(U, dtype=float)


def columns(example):
    """Where the letters stand; what is left of T columns is squeezed into half of one."""
    t = np.arange(T, dtype=float)
    over = np.maximum(t - len(example), 0)
    return list(EXAMPLES).index(example) * states.STRETCH + t - over * (1 - SQUEEZED)


def compute(example, kind, stage, step):
    """The weights of all steps, the chances of the letters at one of them, and what was written."""
    ids, weights, p = run(example, kind, stage)
    map_, x, y = states.no_data(U, T), columns(example), rows(example, kind, stage)
    map_[: len(ids), : len(example)] = weights
    own = p[min(step, len(ids) - 1)]
    return {
        "weights": map_,
        "x": x,
        "y": y,
        "box_x": x[[0, len(example) - 1, len(example) - 1, 0, 0]] + [-0.5, 0.5, 0.5, -0.5, -0.5],
        "box_y": y[step] + np.array([-0.5, -0.5, 0.5, 0.5, -0.5]),
        "p": own[ANSWER_IDS],
        "written": verdict(example, ids, stage),
        "look": look(example, ids, weights, p, step),
    }


def verdict(example, ids, stage):
    """What is written and whether it is right, in words."""
    text, right = DATES.text(ids), EXAMPLES[example]
    end = "which is right" if text == right else f"where “{right}” is right"
    return f"After {stage:,} updates it reads “{example}” and writes “{text}”, {end}."


def look(example, ids, weights, p, step):
    """What it writes at a step, how sure it is, and at which letter it looks most, in words."""
    if step >= len(ids):
        return f"At step {step} it has ended already; the bars show its last step."
    name = "the end" if ids[step] == END else f"“{DATES.text(ids[[step]])}”"
    t = int(weights[step].argmax())
    return (
        f"At step {step} it writes {name} with probability {p[step, ids[step]]:.2f}, and looks "
        f"most at letter {t + 1}, {_letter(example[t])}, with weight {weights[step, t]:.2f}."
    )


def _letter(letter):
    return "a space" if letter == " " else f"“{letter}”"


class Alignment(Explorable):
    """Watch where a decoder looks at each letter that it writes."""

    def __init__(self, *, example="the 26th of october 1987", kind="dot", stage=1500, step=5):
        heat = alignments.alignment(
            states.no_data(U, T),
            [""] * T,
            [""] * U,
            title="The weights: what is written against what was read",
            alt="Heat map of weights from 0 to 1, a row for each letter written, a column for each "
            "letter read.",
            height=400,
        )
        heat.data[0].update(x=states.no_data(T), y=states.no_data(U))
        heat.data[0].meta = {"x": "x", "y": "y", "z": "weights"}
        box = states.now_line(0, U).update(x=[0] * 5, y=[0] * 5, name="step")
        heat.add_trace(box.update(meta={"x": "box_x", "y": "box_y"}))
        heat.update_xaxes(
            tickvals=[x for name in EXAMPLES for x in columns(name)[: len(name)]],
            ticktext=[letter for name in EXAMPLES for letter in alignments.letters(name)],
        )
        places, names = _row_labels()
        heat.update_yaxes(tickvals=places, ticktext=names)
        bars = lines.bars(
            ANSWERS,
            {"chance": (states.no_data(len(ANSWERS)), "forward")},
            title="The letter at this step",
            alt="Bars of the probability of ten digits, the hyphen and the end at one step.",
            y_title="probability",
            height=400,
            range=[0, 1.03],
        )
        bars.data[0].meta = {"y": "p"}
        super().__init__(
            compute,
            [
                Slider("example", "Date", list(EXAMPLES), example, list(EXAMPLES)),
                Slider("kind", "Attention", list(KINDS), kind, list(KINDS)),
                Slider("stage", "Updates", STAGES, stage, [f"{n:,}" for n in STAGES]),
                Slider("step", "Output step u", list(range(U)), step, play=700),
            ],
            [heat, bars],
            title="Alignment",
            caption=CAPTION,
            alt=ALT,
            texts=("written", "look"),
        )


CAPTION = (
    "Trained, the decoder jumps to the year, back to the month and on to the day, mostly with one "
    "sharp weight for each digit. At the hyphens and the end, which need nothing from the "
    "question, the weights mean little. After 20 updates it looks nowhere in particular."
)
ALT = (
    "Left, a heat map of weights: for the first four letters written the dark cells lie over the "
    "year at the end of what was read, then over the month, then over the day. Right, bars of the "
    "probability of each letter at the step that is framed: nearly all on one."
)


def _row_labels():
    places, names = [], []
    for example in EXAMPLES:
        for kind in KINDS:
            for stage in STAGES:
                ids = run(example, kind, stage)[0]
                places += rows(example, kind, stage)[: len(ids)].tolist()
                names += ["end" if i == END else DATES.text([i]) for i in ids]
    return places, names
