"""What the explorables of the part Practice say."""

TEMPLATES = {
    "NextStep": {
        "kept": "After {steps} steps a reader has left {recurrent_kept} in the recurrent network, "
        "{convolution_kept} in the convolution and {attention_kept} in the cache of attention, "
        "whose next step takes {times_products:.3g} times the multiplications.",
        "room": {
            "roomy": {
                "yes": "Beside {own} of weights there is room for {recurrent_most}, "
                "{convolution_most} or {attention_most} such pasts: {together}",
                "no": "The weights alone are {own}, more than the machine has.",
            }
        },
        "together": {
            "attention_fits": {
                "yes": "attention needs {attention_all} in all and fits.",
                "no": "attention needs {attention_all} in all and does not fit{others}",
            }
        },
        "others": {
            "recurrent_fits": {
                "yes": "; the recurrent network needs {recurrent_all}.",
                "no": ", and neither does the recurrent network.",
            }
        },
    },
    "Forecasts": {
        "setting": "{who} reads {past} of {what} and forecasts {future} ahead{way} (unit: {unit}).",
        "who": {"kind": {"line": "The linear model", "network": "The {model}"}},
        "what": {
            "series": {
                "sunspots": "sunspots",
                "CO2": "CO2",
                "CO2, from its last value": "CO2, as differences from the last value,",
                "Beijing temperature": "Beijing temperature",
            }
        },
        "past": {
            "clock": {
                "year": "{reads} {reads:year|years}",
                "month": "{reads} {reads:month|months}",
                "hour": "{reads} {reads:hour|hours}",
            }
        },
        "future": {
            "clock": {
                "year": "{ahead} {ahead:year|years}",
                "month": "{ahead} {ahead:month|months}",
                "hour": "{ahead} {ahead:hour|hours}",
            }
        },
        "way": {"recursive": {"yes": " by its own forecasts", "no": ""}},
        "verdict": "Its error is {wrong:.3g}, against {naive_wrong:.3g} for the naive forecast, "
        "{seasonal_wrong:.3g} for the seasonal naive{rival}. Over all steps ahead its 80% band "
        "holds {coverage:.0%} of what comes.",
        "rival": {"kind": {"line": "", "network": ", and {line_wrong:.3g} for the linear model"}},
        "starts": {
            "kind": {
                "line": "Least squares has no starts to differ by.",
                "network": [
                    "Over all twelve steps its five starts have errors of {best_start:.3g} to "
                    "{worst_start:.3g}.",
                    "{luck}",
                    "{compared}",
                ],
            }
        },
        "luck": {
            "drawn": {
                "best": "The start with the median validation error turns out best of five on the "
                "test.",
                "worst": "The start with the median validation error turns out worst of five on "
                "the test.",
                "between": "",
            }
        },
        "compared": {
            "paired": {
                "yes": "At this horizon the drawn start’s error is {ratio_low:.2g} to "
                "{ratio_high:.2g} times the linear model’s (90% interval over test times).",
                "no": "",
            }
        },
        "claim": {
            "series": {
                "sunspots": "Over all twelve steps no network here, its five starts taken "
                "together, errs less than repeating the value from eleven years ago does; a "
                "straight line that reads 6 or 12 years does.",
                "CO2": "Asked for the height of a curve that rises, a network stays near what it "
                "has learned, while a straight line follows.",
                "CO2, from its last value": "Asked for the change, networks follow the curve. "
                "Those that read half a year err less than the line, unless they go by steps; of "
                "those that read two years or more none does.",
                "Beijing temperature": "Every model here that sees at least a whole day errs less "
                "than either naive forecast, and LSTM and GRU err less than the line that reads as "
                "much, from all five starts.",
            }
        },
    },
    "Alignment": {
        "reading": "After {stage:,} updates it reads “{example}” and writes “{written}”, {judged}.",
        "judged": {"right": {"yes": "which is right", "no": "where “{answer}” is right"}},
        "look": {
            "writes": {
                "letter": "At step {step} it writes “{letter}” with probability {chance:.2f}, and "
                "{looks}.",
                "end": "At step {step} it writes the end with probability {chance:.2f}, and "
                "{looks}.",
                "over": "At step {step} it has ended already; the bars show its last step.",
            }
        },
        "looks": {
            "shows": {
                "looks": "looks most at {where}, step {place} of the input, with weight "
                "{weight:.2f}",
                "matters": "what matters most to it is {where}, step {place} of the input: "
                "replaced, it costs {weight:.2f} of that probability",
            }
        },
        "where": {"looks_at": {"letter": "“{looked_at}”", "space": "a space"}},
        "told": {
            "shows": {
                "looks": "For nearly every digit most of the weight lies on one or two letters. At "
                "the hyphens and the end it needs hardly anything from the question, but the "
                "weights sum to 1 all the same, so they lie somewhere.",
                "matters": "Each letter is replaced by every other one of its kind in turn, a "
                "digit by digits, and dark is how much of its probability the letter written loses "
                "by that on average. Nothing makes a row sum to 1.",
            }
        },
    },
    "Bottleneck": {
        "example": [
            "It reads “{word}” and writes “{written}”, {judged}.",
            "Of words of {n} letters {share:.0%} come back without a mistake.",
        ],
        "judged": {
            "right": {"yes": "which is right", "no": "with {wrong} {wrong:letter|letters} wrong"}
        },
        "held": "At the dotted line the readout tells the first letter in {first:.0%} of the words "
        "and letter {weakest} in {least:.0%}; chance is one in eight.",
    },
    "BugMuseum": {
        "verdict": {
            "right": {
                "yes": "{touch} moves {heard}, as it should.",
                "no": "{touch} moves {heard}, and should move {expected}.",
            }
        },
        "touch": {
            "padding": {
                "yes": "Step {t} of example {n}, which is padding,",
                "no": "Step {t} of example {n}",
            }
        },
        "heard": {
            "moved": {
                "none": "no answer",
                "one": "the answer to example {first}",
                "two": "the answers to examples {first} and {last}",
                "more": "the answers to examples {first} to {last}",
            }
        },
        "expected": {"padding": {"yes": "no answer", "no": "the answer to example {n}"}},
        "wiring": {"mended": {"yes": "{right_wiring}", "no": "{wrong_wiring}"}},
        "wrong_wiring": {
            "exhibit": {
                "batch and time swapped": "The layer takes the first axis for time, so a state "
                "goes down to the next example and never on to the next step.",
                "state read from padding": "The state runs on through the padding, the dots, and "
                "the answer is read behind it.",
                "wrong end, read backward": "The layer reads from the last step to the first, and "
                "its answer is read where it has only begun.",
                "stateful rows shuffled": "After steps 3 and 7 the rows are shuffled, so each "
                "example goes on with the state of another.",
            }
        },
        "right_wiring": {
            "exhibit": {
                "batch and time swapped": "A state goes on to the next step of its own example.",
                "state read from padding": "The answer is read at the last step before the "
                "padding.",
                "wrong end, read backward": "The layer reads from the last step to the first, and "
                "its answer is read at step 0, when it has read everything.",
                "stateful rows shuffled": "The rows keep their order, so each example goes on with "
                "its own state.",
            }
        },
    },
    "QuietBugs": {
        "test": {
            "bug": {
                "decays not shifted": {
                    "gentle": {
                        "yes": "All decays are 0.6; drawn is the gradient of what each step adds.",
                        "no": "The decays differ by up to {setting:.2f} from 0.6; drawn is the "
                        "gradient of what each step adds.",
                    }
                },
                "two modes, one state": {
                    "gentle": {
                        "yes": "The sequence is read in one piece; drawn is the state.",
                        "no": "It is cut before step {setting:.0f}, and the state is handed on; "
                        "drawn is the state.",
                    }
                },
                "divided by a product": "Each step keeps {setting:.3g} of the state, in single "
                "precision; drawn is the state.",
                "traces in a stack": "The upper layer keeps {setting:.2f} of its state at each "
                "step; drawn is what the loss of each step adds to the gradient of the lower "
                "layer’s decay.",
                "gate without maximum": "To every gate, before its exponential, {setting:.0f} is "
                "added, which should change nothing; drawn is the state.",
            }
        },
        "verdict": {
            "seen": {
                "same": "The broken form is right at every step, and this test passes it.",
                "off": "From step {first} on the broken form is off, by up to {off:.0%} of the "
                "largest number, and nothing is raised.",
                "lost": "From step {first} on the broken form is no finite number.",
            }
        },
    },
    "ShapeDebugger": {
        "call": "In PyTorch, nn.{cell}({D}, {H}{stacked}{both_ways}{order}) takes an input of "
        "{input} and returns an output of {output} and {final} of ({states}, {N}, {H}).",
        "stacked": {"layers": {"1": "", "2": ", num_layers=2", "3": ", num_layers=3"}},
        "both_ways": {"directions": {"1": "", "2": ", bidirectional=True"}},
        "order": {"batch_first": {"yes": ", batch_first=True", "no": ""}},
        "input": {"batch_first": {"yes": "({N}, {T}, {D})", "no": "({T}, {N}, {D})"}},
        "output": {"batch_first": {"yes": "({N}, {T}, {width})", "no": "({T}, {N}, {width})"}},
        "final": {"cell": {"RNN": "h_n", "LSTM": "h_n and c_n", "GRU": "h_n"}},
        "axes": {
            "batch_first": {
                "yes": "The batch stays the second axis of {final}: h_n[:, -1] is the last "
                "sequence, not the last layer.",
                "no": {
                    "square": {
                        "yes": "The first axis is time.",
                        "no": "The first axis is time: given ({N}, {T}, {D}), the layer raises "
                        "nothing and reads {T} {T:sequence|sequences} of {N} {N:step|steps}.",
                    }
                },
            }
        },
        "last_step": {
            "directions": {
                "1": "The last step of the output is h_n[-1].",
                "2": {
                    "single": {
                        "yes": "With a single step, both halves of the output have read all there "
                        "is.",
                        "no": "At the last step of the output the backward half has read 1 step of "
                        "{T}; its state after all {T} is h_n[-1].",
                    }
                },
            }
        },
        "alike": [
            {
                "groups": {
                    "0": "No two of N, T, D and H are equal, so exchanging two of them would show.",
                    "1": "Here {same}: exchange them, and no shape changes.",
                    "2": "Here {same} and {also}: exchange what is equal, and no shape changes.",
                }
            },
            {
                "hidden_too": {
                    "yes": "The first two axes of h_n are both {N}, so confusing states "
                    "with sequences would not show.",
                    "no": "",
                }
            },
        ],
    },
}
