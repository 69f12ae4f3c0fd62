"""What the explorables of the parts Forward and Back say."""

TEMPLATES = {
    "TwoPasts": {
        "verdict": {
            "memory": {
                "forgotten": "After {wait} {wait:step|steps} the two states are {left:.1g} apart: "
                "the first number is forgotten.",
                "gone": "After {wait} {wait:step|steps} the two states are less than a billionth "
                "apart: the first number is forgotten.",
                "known": "After {wait} {wait:step|steps} the two states are {left:.3f} apart: the "
                "unit still knows which it was.",
            }
        },
    },
    "HiddenStates": {
        "verdict": ["At step {t} the hidden state has length {length:.3f}.", "{compared}"],
        "compared": {
            "pattern": {
                "a word": {
                    "knows": {
                        "yes": "Had the word been “{twin}”, it would be {apart:.3f} away: "
                        "the network still knows the first letter.",
                        "no": "Had the word been “{twin}”, it would be {apart:.1g} away: the first "
                        "letter is forgotten.",
                    }
                },
                "an impulse": "",
                "a sine": "",
            }
        },
    },
    "ConfidentMistake": {
        "verdict": [
            "The right class has probability {p:.2g}. Cross-entropy pulls its logit up by "
            "{cross_pull:.2g}, squared error by {squared_pull:.2g},",
            {
                "weaker": {
                    "equal": "which is just as hard.",
                    "hardly": "which is almost as hard.",
                    "times": "{ratio:.2g} times less.",
                    "much": "{ratio:,.0f} times less.",
                }
            },
            {
                "side": {
                    "below": "Here squared error pulls less the more wrong the softmax is.",
                    "on": "Here squared error is at its strongest.",
                    "above": "Here squared error, too, pulls harder the more wrong the softmax is.",
                }
            },
        ],
    },
    "StepSize": {
        "verdict": [
            "In {precision} with a step of {step} the error is {error:sci}, so {right}.",
            {
                "use": {
                    "check": "A right gradient passes a check with a limit of 1e-6.",
                    "coarse": "A wrong gradient shows, but a right one fails at a limit of 1e-6.",
                    "none": "Mistakes in a gradient that are smaller than this would go unseen.",
                }
            },
            "The best of these steps is {best_step}, with an error of {best_error:sci}.",
        ],
        "right": {
            "some": {
                "no": "no digit is right",
                "yes": "{digits} {digits:digit is|digits are} right",
            }
        },
    },
    "GradientFlow": {
        "verdict": [
            "W_hh has spectral radius {gain:.2f} and norm {norm:.2f}. Back at the first of {T} "
            "steps the gradient is {left:sci} of its length at the last.",
            {
                "fate": {
                    "vanished": "It has vanished.",
                    "fading": "It is fading.",
                    "alive": "It is alive.",
                    "exploded": "It has exploded.",
                }
            },
        ],
    },
    "TruncationLab": {
        "verdict": {
            "answer_is": {
                "before": "The answer lies {lag} {lag:step|steps} back, before the sequence of {T} "
                "steps begins.",
                "cut off": "The answer lies {lag} {lag:step|steps} back and the gradient stops "
                "after {k2}: it cannot teach the weights to carry that input so far. What the "
                "state happens to carry can still be read out. The full gradient has {share:sci} "
                "of its length from there.",
                "vanished": "The gradient reaches the answer {lag} {lag:step|steps} back, but only "
                "{share:sci} of its length comes from there: it has vanished on the way. Reaching "
                "further does not cure that.",
                "reached": "The gradient reaches the answer {lag} {lag:step|steps} back, and "
                "{share:sci} of its length comes from there: here is something to learn from.",
            }
        },
        "numbers": "Against full BPTT: cosine {cosine:.3f}, relative error {error:.2g} where "
        "every step's loss reaches back k2 steps (k1 = 1); cosine {cosine_block:.3f}, relative "
        "error {error_block:.2g} where blocks of k2 steps are cut apart (k1 = k2).",
    },
}
