"""Cells made of cells: what may stand in what, and what makes a cell."""

import numpy as np
import pytest
from unrolled.engine import dropout, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.contract import carries
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

MASK = np.ones((2, 5), bool)
DROP = dropout.locked(0.5, np.random.default_rng(7))


def masked(cell):
    return Masked(cell, MASK)


def embedded(cell):
    return Embedded(cell, 3)


def stack(cell):
    return Stack(cell, 2)


@pytest.mark.parametrize("inner", [Final, embedded])
@pytest.mark.parametrize("outer", [masked, stack, Bidirectional])
def test_an_embedding_and_the_final_state_stand_outside(outer, inner):
    with pytest.raises(ValueError, match=r"as in Final\(Embedded\(Masked\(cell, mask\), D\)\)"):
        outer(inner(rnn))


@pytest.mark.parametrize(
    "inner",
    [
        Bidirectional(rnn),
        stack(Bidirectional(rnn)),
        Stack(rnn, 2, drop=DROP),
        stack(Stack(rnn, 2, drop=DROP)),
    ],
)
def test_a_mask_stands_inside(inner):
    with pytest.raises(ValueError, match="a mask goes inside"):
        masked(inner)


@pytest.mark.parametrize("inner", [masked, lambda cell: stack(masked(cell))])
def test_both_directions_take_the_mask_themselves(inner):
    with pytest.raises(ValueError, match=r"to Bidirectional: Bidirectional\(cell, mask=mask\)"):
        Bidirectional(inner(rnn))


@pytest.mark.parametrize("outer", [masked, embedded, stack, Final, Bidirectional])
@pytest.mark.parametrize(
    ("what", "missing"), [(None, "init_params"), (dropout, "init_params"), (Bidirectional, "STATE")]
)
def test_what_is_no_cell_is_told_what_it_lacks(outer, what, missing):
    with pytest.raises(ValueError, match=f"a cell has .* STATE, .*; .* has no {missing}"):
        outer(what)


@pytest.mark.parametrize("outer", [embedded, stack, Final, lambda cell: Final(embedded(cell))])
def test_who_reads_the_future_says_so_through_all_that_is_around(outer):
    assert not carries(outer(Bidirectional(lstm)))
    assert carries(outer(lstm))
    assert carries(masked(lstm))
