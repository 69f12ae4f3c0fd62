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
                "yes": "These {H} pairs are {units} units, and the area under the curve is "
                "{spent:.1f}: {share:.0%} of what they could remember.",
                "no": "Without a turn the second unit of a pair is idle. The area under the curve "
                "is {spent:.1f}: {share:.0%} of what {units} units could remember.",
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
                "line": "A straight line with a slope of {slope:.2g}: two numbers tell all "
                "that {steps} {steps:step|steps} can do to a state.",
                "curve": "A curve, up to {apart:.2f} away from the straight line through its "
                "ends. At the 81 starts its slope is between {least:sci} and {most:sci} in size.",
            }
        },
    },
    "CostLab": {
        "price": {
            "share": {
                "same": "Over {steps} steps full BPTT keeps {full_kept}; no way does less work.",
                "less": "Over {steps} steps it keeps {kept} where full BPTT keeps {full_kept}, "
                "{factor} times less, for {times} times the work.",
                "more": "Over {steps} steps it keeps {kept} where full BPTT keeps {full_kept}, "
                "{factor} times more, for {times} times the work.",
            }
        },
        "right": {
            "way": {
                **dict.fromkeys(
                    ("full", "segments", "halving", "binomial"),
                    "The gradient is exact: all of these differ by rounding alone.",
                ),
                "blocks": "The gradient is cut: what lies more than {states} steps back is missing "
                "from it, and no amount of data brings it back.",
                "RTRL": "The gradient is exact as long as the weights stand still, and there "
                "after every step.",
                "UORO": "The gradient is right on average; a single one is mostly noise.",
            }
        },
    },
    "WalksAway": {
        "sees": {
            "way": {
                "every loss": "Every loss sees an effect of {sees:.2f}; in truth it is {all:.2f}.",
                "blocks": "The losses of a block see an effect of {sees:.2f} on average; in truth "
                "it is {all:.2f}.",
                "random": "On average over the draws every loss sees an effect of {sees:.2f}, and "
                "that is the truth.",
            }
        },
        "goes": {
            "goes": {
                "home": "After 3,000 steps the parameter is at {end:.3f}, and −0.167 is best.",
                "on its way": "After 3,000 steps the parameter is at {end:.3f}, on the side of the "
                "best value, −0.167.",
                "away": "After 3,000 steps the parameter is at {end:.3f}; the best value, −0.167, "
                "lies on the other side of where it began.",
                "gone": "Before 3,000 steps are over the parameter has passed {side}, and it goes "
                "on.",
            }
        },
    },
    "FixedPoints": {
        "points": "After {updates:,} updates it has {count} fixed {count:point|points}: "
        "{stable} stable, {saddles} {saddles:saddle|saddles}, {sources} {sources:source|sources}.",
        "verdict": {
            "judged": {
                "untold": "Nobody has pushed yet, and it says {horizontal} and {vertical}.",
                "half": "It says {horizontal} and {vertical}, {ago}, and only one bit was ever "
                "pushed. {gradient}",
                "right": "It says {horizontal} and {vertical}, {ago}, and is right. {gradient}",
                "wrong": "It says {horizontal} and {vertical}, {ago}, and not all that was pushed "
                "is right. {gradient}",
            }
        },
        "ago": "{since} {since:step|steps} after the last push",
        "gradient": "Of this answer’s gradient {left:sci} is left at the push.",
        "near": {
            "kind": {
                "stable": "Nearest to the state is a stable point. {rated}",
                "saddle": "Nearest to the state is a saddle. {rated}",
                "source": "Nearest to the state is a source. {rated}",
            }
        },
        "rated": "Its largest eigenvalue has a size of {rate:.2f}.",
    },
    "EdgeOfChaos": {
        "verdict": {
            "fate": {
                "calm": "In ten steps a small difference shrinks to {factor:.2g} of its size: the "
                "Lyapunov exponent is {exponent:.2f} a step.",
                "edge": "A small difference stays about as large as it is: the Lyapunov exponent "
                "is {exponent:.2f} a step.",
                "chaos": "In ten steps a small difference becomes {factor:.2g} times as large: the "
                "Lyapunov exponent is {exponent:.2f} a step.",
            }
        },
        "solved": "Newton’s method has all eighty steps right after {rounds} rounds.",
    },
    "Reservoir": {
        "verdict": {
            "seen_is": {
                "weather": "It follows the truth for {held} steps, {times:.2g} Lyapunov times. "
                "The median of twenty starts is {median:.0f} steps, {median_times:.2g} Lyapunov "
                "times.",
                "blood": "It follows the truth for {held} steps. The median of twenty starts is "
                "{median:.0f}.",
            }
        },
        "memory": {
            "echo": {
                "none": "Nothing is fed back, so a state is made of the last input alone.",
                "yes": "Two copies that begin apart and read the same have become one after a "
                "thousand steps: this network forgets how it began.",
                "no": "Two copies that begin apart and read the same are still {apart:.2g} apart "
                "after a thousand steps: this network does not forget how it began.",
            }
        },
    },
}
