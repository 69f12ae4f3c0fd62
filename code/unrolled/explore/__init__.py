"""Figures that a reader drives: sliders in a notebook, the same sliders in the HTML book."""

from .confident_mistake import ConfidentMistake
from .explorable import Explorable, Slider
from .gradient_flow import GradientFlow
from .hidden_states import HiddenStates
from .step_size import StepSize
from .truncation_lab import TruncationLab
from .two_pasts import TwoPasts

EXPLORABLES = (TwoPasts, HiddenStates, ConfidentMistake, StepSize, GradientFlow, TruncationLab)

__all__ = ["EXPLORABLES", "Explorable", "Slider", *(e.__name__ for e in EXPLORABLES)]
