"""Writing: what the explorables of chapter 27 say."""

TEMPLATES = {
    "NextPoint": {
        "hand": {
            "swings": {
                "yes": "The hand leans {lean:.0f}°, what the network writes {own_lean:.0f}°; its "
                "pen swings {ratio:.0%} as far up and down.",
                "no": "The hand has no ups and downs to go by; what the network writes leans "
                "{own_lean:.0f}°.",
            }
        },
        "now": [
            {
                "phase": {
                    "yours": "Step {t} is still the hand's.",
                    "its own": "Step {t} is its own.",
                }
            },
            {
                "components": {
                    "8": "It is spread over {ways:.1f} of eight clouds",
                    "1": "It has one cloud",
                }
            },
            "and lifts the pen with a chance of {lift:.1%}.",
            "What came cost it {cost:.1f} nats,",
            {
                "sign": {
                    "below": "below zero because there the density was above 1.",
                    "above": "because the place was unlikely, or what the pen did.",
                }
            },
        ],
    },
    "Temperature": {
        "words": "Of the words, {existing:.0%} occur in the stories. Of a thousand in a row, "
        "{different:.0%} are different.",
        "copies": "Letters that are copied, 20 or more in a row: {copied:.0%}. Runs of four words "
        "that it has written before: {repeated:.0%}.",
    },
}
