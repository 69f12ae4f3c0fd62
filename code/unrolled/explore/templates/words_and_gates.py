"""What the explorables of the parts Words and Gates say."""

TEMPLATES = {
    "Pieces": {
        "verdict": "With {merges} {merges:merge|merges} it is {shown}: {count} "
        "{count:piece|pieces}, {count:number|numbers} {ids}.",
        "compared": {
            "known": {
                "yes": "A vocabulary of whole words has it as number {number}; it occurs "
                "{times} {times:time|times} in the reviews.",
                "no": "A vocabulary of whole words does not have it. It would be number 2, "
                "“unknown”, like every other word that is missing.",
            }
        },
    },
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
    "Storyteller": {
        "reading": {
            "begun": {
                "no": "It has read nothing, and a letter costs it {valid_now:.1f} bits.",
                "yes": "It has read {name} {passes:.1f} times. A letter costs it {train_now:.2f} "
                "bits there, and {valid_now:.2f} where it has not read.",
            }
        },
        "name": {"source": {"stories": "the stories", "Shakespeare": "Shakespeare"}},
        "quoting": {
            "often": {
                "yes": [
                    "{copied};",
                    "in thirty texts at temperature 0.6, from three starts, it is {usual:.0%}.",
                ],
                "no": "{copied}.",
            }
        },
        "copied": {
            "quotes": {
                "yes": "Of this text {share:.0%} is copied, letter for letter",
                "no": "Of this text no stretch is copied",
            }
        },
    },
    "StateReader": {
        "fit": [
            {
                "way": {
                    "one": "Unit {unit} of {units}, the best for this, has a correlation of "
                    "{fits:.2f}.",
                    "all": "All {units} units together have a correlation of {fits:.2f}.",
                    "letter": "The letter alone has a correlation of {fits:.2f}.",
                }
            },
            "{others}",
        ],
        "others": {
            "way": {
                "one": "The letter alone has {fits_letter:.2f}, all units have {fits_all:.2f}.",
                "all": "The best unit has {fits_one:.2f}, all units before training "
                "{fits_untrained:.2f}, or {fits_halved:.2f} with their matrix halved. The letter "
                "alone has {fits_letter:.2f}, the last four {fits_four:.2f}.",
                "letter": "The best unit has {fits_one:.2f}, all units have {fits_all:.2f}.",
            }
        },
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
    "StoreCell": {
        "arithmetic": "{step}: c = {now_f:.2f} × {before:.2f} + {now_i:.2f} × {now_g:.2f} = "
        "{now_c:.2f}, and h = {now_o:.2f} × tanh(c) = {now_h:.2f}.",
        "step": {"asked": {"yes": "At the question", "no": "At the {letter}"}},
        "answer": [
            {
                "asked": {
                    "no": "It has not been asked yet.",
                    "yes": "Its answer is {spoken}, {judged}.",
                }
            },
            "{loudness}",
        ],
        "spoken": {
            "said": {
                "nothing": "silence, since zero is nearer than any letter",
                "m": "m",
                "a": "a",
                "n": "n",
                "f": "f",
            }
        },
        "judged": {"correct": {"yes": "which is right", "no": "and {right} would be right"}},
        "loudness": {
            "asked": {
                "no": "",
                "yes": {
                    "silent": {
                        "yes": "Before that it kept silent: h never left ±0.05.",
                        "no": "Before that it had shown up to ±{loudest:.2f}, unasked.",
                    }
                },
            }
        },
        "gates": {
            "cell": {
                "a sum": "There is no gate yet: all is written, kept and shown.",
                "+ input gate": "Below g is the input gate i: how much of g is written.",
                "+ forget gate": "Below g is the input gate i, below c the forget gate f: how much "
                "of c is kept.",
                "+ output gate": "Below g is the input gate i, below c the forget gate f, below h "
                "the output gate o: how much of c is shown.",
            }
        },
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
            "task": {
                "letters": "1,000 sequences of 19 letters with two different ones stored at these "
                "places",
                "reviews": "80 test reviews",
            }
        },
        "guessing": {"task": {"letters": "25%", "reviews": "50%"}},
        "why": {
            "held": {
                "nothing": "",
                "i = 0": "Nothing gets in, so it always answers “b”; guessing gives 25%.",
                "i = 1": "Every letter is written, marked or not, and two answers of three are "
                "“d”; guessing gives 25%.",
                "f = 0": "The letter was stored eight steps ago, and each step has emptied the "
                "cells; guessing gives 25%.",
                "f = 1": "Nothing is erased, and in {first:.0%} it names the letter stored first.",
                "o = 0": "Nothing gets out, so it always answers “b”; guessing gives 25%.",
                "o = 1": "It does not need this gate here, as it is read at the end alone.",
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
    "Counter": {
        "verdict": [
            "After {n} a {network_is} says “enough”",
            {
                "how": {
                    "right": "at b number {said}, which is right.",
                    "early": "at b number {said}, {off} too early.",
                    "late": "at b number {said}, {off} too late.",
                    "never": "at no b at all.",
                }
            },
        ],
        "network_is": {
            "network": {
                "RNN": "the RNN",
                "GRU": "the GRU",
                "LSTM": "the LSTM",
                "LSTM by hand": "the LSTM set by hand",
                "GRU by hand": "the GRU set by hand",
            }
        },
        "step": "A single a has moved the {holds} of this unit by as much as {most:.2g}, and the "
        "last one by {last:.2g}.",
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
    "Gap": {
        "verdict": "{seen} it takes the gap for “{guess}”, with {top:.0%}, {judged}.",
        "seen": {
            "reader": {
                "left": "From the left",
                "both": "From both sides",
                "right": "From the right",
            }
        },
        "judged": {"correct": {"yes": "which is right", "no": "and it is “{letter}”"}},
        "rivals": "“{letter}” gets {p_left:.1%} from the left, {p_right:.1%} from the right and "
        "{p_both:.1%} from both sides; counting, with both sides, gives it {p_counted:.1%}.",
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
        "asked": [
            {
                "task": {
                    "echo": "Echo asks at every step for the bit {lag} steps back.",
                    "copy": "Copy asks for three symbols after {lag} blanks and a cue.",
                    "adding": "Adding asks for the sum of two marked numbers, the first of them "
                    "{lag} steps back.",
                    "parity": "Parity asks whether the number of ones is odd, the first bit {lag} "
                    "steps back.",
                }
            },
            {
                "compared": {
                    "no": "",
                    "yes": "Dotted: ▲\u00a0LRU {lru} of {lru_of} starts, ▼\u00a0minGRU {mingru} of "
                    "{mingru_of}, ★\u00a0signed minGRU {signed} of {signed_of}.",
                    "not here": "The dotted (▲\u00a0LRU, ▼\u00a0minGRU, ★\u00a0signed minGRU) "
                    "were not run at this lag.",
                }
            },
        ],
        "tuned": {
            "compared": {
                "no": "",
                "yes": "{less}",
                "not here": "{less}",
            }
        },
        "less": " The dotted cells were tuned on less: three rates, at one lag, from one start; "
        "they have three of the lags, and chapter 23 asks why they fail.",
        "verdict": [
            {
                "outcome": {
                    "half": "{called} solves it from {count} of {starts} starts, after a median of "
                    "{updates} updates.",
                    "few": "{called} solves it from {count} of {starts} starts.",
                    "none": "{called} solves it from no start of {starts}.",
                }
            },
            {
                "lacks": {
                    "nothing": "So it was not asked why: two bars are missing.",
                    "training": "It only lacks training: a longer run, or a smaller rate, is "
                    "enough.",
                    "memory": "A longer run and a curriculum are not enough. The gradient arrives, "
                    "and what should be remembered is not in the state: it lacks memory.",
                    "gradient": "A longer run and a curriculum are not enough. Its state can be "
                    "read, and hardly any gradient arrives: it lacks gradient.",
                    "task": "A longer run is not enough, a curriculum is: it lacks a task that "
                    "shows the way.",
                    "memory or gradient": "A longer run and a curriculum are not enough. Neither "
                    "memory nor gradient is cleared.",
                    "gradient or task": "A longer run is not enough, a curriculum is: so it can "
                    "remember. Whether gradient or task stops it, the probes do not tell.",
                    "open": "All probes clear it, and still it fails: we do not know why.",
                }
            },
        ],
        "called": {
            "network": {
                "RNN": "The RNN as drawn",
                "RNN, other start": "The RNN from its best start",
                "LSTM": "The LSTM",
                "GRU": "The GRU",
            }
        },
        "probes": "What came at the lag can be read from the state with a skill of "
        "{read_before:.2f} before training and {read_after:.2f} after it. Before training the lag "
        "has {times:sci} of an even share of the gradient.",
    },
}
