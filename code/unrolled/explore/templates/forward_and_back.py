"""What the explorables of the parts Forward and Back say."""

TEMPLATES = {
    "LastLetter": {
        "verdict": [
            {
                "reader": {
                    "a memory": "It has heard “{heard}”.",
                    "no memory": "All it has is “{letter}”.",
                    "a window": "All it has is “{sees}”.",
                }
            },
            "It gives {word} {p_word:.0%} and {rhyme} {p_rhyme:.0%}, so",
            {
                "tells": {
                    "yes": "it knows which of the two it is.",
                    "no": "between these two it can only toss a coin.",
                }
            },
        ],
    },
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
    "OneUnit": {
        "verdict": "At the {letter} the sum is {w_xh:.2f} × {number:.1f} + {w_hh:.2f} × "
        "{before:.2f} = {together:.2f}, and its tanh is {becomes:.2f}. The curve has a slope of "
        "{slope:.2g} there.",
        "compared": "After the same letters of “{other}” the unit would be at {other_state:.2f}, "
        "{apart:.2g} away.",
    },
    "HiddenStates": {
        "verdict": [
            "After “{heard}” the network says {first}, with a probability of {p_first:.0%}.",
            {"doubts": {"yes": "Next comes {second}, with {p_second:.0%}.", "no": ""}},
        ],
        "compared": "Had the word been “{twin}”, the state would be {apart:.2f} away.",
    },
    "WordGuess": {
        "verdict": [
            "At “{heard}” it gives {word} a probability of {p_now:.2f}, which costs {cost:.2f} "
            "nats; a reader who counts and forgets nothing gives {counted:.2f}.",
            {"guess": {"right": "", "wrong": "It prefers {likeliest}, with {p_likeliest:.2f}."}},
        ],
        "whole": [
            "Over all ten steps it pays {mean:.2f} on average,",
            {
                "price": {
                    "same": "and so does the counting reader.",
                    "more": "the counting reader {least:.2f}.",
                }
            },
        ],
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
                    "right": "The softmax is right, and neither loss has much to say.",
                }
            },
        ],
    },
    "Blame": {
        "verdict": {
            "back": {
                "0": "The unit reads {word} and gives m a probability of {p_end:.2f}. In all its "
                "answers cost {loss:.2f} nats.",
                "1": "{at}",
                "2": "{at}",
                "3": "{at}",
            }
        },
        "at": "Step {t}: {from_above:.2f} from above and {from_future:.2f} from the future make "
        "{together:.2f}. The tanh, with a slope of {slope:.2f}, passes on {before:.2f}.",
        "sums": {
            "back": {
                "0": "No weight has its share yet.",
                "1": "{so_far}",
                "2": "{so_far}",
                "3": "{so_far}",
            }
        },
        "so_far": "Gradients so far: w_xh {now_xh:.2f} ({to_xh}); w_hh {now_hh:.2f} ({to_hh}).",
        "to_xh": {"wish_xh": {"shrink": "should shrink", "grow": "should grow", "stay": "stays"}},
        "to_hh": {"wish_hh": {"shrink": "should shrink", "grow": "should grow", "stay": "stays"}},
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
            "W_hh has spectral radius {gain:.2f} and norm {norm:.2f}. On the way back to the "
            "first of {T} steps the gradient's length goes from 1 to {left:sci}.",
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
    "ThreeRegimes": {
        "gradient": [
            {
                "reached": {
                    "1": "The loss at the {place} letter reaches only its own letter.",
                    **{
                        str(n): "The loss at the {place} letter reaches {reached} letters, its own "
                        "included."
                        for n in range(2, 11)
                    },
                }
            },
            {
                "told": {
                    "yes": "At the first one {left:.1%} of its gradient arrives.",
                    "no": "No gradient says that the first one mattered.",
                }
            },
        ],
        "state": {
            "hears": {
                "yes": "Had the word been “veneration”, the state there would be {apart:.2f} away: "
                "the first letter is still in it.",
                "no": "Had the word been “veneration”, the state there would be the same: the "
                "first letter is lost.",
            }
        },
    },
    "Stretch": {
        "verdict": [
            {
                "left": {
                    "some": "After {n} {n:step|steps} the arrow has length {length:sci}; the "
                    "longest that any could have is {most_now:sci}.",
                    "others": "After {n} {n:step|steps} this arrow is shorter than 10⁻¹²; the "
                    "longest that any could have is {most_now:sci}.",
                    "traces": "After {n} {n:step|steps} every arrow is shorter than 10⁻¹².",
                    "nothing": "After {n} {n:step|steps} nothing is left, of this arrow or any "
                    "other.",
                }
            },
            {
                "fate": {
                    "shrinks at once": "The norm is {norm:.2f}, so every step shortens every "
                    "arrow.",
                    "grows first": "The norm is {norm:.2f}, so one step can lengthen an arrow; the "
                    "radius is {radius:.2f}, so in the end all of them shrink.",
                    "never longer": "The norm is 1, so no step lengthens any arrow.",
                    "levels off": "The norm is {norm:.2f} and the radius 1, so in the long run the "
                    "length no longer changes.",
                    "grows": "The radius is {radius:.2f}, so in the long run the arrow grows.",
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
                "after {k2}: no part of it comes from that step. The full gradient has "
                "{share:sci} of its length from there.",
                "vanished": "The gradient reaches the answer {lag} {lag:step|steps} back, but only "
                "{share:sci} of its length comes from there: it has vanished on the way, and "
                "reaching further does not cure that.",
                "reached": "The gradient reaches the answer {lag} {lag:step|steps} back, and "
                "{share:sci} of its length comes from there: here is something to learn from.",
            }
        },
        "numbers": "Against full BPTT: cosine {cosine:.3f}, relative error {error:.2g} where "
        "every step's loss reaches back k2 steps (k1 = 1); cosine {cosine_block:.3f}, relative "
        "error {error_block:.2g} where blocks of k2 steps are cut apart (k1 = k2).",
    },
}
