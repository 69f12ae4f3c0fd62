"""The closing chapter: what three networks keep for every reader, and compute for the next step."""

import numpy as np

from unrolled.analysis.next_step import NAMES, after, weights
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

LENGTHS = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]
SIZES = {"small": (256, 4), "medium": (1024, 16), "large": (4096, 32)}
READERS = [1, 8, 64, 512]
MACHINES = {"phone, 4 GB": 4e9, "laptop, 16 GB": 16e9, "GPU, 80 GB": 80e9}
BYTES = 2  # of a number in half precision
DRAWN = np.geomspace(LENGTHS[0], LENGTHS[-1], 31)
STYLES = {
    "recurrent": ("forward",),
    "convolution": ("target", "dashdot"),
    "attention": ("backward", "dash"),
}
UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def compute(size, n, readers, machine):
    """Bytes of weights and of all readers against n, and products for one step of one reader."""
    d, layers = SIZES[size]
    room, own = MACHINES[machine], BYTES * weights(d, layers)
    drawn, here = after(DRAWN, d, layers), after(n, d, layers)
    arrays = {"room": np.full(len(DRAWN), np.log10(room))}
    facts = {"steps": f"{n:,}", "own": written(own), "roomy": own < room}
    for name in NAMES:
        arrays[f"{name}_bytes"] = np.log10(own + readers * BYTES * drawn[name].numbers)
        arrays[f"{name}_products"] = np.log10(drawn[name].products)
        kept = BYTES * float(here[name].numbers)
        facts[f"{name}_kept"] = written(kept)
        facts[f"{name}_most"] = about(max(0, int((room - own) // kept)))
        if name != "convolution":
            facts[f"{name}_all"] = written(own + readers * kept)
            facts[f"{name}_fits"] = own + readers * kept <= room
    for part in ("bytes", "products"):
        ends = np.concatenate([arrays[f"{name}_{part}"] for name in NAMES])
        ends = np.append(ends, arrays["room"]) if part == "bytes" else ends
        low, high = np.floor(ends.min() - 0.01), np.ceil(ends.max() + 0.3)
        arrays[f"{part}_range"] = np.array([low, high])
    facts["times_products"] = float(here["attention"].products / here["recurrent"].products)
    return arrays | facts


def about(count):
    """A count with two digits and zeros, rounded down."""
    unit = 10 ** max(0, len(str(count)) - 2)
    return f"{count // unit * unit:,}"


def written(size):
    """Bytes in two digits with their unit."""
    unit, one = next((u for u in UNITS if size >= u[1]), UNITS[-1])
    return f"{float(f'{size / one:.2g}'):,g} {unit}"


def panes():
    """Memory and arithmetic against the number of steps read."""
    x = np.log10(DRAWN)
    memory = lines.curves(
        x,
        {name: (f"{name}_bytes", *style) for name, style in STYLES.items()},
        title="Memory for all readers",
        alt="Lines of bytes against steps read: attention climbs through the dotted line of what "
        "the machine has, the two others stay flat or nearly so.",
        x_title="steps read so far",
        y_title="bytes",
        **theme.decades((6, 14)),
    )
    room = lines.reference(x, [0, 0], name="machine")
    room.update(**theme.bound(x=x, y="room"))
    memory.add_trace(room)
    products = lines.curves(
        x,
        {name: (f"{name}_products", *style) for name, style in STYLES.items()},
        title="Multiplications for one more step",
        alt="Lines of multiplications against steps read: equal at first, then attention climbs.",
        x_title="steps read so far",
        y_title="multiplications",
        **theme.decades((6, 12)),
    )
    for figure, key in ((memory, "bytes_range"), (products, "products_range")):
        theme.fit(figure, "yaxis", key, decades=True)
        figure.update_xaxes(
            range=[1.9, 5.1], tickvals=[2, 3, 4, 5], ticktext=["100", "1,000", "10,000", "100,000"]
        )
        theme.mark(figure, "n", label="now", at=np.log10(LENGTHS))
    return [memory, products]


class NextStep(Explorable):
    """Set how much was read, by how many readers, on which machine; see what a step costs."""

    title = "The next step"
    caption = (
        "Three networks with the same number of weights. What the recurrent one, a GRU, keeps of "
        "its past has one size for good; attention keeps a key and a value for every step, and "
        "looks at all of them for the next one. Numbers take two bytes; the cache is plain, "
        "without the tricks that make it several times smaller."
    )
    alt = (
        "Left, the memory that weights and all readers take against the steps read, on logarithmic "
        "axes, with the machine's own as a dotted line; right, the multiplications for one more "
        "step."
    )
    controls = (
        Number("n", "Steps read", LENGTHS, 1000, texts=[f"{n:,}" for n in LENGTHS]),
        Choice("size", "Network", tuple(SIZES), "medium"),
        Number("readers", "Readers at once", READERS, 64),
        Choice("machine", "Machine", tuple(MACHINES), "laptop, 16 GB"),
    )
    lines = ("kept", "room")
    compute, panes = compute, panes
    question = Question(
        "A medium network writes for 64 readers on a laptop with 16 GB, and each has read 1,000 "
        "steps. Its attention still fits. Will it at 10,000?",
        ("yes: memory grows slowly", "just so", "no: it needs more than twice as much"),
        2,
        {"n": 10_000, "size": "medium", "readers": 64, "machine": "laptop, 16 GB"},
        "The cache of each reader has grown tenfold to 660 MB, and 64 of them take 42 GB with the "
        "weights. The recurrent network keeps 46 kB for each, as it did after the first step.",
        hides=(0,),
    )
    stories = (
        Story(
            "weights, not the past",
            {"n": 300, "size": "large", "readers": 1, "machine": "GPU, 80 GB"},
            "One reader with a short past: all three are little else than their weights, and "
            "memory does not decide.",
        ),
        Story(
            "a book, one reader",
            {"n": 100_000, "size": "large", "readers": 1, "machine": "GPU, 80 GB"},
            "A cache of 52 GB for one reader: more than the weights four times over.",
        ),
        Story(
            "a crowd",
            {"n": 10_000, "size": "medium", "readers": 512, "machine": "GPU, 80 GB"},
            "Attention would need 340 GB. The recurrent network keeps all 512 pasts in 24 MB, a "
            "seventeenth of its weights.",
        ),
        Story(
            "always listening",
            {"n": 100_000, "size": "small", "readers": 1, "machine": "phone, 4 GB"},
            "A small network listens all day. Drag along: only attention's next step becomes more "
            "work, here 66 times as much.",
            ("n",),
        ),
    )
