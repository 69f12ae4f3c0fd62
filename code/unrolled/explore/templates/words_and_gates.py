"""What the explorables of the parts Words and Gates say."""

TEMPLATES = {
    "PaddingLab": {
        "reads": ["Review {review} reads “{seen}”.", "{missing}"],
        "missing": {
            "whole": {
                "yes": "It is whole: no word is cut.",
                "no": "The network does not see “{unseen}”.",
            }
        },
        "summary": "Of {words} words {words_kept} are kept, and {padded:.0%} of all steps are "
        "padding. Of eight verdicts {kept} {kept:is|are} kept, and {last} {last:is|are} at "
        "the last step.",
    },
    "Sampler": {
        "text": ["Drawn: “{drawn}”.", "{impossible}"],
        "impossible": {
            "odd": {
                "yes": "{rare} of the 15 words had less than one chance in a thousand at "
                "temperature 1.",
                "no": "Every word had more than one chance in a thousand at temperature 1.",
            }
        },
        "choice": "The choice of the first word holds {bits:.2f} bits of at most {most_bits:.2f}. "
        "The likeliest is “{likeliest}”, with probability {top:.3f}.",
    },
    "ForgetBias": {
        "verdict": "A bias of {bias:g} keeps {kept:.3f} of the cell per step and {share:sci} after "
        "{lag} {lag:step|steps}.",
        "wish": [
            {
                "outlasts": {
                    "a step": "Half of it is gone after {half:.3g} steps;",
                    "nothing": "Half of it is gone within the first step;",
                }
            },
            "to have half of it after {lag} {lag:step|steps} takes a bias of {wanted:.2f}.",
        ],
    },
    "GateInspector": {
        "verdict": {
            "clamped": {
                "yes": "With {held} the network answers “{said}” with probability {sure:.2f}, "
                "which is {judged}; left alone it answers “{said_alone}” with probability "
                "{sure_alone:.2f}.",
                "no": "The network answers “{said}” with probability {sure:.2f}, which is "
                "{judged}.",
            }
        },
        "judged": {"correct": {"yes": "right", "no": "wrong"}},
        "frequency": {
            "clamped": {
                "yes": [
                    "Of {tested} it then gets {share:.0%} right, left alone {share_alone:.0%}.",
                    {"task": {"letters": "{why}", "reviews": "Guessing gives 50%."}},
                ],
                "no": "Of {tested} it gets {share:.0%} right; guessing gives {guessing}.",
            }
        },
        "tested": {
            "task": {"letters": "1,000 sequences of 60 letters", "reviews": "80 test reviews"}
        },
        "guessing": {"task": {"letters": "25%", "reviews": "50%"}},
        "why": {
            "held": {
                "nothing": "",
                "i = 0": "Nothing gets in, so it always answers “b”; guessing gives 25%.",
                "i = 1": "Every letter is written over those before: of those stored in the last "
                "three steps it names 86%, of those 30 and more steps back 30%.",
                "f = 0": "It names 79% of the letters stored in the last three steps, and of all "
                "others no more than by guessing.",
                "f = 1": "What counts is how much was read before the first “store”: after two "
                "letters, as here, it names the first of two in 94%; in the 60-letter sequences "
                "the first “store” usually comes later, and two answers of three are “c”.",
                "o = 0": "Nothing gets out, so it always answers “b”; guessing gives 25%.",
                "o = 1": "It hardly needs this gate; guessing gives 25%.",
            }
        },
        "cell": "The cell of unit {unit} ends at c = {c:.2f}{beside}",
        "beside": {"clamped": {"yes": "; left alone at {c_alone:.2f}.", "no": "."}},
        "about": {
            "task": {
                "letters": "of the letter stored last. Left alone, unit 7 shuts its forget gate at "
                "“store” alone: in all 1,000 sequences it is below 0.3 there, and above 0.75 at "
                "every letter that follows.",
                "reviews": "that the review is good. Left alone, no gate is as sharp as in the "
                "letters: in all 80 test reviews no input, forget or output gate falls below 0.1.",
            }
        },
    },
    "UpdateGate": {
        "verdict": [
            {
                "convention": {
                    "keeps the old": "Where z keeps the old state (Cho et al. 2014, PyTorch, "
                    "Keras), z = {z:g} keeps",
                    "takes the new": "Where z takes the new state (Chung et al. 2014), "
                    "z = {z:g} keeps",
                }
            },
            {
                "fate": {
                    "overwritten": "nothing: the first candidate overwrites it all.",
                    "frozen": "everything: it stays forever, and no candidate can be written.",
                    "fades": "{mixture} after {half:.3g} steps.",
                    "gone": "{mixture} within the first step.",
                }
            },
        ],
        "mixture": "{keep:g} of it per step and takes {take:g} of the candidate: half is gone",
        "forms": "With a reset bias of {reset_bias} nine of ten reset gates lie between "
        "{reset_low:.2f} and {reset_high:.2f}, and the two forms differ by {apart:.1%} of the "
        "states.",
    },
    "Reach": {
        "verdict": {
            "seen": {
                "own": "Output {t} uses one of 24 inputs, its own.",
                "past": "Output {t} uses {count} of 24 inputs, {first} to {last}: its own, {past} "
                "from its past and no input from its future.",
                "future": "Output {t} uses {count} of 24 inputs, {first} to {last}: its own, "
                "{future} from its future and no input from its past.",
                "both": "Output {t} uses {count} of 24 inputs, {first} to {last}: its own, {past} "
                "from its past and {future} from its future.",
            }
        },
        "numbers": "The Jacobian has length {log_own:sci} for its own input{to_first}{to_last}.",
        "to_first": {
            "from_0": {
                "own": "",
                "path": ", {log_0:sci} for input 0",
                "no path": ", exactly 0 for input 0",
            }
        },
        "to_last": {
            "from_T": {
                "own": "",
                "path": ", {log_T:sci} for input 23",
                "no path": ", exactly 0 for input 23",
            }
        },
        "about_square": {
            "square": {
                "own": "Without recurrence nothing passes from step to step: each output uses its "
                "own input alone, whichever way the layers read.",
                "past": "One way, no output uses a later input, however many layers there are.",
                "future": "The backward half of one layer has read nothing but its own input "
                "and what follows: its "
                "first output has seen every input, its last a single one.",
                "both": "Once both ways are read no square is empty: every output has used all "
                "inputs, also those that come after it.",
            }
        },
    },
    "LagDial": {
        "asked": {
            "task": {
                "echo": "Echo asks at every step for the bit {lag} {lag:step|steps} back.",
                "copy": "Copy asks for three symbols after {lag} {lag:blank|blanks} and a cue.",
                "adding": "Adding asks for the sum of two marked numbers, the first of them {lag} "
                "{lag:step|steps} back.",
                "parity": "Parity asks whether {bits} bits hold an odd number of ones.",
            }
        },
        "verdict": [
            {
                "solvers": {
                    "all": "All six networks have a mean skill of at least 0.95.",
                    "some": "A mean skill of at least 0.95: {solved}. The best of the others, "
                    "{best}, has {starts}",
                    "none": "No network reaches a mean skill of 0.95. The best, {best}, has "
                    "{starts}",
                }
            },
            {
                "reach": {
                    "whole": "Every loss reaches back to the first of the {length} steps.",
                    "sometimes": "A loss reaches at most {cut} steps, its own included, so it "
                    "sometimes reaches {goal}, {back} {back:step|steps} back.",
                    "never": "A loss reaches at most {cut} steps, its own included, so it never "
                    "reaches {goal}, {back} steps back.",
                }
            },
        ],
        "starts": "{best_mean:.2f}, and its three starts lie from {best_low:.2f} to "
        "{best_high:.2f}.",
        "goal": {
            "task": {
                "echo": "that bit",
                "copy": "the symbol",
                "adding": "the first number",
                "parity": "the first bit",
            }
        },
        "control": {
            "compared": {
                "yes": "With only the readout trained, the best of the six has "
                "{best_untrained:.2f}.",
                "no": "The readout alone was not trained at this lag.",
            }
        },
    },
}
