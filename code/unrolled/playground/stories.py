"""Stories: a setting, a question to guess about it, and one button that changes one thing.

What is told is what data/results/playground.json has on record for seeds 0 to 4; a test holds both
together. Settings are what differs from the task's defaults.
"""

from typing import NamedTuple


class Story(NamedTuple):
    """A story.

    name : str            short, as a program calls it
    title : str
    question : str        asked before training
    guesses : tuple       answers to pick from; `right` is the place of the right one
    setting : dict        what is trained first
    button : tuple        the label of the button, and what it changes in the setting
    before, after : str   told when the first and when the second setting has been trained
    solves : tuple        whether each of the two is solved
    longer : bool         whether to go on with longer sequences, or by itself
    tested : bool         whether what is told shows only then, so that it is told no earlier
    reserve : bool        not shown first
    """

    name: str
    title: str
    question: str
    guesses: tuple
    right: int
    setting: dict
    button: tuple
    before: str
    after: str
    solves: tuple
    longer: bool = False
    tested: bool = False
    reserve: bool = False


STORIES = (
    Story(
        "how-far-back",
        "How far back?",
        "The gradient is cut off after 8 steps, but the bit came 10 steps ago. Can it be learned?",
        ("yes, only more slowly", "yes, the state remembers", "no"),
        2,
        {"task": "echo", "lag": 10, "k1": 8, "k2": 8},
        ("Let the gradient cover 16 steps", {"k2": 16}),
        "None of five networks learned it in 1,500 updates. Truncation stops the gradient short of "
        "the bit, so nothing tells the state to keep it. What it keeps by chance lifts the skill "
        "at first, and wears off.",
        "All five networks learned it, in 100 to 150 updates. From at least six of every eight "
        "answers the gradient now reaches the bit that they ask for, so training knows what to "
        "keep.",
        (False, True),
    ),
    Story(
        "forget-bias",
        "Forget bias",
        "The forget gate of this LSTM starts at one half. What would help it most?",
        ("more units", "a gate that starts higher", "more updates"),
        1,
        {"task": "one-bit", "lag": 30, "cell": "lstm", "bias": 0.0},
        ("Start the forget bias at 1", {"bias": 1.0}),
        "None of five networks learned it in 1,500 updates. A gate at one half lets go of half at "
        "every step, so that before training less than a ten-thousandth of the gradient arrives "
        "at the bit.",
        "All five networks learned it, in 75 to 350 updates: a gate at 0.73 lets tens to hundreds "
        "of times as much gradient through before training. Once the bit is held firmly, most of "
        "it may fade again.",
        (False, True),
    ),
    Story(
        "too-fast",
        "Too fast",
        "Plain gradient descent with a learning rate of 3: where does the loss go?",
        ("down", "down, with jumps", "up, and it stays there"),
        2,
        {"task": "echo", "lag": 5, "optimizer": "sgd", "lr": 3.0, "clip": 0.0},
        ("Clip the gradient at 0.25", {"clip": 0.25}),
        "The loss climbs far above the 0.69 of guessing and stays there. Within 20 updates most "
        "states are stuck near −1 or 1, where the tanh is flat, and next to no gradient gets past "
        "them.",
        "Solved in 25 updates, by all five networks. Clipping shortens the steps that would be too "
        "long and leaves the others alone. There is no magic in it: a learning rate of 1 does it "
        "too.",
        (False, True),
    ),
    Story(
        "odd-or-even",
        "Odd or even",
        "Asked only once, after the last bit, can an LSTM find the rule?",
        ("yes, quickly", "yes, but slowly", "no"),
        2,
        {"task": "parity", "T": 20, "asked": "end"},
        ("Ask at every step", {"asked": "every"}),
        "None of five networks got beyond guessing in 1,500 updates. Whoever minds nineteen bits "
        "and misses one is right half the time, like anyone who guesses: there is next to no slope "
        "to walk down.",
        "All five networks solved it in 100 to 150 updates: the first answers are easy, and each "
        "is a step to the next. What was learned on 20 bits also holds on 320.",
        (False, True),
        longer=True,
        tested=True,
    ),
    Story(
        "counting",
        "Counting",
        "A GRU learns it on 20 bits and then hears 80. What happens?",
        ("it counts on", "it is off by one or two", "it loses count"),
        2,
        {"task": "count", "T": 20},
        ("Take tanh and gates away, start small", {"cell": "linear", "gain": 0.5}),
        "All five networks learned it on 20 bits, in 125 to 275 updates, and none can count to 80. "
        "A state between −1 and 1 runs out of room: they learned to fill the room, not to count. "
        "RNN and LSTM do no better.",
        "All five networks learned it in 75 to 100 updates. Trained 200 more, they count on, off "
        "by 0.3 to 1.2 on average after 80 bits, by 8 to 24 after 320. The price: no linear "
        "network learns odd and even.",
        (True, True),
        longer=True,
        tested=True,
    ),
    Story(
        "waves",
        "Waves",
        "Once trained, it hears only its own voice for 25 steps. Does it go on?",
        ("yes, nearly perfectly", "it fades away", "it goes wild"),
        0,
        {"task": "waves", "waves": 2},
        ("Add a third wave", {"waves": 3}),
        "One step ahead is learned in 25 updates, and 100 updates later all five networks also go "
        "on by themselves, nearly perfectly.",
        "One step ahead is still easy, but by itself it drifts: its small errors are what it hears "
        "next, and they add up. Train it on and it drifts less, but a good next step is not yet a "
        "good forecast.",
        (True, True),
        longer=True,
        tested=True,
    ),
    Story(
        "your-text",
        "Your text",
        "After how many updates does it nearly always say the right character?",
        ("about 50", "about 500", "about 5,000"),
        0,
        {"task": "text"},
        ("Ask an LSTM", {"cell": "lstm"}),
        "By update 50 all five networks are there, and soon they write the whole text by "
        "themselves. They know one text by heart, not a language. Put in your own.",
        "The LSTM learned it too, in 50 to 75 updates. A text as short as this does not ask for a "
        "long memory.",
        (True, True),
        longer=True,
    ),
    Story(
        "two-numbers",
        "Two numbers",
        "The first came 60 steps before the end. Can a plain RNN learn it?",
        ("yes", "with luck", "no"),
        2,
        {"task": "adding", "lag": 60, "cell": "rnn"},
        ("Take a GRU", {"cell": "gru"}),
        "None of five networks learned it in 1,500 updates. Look at the gradient: at the first "
        "number less than a hundredth of it is left, and mostly far less.",
        "All five networks learned it, in 200 to 250 updates. Once learned, more than half of the "
        "gradient that leaves the answer arrives at the first number, 60 steps back.",
        (False, True),
    ),
    Story(
        "too-small",
        "Too small",
        "Eight bits have to be held at once. Are six units enough?",
        ("yes", "with enough updates", "no"),
        2,
        {"task": "echo", "lag": 8, "H": 6},
        ("Give it 16 units", {"H": 16}),
        "None of five networks learned it in 1,500 updates, though four of them name five bits in "
        "six. To echo is to keep every bit on the way as well.",
        "Solved in 75 to 125 updates. Eight units, one for each bit, are on the edge: of seven "
        "networks, six learned it, with 350 to 675 updates.",
        (False, True),
        reserve=True,
    ),
    Story(
        "vanishing",
        "Vanishing",
        "Its recurrent weights start at half size. How much longer does it take to learn?",
        ("no longer", "ten times as long", "it never learns"),
        1,
        {"task": "echo", "lag": 8, "optimizer": "sgd", "lr": 0.3, "gain": 0.5},
        ("Start at the usual size", {"gain": 1.0}),
        "Learned after 475 to 1,025 updates. The gradient about halves with every step back, so "
        "the network first has to grow its recurrent weights, until the largest eigenvalue is "
        "above 1.",
        "Solved in 50 to 100 updates, about ten times as fast, for no more than a larger start.",
        (True, True),
        reserve=True,
    ),
)
