"""What the explorables of the part Practice say."""

TEMPLATES = {
    "Forecasts": {
        "setting": "{who} reads {past} of {what} and forecasts {future} ahead{way} (unit: {unit}).",
        "who": {"kind": {"line": "The linear model", "network": "The {model}"}},
        "what": {
            "series": {
                "sunspots": "sunspots",
                "CO2": "CO2",
                "CO2, from its last value": "CO2, seen from the last of them,",
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
        "verdict": "Error {wrong:.3g}, at other test times {low:.3g} to {high:.3g}; naive "
        "{naive_wrong:.3g}, seasonal naive {seasonal_wrong:.3g}{rival}. Its band should hold 80% "
        "of what comes, and over all steps ahead it holds {coverage:.0%}.",
        "rival": {"kind": {"line": "", "network": ", linear {line_wrong:.3g}"}},
        "starts": {
            "kind": {
                "line": "Over all twelve steps its error is {line_mean:.3g}; least squares has no "
                "starts to differ by.",
                "network": [
                    "Over all twelve steps its five starts have errors of {best_start:.3g} to "
                    "{worst_start:.3g} (the one drawn {drawn_start:.3g}), the linear model "
                    "{line_mean:.3g}.",
                    "{compared}",
                ],
            }
        },
        "compared": {
            "paired": {
                "yes": "This far ahead, other test times would give the one drawn {ratio_low:.2g} "
                "to {ratio_high:.2g} times the error of the line.",
                "no": "",
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
        "looks": "looks most at letter {place}, {where}, with weight {weight:.2f}",
        "where": {"looks_at": {"letter": "“{looked_at}”", "space": "a space"}},
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
                "yes": "The batch is the first axis of input and output, but the second of "
                "{final}: h_n[:, -1] is the last sequence, not the last layer.",
                "no": {
                    "square": {
                        "yes": "The first axis is time, and as N and T are both {N} no shape shows "
                        "whether time and batch are exchanged.",
                        "no": "The first axis is time: given (N, T, D) = ({N}, {T}, {D}), the "
                        "layer raises nothing and reads {T} {T:sequence|sequences} of {N} "
                        "{N:step|steps}.",
                    }
                },
            }
        },
        "last_step": {
            "directions": {
                "1": "The last step of the output is h_n[-1], and what Keras returns with "
                "return_sequences=False.",
                "2": {
                    "single": {
                        "yes": "With a single step, both halves of the output have read all there "
                        "is.",
                        "no": "At the last step of the output the backward half has read 1 step of "
                        "{T}; its state after all {T} is in h_n[-1], and in what Keras returns "
                        "with return_sequences=False.",
                    }
                },
            }
        },
        "alike": {
            "groups": {
                "0": "No two of N, T, D and H are equal, so an exchange would change a shape.",
                "1": "Here {same}: exchange them, and no shape changes and no error is raised.",
                "2": "Here {same} and {also}: exchange what is equal, and no shape changes and no "
                "error is raised.",
            }
        },
    },
}
