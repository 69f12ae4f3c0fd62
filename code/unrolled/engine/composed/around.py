"""What stands on both sides of a step, without the step itself. See chapter 11."""

from ..contract import check_cell
from .bidirectional import Directions

SIDES = {"left": ("forward",), "right": ("backward",), "both": ("forward", "backward")}


class Around(Directions):
    """A network that may be asked for its own input: its output at step t has not read step t.

    It joins the state before the step, from a cell that reads forward, to the state after it, from
    a cell that reads backward: a `Bidirectional` whose halves are moved by one step, away from the
    step. Where a step has nothing on a side, that half is zero. In a `Stack` of them step t leaks
    in again, so stack inside: ``Around(Stack(lstm, 2))``.

    Parameters
    ----------
    cell : module or object
        `rnn`, `lstm`, `gru` or a `Stack` of one of them.
    sides : "both", "left" or "right"
        Which sides of a step it reads.
    """

    def __init__(self, cell, sides="both"):
        check_cell(cell, without=["OUTERMOST", "MASKED"], carrying=True)
        if sides not in SIDES:
            raise ValueError(f"sides must be one of {list(SIDES)}; got {sides!r}")
        super().__init__(dict.fromkeys(SIDES[sides], cell), shift=1, ENDS=())
