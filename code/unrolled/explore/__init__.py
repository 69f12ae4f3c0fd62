"""Figures that a reader drives: live in a notebook, and the same in the pages of the book."""

import re
from importlib import import_module

from .controls import Choice, Hand, Number, Question, Story, Switch, Word
from .explorable import Explorable

# The front page's, then in the order of the chapters. Each is in a module of its own and loaded
# when it is asked for.
NAMES = (
    "FirstLetter",
    "LastLetter",
    "TwoPasts",
    "OneUnit",
    "HiddenStates",
    "WordGuess",
    "ConfidentMistake",
    "Blame",
    "StepSize",
    "GradientFlow",
    "ThreeRegimes",
    "Stretch",
    "TruncationLab",
    "Pieces",
    "PaddingLab",
    "Storyteller",
    "Sampler",
    "StateReader",
    "StoreCell",
    "ForgetBias",
    "GateInspector",
    "Counter",
    "UpdateGate",
    "Gap",
    "Reach",
    "LagDial",
    "BrokenBridge",
    "WordInfluence",
    "ReadingPadding",
    "WhereTimeGoes",
    "Wavefront",
    "ScalingOut",
    "Forecasts",
    "Bottleneck",
    "Alignment",
    "BugMuseum",
    "QuietBugs",
    "ShapeDebugger",
    "ScanSteps",
    "Ring",
    "KeepOrTurn",
    "StraightLine",
    "CostLab",
    "WalksAway",
    "FixedPoints",
    "EdgeOfChaos",
    "Reservoir",
    "NextPoint",
    "Temperature",
    "NextStep",
)

__all__ = ["Choice", "Explorable", "Hand", "Number", "Question", "Story", "Switch", "Word", *NAMES]


def every():
    """All explorables of the book, a list of classes."""
    return [__getattr__(name) for name in NAMES]


def __getattr__(name):
    if name not in NAMES:
        raise AttributeError(f"unrolled.explore has no {name!r}")
    module = re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()
    return getattr(import_module(f".{module}", __name__), name)
