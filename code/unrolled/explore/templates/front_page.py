"""What the explorable of the front page says."""

TEMPLATES = {
    "FirstLetter": {
        "verdict": {
            "way": {
                "none": "“{word}” has one letter, and the state holds nothing else. Type on.",
                "open": "Was it “{word}” or “{twin}”? At the last letter {percent:.2g}% of the "
                "difference is left in the state, and of a correction that is sent back from there "
                "{arrives:.2g}% arrives at the {first}.",
                "cut": "Was it “{word}” or “{twin}”? At the last letter {percent:.2g}% of the "
                "difference is left in the state, cut or not. But no correction arrives at the "
                "{first}: nothing tells the network that this letter mattered.",
            }
        },
    },
}
