import numpy as np
import pytest
from unrolled.analysis.scaling import LINKS, Link, bytes_sent, sending, speedup, step

SLOW = Link(bandwidth=1e6, latency=1e-3)
POWERS = 2 ** np.arange(7)


def ring(vectors):
    """A ring all-reduce, message by message: the sums, and the numbers that each process sent."""
    P = len(vectors)
    parts = [np.array_split(np.array(v, float), P) for v in vectors]
    sent = np.zeros(P, int)
    for add, first in ((True, 0), (False, 1)):
        for turn in range(P - 1):
            which = [(rank + first - turn) % P for rank in range(P)]
            messages = [parts[rank][which[rank]].copy() for rank in range(P)]
            for rank, message in enumerate(messages):
                sent[rank] += message.size
                place = parts[(rank + 1) % P]
                place[which[rank]] = place[which[rank]] + message if add else message
    return [np.concatenate(part) for part in parts], sent


@pytest.mark.parametrize("P", [1, 2, 3, 4, 8])
def test_a_ring_that_is_played_through_sends_what_the_formula_says(rng, P):
    vectors = rng.standard_normal((P, 24))
    sums, sent = ring(vectors)
    for found in sums:
        np.testing.assert_allclose(found, vectors.sum(axis=0), atol=1e-12)
    assert set(sent * 8) == {bytes_sent(P, 24 * 8)}


def test_each_process_sends_almost_twice_the_gradient_however_many_they_are():
    sent = bytes_sent(POWERS, 100)
    assert sent[0] == 0
    assert sent[1] == 100
    assert (np.diff(sent) > 0).all()
    assert sent[-1] == pytest.approx(2 * 100 * 63 / 64)


def test_sending_takes_two_rounds_of_p_minus_one_messages():
    assert sending(1, 1000, SLOW) == 0
    assert sending(2, 1000, SLOW) == pytest.approx(2 * (500 / 1e6 + 1e-3))
    assert sending(5, 1000, SLOW) == pytest.approx(8 * (200 / 1e6 + 1e-3))


def test_a_tiny_gradient_costs_latency_and_a_large_one_bandwidth():
    assert sending(64, 4, SLOW) == pytest.approx(126e-3, rel=0.01)
    assert sending(64, 4e9, SLOW) == pytest.approx(2 * 63 / 64 * 4000, rel=0.01)


def test_a_step_divides_the_computing_and_sends_four_bytes_per_parameter():
    computing, sent = step(4, compute=0.2, parameters=1000, link=SLOW)
    assert computing == 0.05
    assert sent == sending(4, 4000, SLOW)
    halved = step(4, compute=0.2, parameters=1000, link=SLOW, width=2)[1]
    assert halved == sending(4, 2000, SLOW) < sent


def test_the_speedup_is_ideal_where_nothing_is_sent_and_never_above_it():
    for link in LINKS.values():
        found = speedup(POWERS, compute=0.1, parameters=1e6, link=link)
        assert found[0] == 1
        assert (found[1:] < POWERS[1:]).all()
    free = Link(np.inf, 0.0)
    np.testing.assert_array_equal(speedup(POWERS, compute=0.1, parameters=1e6, link=free), POWERS)


def test_a_faster_link_is_a_faster_step():
    times = [sending(8, 1e6, link) for link in LINKS.values()]
    assert (np.diff(times) < 0).all()


@pytest.mark.parametrize("P", [0, -1, [1, 0]])
def test_no_process_is_refused(P):
    with pytest.raises(ValueError, match="at least one process"):
        sending(P, 1000, SLOW)
