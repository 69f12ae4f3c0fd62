"""Chapter 20: where a decoder looks while it writes a date, and which letters matter to it."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis import looking
from unrolled.datasets import files
from unrolled.datasets.dates import DATES
from unrolled.datasets.pairs import END, START
from unrolled.engine import additive_attention, dot_attention, gru
from unrolled.engine.decoding import greedy
from unrolled.engine.losses import softmax
from unrolled.engine.seq2seq import Seq2Seq
from unrolled.engine.stack import under_prefix
from unrolled.figures import lines, maps, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

KINDS = {"dot": dot_attention, "additive": additive_attention}
LOOKS, MATTERS = MAPS = ("looks", "matters")
STAGES = (20, 100, 200, 300, 1500)  # updates; unrolled.experiments.dates has kept the weights
EXAMPLES = {  # none of these days was trained on, in any spelling
    "sunday, june 12, 2011": "2011-06-12",
    "the 26th of october 1987": "1987-10-26",
    "14 july 1961": "1961-07-14",
    "14 june 1961": "1961-06-14",
    "mar 18 2033": "2033-03-18",
    "10/4/1995": "1995-10-04",
    "4.10.1995": "1995-10-04",
}
T, U = max(map(len, EXAMPLES)), 11
SHADES = 200  # between 0 and 1; a bar is told to half of one
ANSWERS = [*"0123456789-", "end"]  # what may be written, in the order of the bars
ANSWER_IDS = [*DATES.ids("0123456789-"), END]


@cache
def parameters(kind, stage):
    """The weights of one network after so many updates, in float32 as they were trained."""
    with np.load(files.path("results/dates.npz"), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files if name.startswith(f"{kind}/{stage}/")}
    return {name.split("/")[2]: value.astype(np.float32) for name, value in arrays.items()}


def model_of(kind):
    """The network as an object."""
    D = under_prefix(parameters(kind, STAGES[0]), "encoder")["W_e"].shape[1]
    return Seq2Seq(gru, D, scoring=KINDS[kind])


@cache
def run(example, kind, stage):
    """What is written (ids), where it looked (U, T own), and the chance of each letter (U, V)."""
    params, x, model = parameters(kind, stage), np.array([DATES.ids(example)]), model_of(kind)
    written, weights = greedy(x, params, model=model, start=START, end=END, limit=U)
    read = np.array([[START, *written[0, :-1]]])
    logits, _ = model.forward(x, read, params)
    return written[0], weights[0], softmax(logits[0])


@cache
def mattered(example, kind, stage):
    """How much of its chance a letter loses when one that was read is replaced, (U, T own)."""
    read = np.array([START, *run(example, kind, stage)[0][:-1]])
    return looking.occluded(model_of(kind), parameters(kind, stage), example, read, DATES)


def compute(example, kind, stage, shows, step):
    """The map of all steps, the chances of the letters at one of them, and what was written."""
    ids, weights, p = run(example, kind, stage)
    own = weights if shows == LOOKS else mattered(example, kind, stage)
    shown = np.full((U, T), np.nan)
    shown[: len(ids), : len(example)] = np.round(SHADES * np.clip(own, 0, 1)) / SHADES
    now = min(step, len(ids) - 1)
    place = int(own[now].argmax())
    written = DATES.text(ids)
    letters = ["end" if i == END else DATES.text([i]) for i in ids]
    return {
        "weights": shown,
        "columns": np.array([-0.5, len(example) - 0.5]),
        "p": np.round(2 * SHADES * p[now, ANSWER_IDS]) / (2 * SHADES),
        "read_letters": " ".join(example.replace(" ", "·")),
        "written_letters": " ".join(letters),
        "written": written,
        "answer": EXAMPLES[example],
        "right": written == EXAMPLES[example],
        "writes": "over" if now < step else "end" if ids[now] == END else "letter",
        "letter": letters[now],
        "chance": round(float(p[now, ids[now]]), 3),
        "place": place,
        "looks_at": "space" if example[place] == " " else "letter",
        "looked_at": example[place],
        "weight": round(float(own[now, place]), 3),
    }


def panes():
    """The map, and the chances of the letters at one step."""
    heat = go.Figure(
        go.Heatmap(
            **theme.bound(z="weights"),
            zmin=0,
            zmax=1,
            colorscale=maps.FAINT_TO_FULL,
            colorbar={"thickness": 10, "tickvals": [0, 0.5, 1], "outlinewidth": 0},
            hoverongaps=False,
            xgap=1,
            ygap=1,
        )
    )
    axis = {"showgrid": False, "zeroline": False, "tickangle": 0}
    heat.update_layout(
        xaxis={"title": "read", **axis},
        yaxis={"title": "written", "range": [U - 0.5, -0.5], **axis},
    )
    theme.describe(
        heat,
        title="What is written against what is read",
        alt="Heat map from 0 to 1, a row for each letter written, a column for each letter read.",
        height=400,
    )
    theme.fit(heat, "xaxis", "columns")
    theme.labels(heat, "xaxis", "read_letters")
    theme.labels(heat, "yaxis", "written_letters")
    theme.mark(heat, "step", axis="y", label="step")
    bars = lines.bars(
        ANSWERS,
        {"chance": ("p", "forward")},
        title="The letter at this step",
        alt="Bars of the probability of ten digits, the hyphen and the end at one step.",
        y_title="probability",
        height=400,
        range=[0, 1.03],
    )
    return [heat, bars]


class Alignment(Explorable):
    """Watch where a decoder looks at each letter that it writes, and what it depends on."""

    title = "Alignment"
    caption = (
        "Trained, the decoder jumps to the year, to the month and to the day. {told} After 20 "
        "updates it looks nowhere in particular."
    )
    alt = (
        "Left, a heat map of weights, a row for each letter written and a column for each letter "
        "read. After all updates the dark cells of the first four rows lie over the year, then "
        "over the month, then over the day. Right, bars of the probability of each letter at the "
        "step that the line marks."
    )
    controls = (
        Choice("example", "Date", tuple(EXAMPLES), "the 26th of october 1987"),
        Choice("kind", "Attention", tuple(KINDS), "dot"),
        Number("stage", "Updates", STAGES, 1500, texts=[f"{n:,}" for n in STAGES]),
        Choice("shows", "The map shows", MAPS, LOOKS, ("where it looks", "what matters")),
        Number("step", "Output step u", range(U), 5, play=700),
    )
    lines = ("reading", "look")
    compute, panes = compute, panes
    question = Question(
        "Asked for “14 july 1961” with dot attention, the network writes 07 for the month. At "
        "which letter of july does it look most when it writes the 7?",
        ("j", "u", "l", "y"),
        2,
        {"example": "14 july 1961", "kind": "dot", "shows": LOOKS, "stage": 1500, "step": 6},
        "It is the l, with a weight of 0.85. It is tempting to say why: after “ju” it could still "
        "be June. But for a date in June the 6 looks at the u, where it could still be July. A map "
        "shows where a network looked, not why.",
    )
    stories = (
        Story(
            "from year to day",
            {
                "example": "the 26th of october 1987",
                "kind": "dot",
                "shows": LOOKS,
                "stage": 1500,
                "step": 0,
            },
            "Press play: the dark cells jump from the year at the end to the month, and on to the "
            "day in front of it.",
        ),
        Story(
            "learning to look",
            {
                "example": "the 26th of october 1987",
                "kind": "dot",
                "shows": LOOKS,
                "stage": 20,
                "step": 0,
            },
            "The map is pale and the network writes ones and hyphens; at 100 updates it writes a "
            "date but not this one, at 200 the first four rows look at the end of the year but "
            "write 1977, and at 300 only the month is wrong.",
        ),
        Story(
            "what matters instead",
            {
                "example": "the 26th of october 1987",
                "kind": "additive",
                "stage": 1500,
                "shows": MATTERS,
                "step": 0,
            },
            "Replace the 1 of the year by another digit, and this 1 loses 0.98 of its probability. "
            "Now switch to where it looks: with a weight of 0.80, at the 9 behind it.",
            ("shows",),
        ),
        Story(
            "a look for nothing",
            {
                "example": "the 26th of october 1987",
                "kind": "dot",
                "shows": LOOKS,
                "stage": 1500,
                "step": 1,
            },
            "All years of these dates that begin with a 1 go on with a 9, and yet 0.74 of the "
            "weight lies on the 8. Now switch to what matters: the row of this 9 is empty.",
            ("shows",),
        ),
    )
