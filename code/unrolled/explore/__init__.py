"""Figures that a reader drives: sliders in a notebook, the same sliders in the HTML book."""

from .alignment import Alignment
from .broken_bridge import BrokenBridge
from .bug_museum import BugMuseum
from .confident_mistake import ConfidentMistake
from .explorable import Explorable, Slider
from .forecasts import Forecasts
from .forget_bias import ForgetBias
from .gate_inspector import GateInspector
from .gradient_flow import GradientFlow
from .hidden_states import HiddenStates
from .lag_dial import LagDial
from .padding_lab import PaddingLab
from .reach import Reach
from .reading_padding import ReadingPadding
from .sampler import Sampler
from .scaling_out import ScalingOut
from .shape_debugger import ShapeDebugger
from .step_size import StepSize
from .truncation_lab import TruncationLab
from .two_pasts import TwoPasts
from .update_gate import UpdateGate
from .where_time_goes import WhereTimeGoes
from .word_influence import WordInfluence

EXPLORABLES = (
    TwoPasts,
    HiddenStates,
    ConfidentMistake,
    StepSize,
    GradientFlow,
    TruncationLab,
    GateInspector,
    ForgetBias,
    UpdateGate,
    PaddingLab,
    Sampler,
    Reach,
    LagDial,
    BrokenBridge,
    WordInfluence,
    ReadingPadding,
    ScalingOut,
    WhereTimeGoes,
    Forecasts,
    Alignment,
    BugMuseum,
    ShapeDebugger,
)

__all__ = ["EXPLORABLES", "Explorable", "Slider", *(e.__name__ for e in EXPLORABLES)]
