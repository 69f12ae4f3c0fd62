"""Chapter 24: what a gradient costs."""

import numpy as np

from unrolled.engine import schedules

from .comparing import number, result_of, whole, wholes


def gradient_cost_1(answer):
    """Steps run forward in segments, the last segment going back at once."""
    first, second = (schedules.counts(schedules.segments(10_000, n)) for n in (100, 1000))
    expected = [c.advanced + c.reversed for c in (first, second)]
    of_first = {
        20_000: "the last segment is reached with nothing else to do, and goes back at once.",
        9900: "these are the steps on the way; each runs once more when it is reversed.",
        10_000: "these are the steps of one pass.",
    }
    of_second = {20_000: of_first[20_000], 9000: of_first[9900], 10_000: of_first[10_000]}
    what = ["the count for 100", "the count for 1,000"]
    wholes(answer, expected, what=what, mistakes=[of_first, of_second])


def gradient_cost_2(answer):
    """The longest sequence that a number of slots and of runs reverses: a function of both."""
    for slots, runs in ((1, 4), (4, 0), (3, 2), (10, 5)):
        right = schedules.reach(slots, runs)
        mistakes = {
            slots * (runs + 1): "a second slot does not only add a part: that part can be split.",
            2 ** (slots + runs): "the two parts are not of equal length.",
            schedules.reach(slots, runs + 1): "a step that is only reversed has had no run yet.",
        }
        mistakes.pop(right, None)
        what = f"the answer for {slots} slots and {runs} runs"
        whole(result_of(answer, slots, runs), right, what=what, mistakes=mistakes)


def gradient_cost_3(answer):
    """dh_T/dw of a linear unit, carried forward: a function of w and x."""
    for seed, w in enumerate((0.5, -1.1, 0.9)):
        x = np.random.default_rng(seed).standard_normal(8)
        h, e, late, alone = 0.0, 0.0, 0.0, 0.0
        for x_t in x:
            e, alone = h + w * e, h
            h = w * h + x_t
            late = h + w * late
        mistakes = {
            late: "the influence takes the new state where it needs the one before.",
            alone: "this is what the last step does by itself.",
            h: "this is the state.",
        }
        number(result_of(answer, w, x), e, what=f"the slope for w = {w}", mistakes=mistakes)


def gradient_cost_4(answer):
    """What a surviving path is multiplied by: a function of lag and length."""
    for lag, length in ((10, 16), (0, 16), (1, 4), (40, 16)):
        kept = 1 - 1 / length
        mistakes = {
            kept**lag: "this is the probability that the path survives.",
            kept ** -(lag + 1): "a path of that lag crosses one place fewer.",
            1 / kept: "every place that is crossed has its factor.",
            length: "the factor of one place is 1 / (1 - 1 / length).",
        }
        right = kept**-lag
        mistakes = {value: said for value, said in mistakes.items() if not np.isclose(value, right)}
        what = f"the factor for lag = {lag}, length = {length}"
        number(result_of(answer, lag, length), right, what=what, mistakes=mistakes)
