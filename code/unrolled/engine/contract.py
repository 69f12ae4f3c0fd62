"""What a cell is, written down once: what every cell has, what it may say, what others ask of it.

Every cell, a module such as `rnn` or an object such as ``Stack(rnn, 2)``, has

    STATE                                 the names of the parts of its state, as ("h", "c")
    init_params(D, H, *, rng, dtype)      a dict of arrays
    forward(x, params, state=None)        outputs (N, T, width), from x (N, T, D), and a tape
    backward(dh, tape, params, dstate)    dx, dstate and a dict of gradients named as params

A state is a tuple of arrays whose first axis is N; how wide a part is, and how many axes it has,
is the cell's own business. The outputs need not be one of them. Nothing that is passed in is
written, and a tape has copies of it. `tape.state` is the final state. A tape that truncated
backpropagation can cut has `x`, with time first, and `window(start, stop)`, the tape of these steps
alone. Cells that are one step have that, too:

    step(x_t, state, params)                         the next state
    step_backward(dstate, x_t, state_prev, params)   dx_t, dstate_prev, grads: what the step's
                                                     Jacobian, transposed, makes of dstate

What else differs from cell to cell it says in `Traits`, if it is not what is usual.
"""

from typing import NamedTuple

from .checks import check_parts


class Traits(NamedTuple):
    """What a cell may say about itself, and what holds where it says nothing.

    WIDTH      outputs per time step and hidden unit
    ENDS       for each of as many equal shares of the outputs the step at which it has read
               everything: -1 for the last, 0 for the first; none if it never has
    MASKED     whether it has a mask (N, T), which fits whole sequences in one direction
    DROPS      whether it draws what it drops anew in every forward pass
    OUTERMOST  whether it takes or gives what no other cell does: ids, or one output a sequence
    """

    WIDTH: int = 1
    ENDS: tuple = (-1,)
    MASKED: bool = False
    DROPS: bool = False
    OUTERMOST: bool = False


def of(cell):
    """The traits of a cell."""
    usual = Traits._field_defaults
    return Traits(*(getattr(cell, name, value) for name, value in usual.items()))


def width(cell, H=1):
    """Outputs per time step of a cell of H hidden units: what a readout or a layer above reads."""
    return H * of(cell).WIDTH


def carries(cell):
    """Whether a later block may go on from the state: no step has read what comes after it."""
    return set(of(cell).ENDS) == {-1}


def check_carrying(cell, deed):
    """Raise ValueError, which says that the cell cannot do this `deed`, if its state ends there."""
    if not carries(cell):
        raise ValueError(f"a cell such as Bidirectional reads the future: it cannot {deed}")


def check_cell(cell, *, without=(), carrying=False):
    """Raise ValueError unless `cell` is one that has none of the traits `without`.

    With `carrying` its state must be one that may be carried, as well.
    """
    for name in ("init_params", "forward", "backward", "STATE"):
        if not hasattr(cell, name):
            raise ValueError(
                "a cell has init_params, forward, backward and STATE, the names of its state's "
                f"parts, as in unrolled.engine.rnn; {cell!r} has no {name}"
            )
    if any(getattr(of(cell), name) for name in without) or (carrying and not carries(cell)):
        raise ValueError(
            "a mask goes inside, Embedded and Final outside, as in "
            "Final(Embedded(Masked(cell, mask), D)) or Stack(Bidirectional(cell, mask=mask), 2)"
        )


class Composite:
    """A cell made of another one, which promises what that does where it says nothing else.

    Parameters
    ----------
    cell : module or object
    names : sequence of str, optional
        Prefixes, if it has several copies of the cell: each has a share of the state.
    **other
        The traits in which it differs.
    """

    def __init__(self, cell, *, names=None, **other):
        self.cell, self.names = cell, names
        for name, value in (of(cell)._asdict() | other).items():
            setattr(self, name, value)
        whole = [f"{name}.{part}" for name in names or () for part in cell.STATE]
        self.STATE = cell.STATE if names is None else tuple(whole)

    def shares(self, name, state):
        """The states of the copies, or None for each. Raises ValueError if a part is missing."""
        check_parts(name, state, len(self.STATE), f" {self.STATE}")
        parts = len(self.cell.STATE)
        return [state and state[i * parts : (i + 1) * parts] for i in range(len(self.names))]
