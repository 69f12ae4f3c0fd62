"""What the explorables of the part Libraries say."""

TEMPLATES = {
    "BrokenBridge": {
        "verdict": [
            "{carried}",
            {
                "seen": {
                    "yes": "The states are up to {worst:.2f} off, from step {first} on: nothing is "
                    "raised, but a comparison shows it.",
                    "no": "The states are less than a millionth off, which is rounding: with "
                    "biases of size {bias} a comparison does not see this mistake.",
                    "rounding": "The states are less than a millionth off, which is rounding.",
                }
            },
        ],
        "carried": {
            "mistake": {
                "none": "Carried correctly, and computed in float32 as libraries do.",
                "gates not swapped": "The gates r and z have traded places.",
                "reset before": "The reset gate acts before the product, and the candidate's "
                "second bias, which has no place there, is lost.",
                "not transposed": "The recurrent matrices were not transposed.",
                "biases summed": "The two biases of the candidate were added up.",
            }
        },
    },
    "WordInfluence": {
        "quote": "The review reads: “{text}”",
        "verdict": [
            "The {reader_name}",
            {
                "likes": {
                    "yes": "says that it likes the film (probability {probability:.2f}),",
                    "no": "says that it does not like the film (probability {probability:.2f}),",
                }
            },
            {"right": {"yes": "which is right.", "no": "which is wrong."}},
        ],
        "strongest": "The most influential word is “{word}” (word {place}): it {toward} the logit.",
        "toward": {"adds": {"yes": "adds {size:.1f} to", "no": "takes {size:.1f} off"}},
        "reader_name": {"reader": {"bag": "bag of words", "rnn": "SimpleRNN", "lstm": "LSTM"}},
    },
    "ReadingPadding": {
        "one": "At its last word the probability that this review likes the film is "
        "{before:.2f}{now}",
        "now": {
            "verdict": {
                "packed": ": this is the state that a packed sequence ends with.",
                "same": ", after {steps} {steps:step|steps} of padding {after:.2f}: the same "
                "verdict.",
                "flipped": ", after {steps} {steps:step|steps} of padding {after:.2f}: the verdict "
                "has flipped.",
            }
        },
        "all": "Of the 80 test reviews the {network} judges {right_before:.0%} correctly at their "
        "last words{later}",
        "later": {"verdict": {"packed": ".", "same": "{worse}", "flipped": "{worse}"}},
        "worse": ", {right_after:.0%} after {steps} more of padding.",
        "network": {"reader": {"rnn": "SimpleRNN", "lstm": "LSTM"}},
    },
    "WhereTimeGoes": {
        "loop_takes": "In a Python loop a training step takes about {loop:g} {loop_unit}, most of "
        "it for {loop_most}; its arithmetic at full rate would take {alone:g} {alone_unit}.",
        "loop_most": {
            "loop_mostly": {
                "launches": "starting {loop_launches} operations",
                "arithmetic": "arithmetic",
                "memory": "moving numbers to and from memory",
            }
        },
        "fused_takes": "One fused call takes about {fused:g} {fused_unit}, most of it for "
        "{fused_most}, and is {gain}.",
        "fused_most": {
            "fused_mostly": {
                "launches": "starting {fused_launches} operations",
                "arithmetic": "arithmetic",
                "memory": "moving numbers to and from memory",
            }
        },
        "gain": {
            "faster": {
                "yes": "{factor:.2g} times as fast as the loop",
                "no": "no faster than the loop",
            }
        },
        "known": {
            "source": {
                "sheet": "None of this was measured: rate and bandwidth are those of the data "
                "sheet, 5 µs for a launch is a typical figure, and the operations were counted in "
                "the source code.",
                "measured": "{on}; a step of this size was not timed.",
                "timed": "{on}; a step of this size took {timed_loop:g} {timed_loop_unit} in the "
                "loop and {timed_fused:g} {timed_fused_unit} fused.",
            }
        },
        "on": "Rate, bandwidth and launch were measured on {date} ({machine})",
    },
    "Wavefront": {
        "moment": {
            "stage": {
                "start": "At the start nobody has begun.",
                "end": "At the end everything has been forward and back.",
                "middle": "At this moment, on the way {way}, {working} of {devices} "
                "{devices:device|devices} {working:is|are} at work.",
            }
        },
        "verdict": [
            "The training step takes as long as {time:.0f} steps of a layer, and on one device "
            "{alone:.0f}: it is {faster:.2f} times as fast. With endless pieces of no price it "
            "would be {bound_is:.3g} times. Devices are idle {idle:.0%} of the time.",
            {"verdict_is": {"best": "", "other": "{rather}"}},
        ],
        "rather": "At this price best are {best} {best:piece|pieces}: {most:.2f} times.",
    },
    "ScalingOut": {
        "parts": {
            "alone": {
                "yes": "With one process a step takes {step:,.4g} ms of computing; nothing is "
                "sent.",
                "no": "With {processes} processes a step takes {step:,.4g} ms: {computed:.3g} ms "
                "of computing and {sent:,.4g} ms of sending, {megabytes:.3g} MB from each process.",
            }
        },
        "verdict": {
            "pace": {
                "alone": "One process is the measure, and {top}.",
                "slower": "That takes {slower:,.4g} times as long as one process; {top}.",
                "faster": "{gain}; {top}.",
                "best": "{gain}, and the best up to 64.",
            }
        },
        "gain": "That is {faster:.3g} times as fast as one process, {share:.0%} of the ideal "
        "{processes}",
        "top": {
            "sharing": {
                "helps": "the best up to 64 is {most:.3g} times, with {best} processes",
                "never helps": "no number of them is faster than one",
            }
        },
    },
}
