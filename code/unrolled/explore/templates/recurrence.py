"""Recurrence without the loop: what the explorables of chapters 22 to 25 say."""

TEMPLATES = {
    "ScanSteps": {
        "verdict": {
            "stage": {
                "start": "Before the first level every place holds its own step; only the first "
                "state is finished.",
                "middle": "After level {now} of {levels}, with {combined} "
                "{combined:combination|combinations} so far, {done} of {T} states are finished.",
                "end": "After {levels} {levels:level|levels} and {combinations} combinations all "
                "{T} states are finished.",
            }
        },
        "price": {
            "method": {
                "loop": "The loop joins one pair per level, so there are as many levels as "
                "combinations: {loop}.",
                **dict.fromkeys(
                    ("doubling", "tree", "chunks"),
                    "The loop needs {loop} levels; this way there are {levels}, for {more:.1f} "
                    "times as many combinations.",
                ),
            }
        },
    },
    "Ring": {
        "verdict": {
            "fall": {
                "at once": "Not even the input that has just come in is recalled with an R² of "
                "one half; the one before it has {last:.2f}.",
                "later": "R² is {last:.2f} one step back and {hundred:.2f} a hundred steps back. "
                "It first falls below one half at lag {reach}.",
                "never": "R² is {last:.2f} one step back, {hundred:.2f} a hundred steps back, and "
                "above one half over all 200 lags.",
            }
        },
        "budget": {
            "turns": {
                "yes": "These {H} pairs are {units} units, and {share:.0%} of what they could remember "
                "is in use.",
                "no": "Without a turn the second unit of a pair is idle: {units} units, and "
                "{share:.0%} of what they could remember is in use.",
            }
        },
    },
    "KeepOrTurn": {
        "verdict": "After {length:,} bits {share:.0%} of the readers know whether the ones were "
        "odd.",
        "reason": {
            "why": {
                "never": "Neither factor is below zero, so no bit turns a state over: the sign "
                "says the same after an odd count as after an even one.",
                "lost": "A factor of 0 wipes the state out, and with it what had been counted.",
                "fades": "About {left:sci} of a state is left, and every step adds noise of 0.01.",
                "holds": "All of a state is left, and so is the noise of all steps.",
                "restored": "The tanh pushes every state back to near 1 or −1, so a step may lose "
                "much, and noise does not add up.",
            }
        },
    },
    "StraightLine": {
        "verdict": {
            "shape": {
                "line": "A straight line with a slope of {slope:.2g}: two numbers stand for all "
                "that {steps} {steps:step|steps} can do to a state.",
                "curve": "A curve, up to {apart:.2f} away from the straight line through its "
                "ends. Its slope runs from {least:sci} to {most:sci} in size.",
            }
        },
    },
}
