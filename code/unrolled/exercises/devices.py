"""Chapter 17: more than one device."""

import numpy as np

from unrolled.engine import dense, losses, rnn
from unrolled.engine.training import loss_and_gradients

from .checking import Wrong
from .comparing import array, kind_of, near, number, result_of

# Ways of sharing streams, and whether every stream is read exactly once.
SHARINGS = {
    "one block of streams for each": (
        lambda x, rank, world: x[rank * len(x) // world : (rank + 1) * len(x) // world],
        True,
    ),
    "every stream in turn": (lambda x, rank, world: x[rank::world], True),
    "the same streams for all": (lambda x, rank, world: x[: len(x) // world], False),
    "neighbors with streams in common": (
        lambda x, rank, world: x[rank * len(x) // world : (rank + 1) * len(x) // world + 1],
        False,
    ),
    "a stream that nobody reads": (lambda x, rank, world: x[1:][rank::world], False),
}


def devices_1(answer):
    """The numbers of processes that can share twenty streams equally."""
    streams = 20
    if isinstance(answer, (str, dict)) or not np.iterable(answer):
        raise Wrong("expected a list of whole numbers.")
    try:
        given = {float(world) for world in answer}
    except (TypeError, ValueError):
        raise Wrong("expected a list of whole numbers.") from None
    right = {world for world in range(1, streams + 1) if streams % world == 0}
    if right - given == {1} and given < right:
        raise Wrong("one process alone shares its streams equally, too.")
    if right - given == {streams} and given < right:
        raise Wrong("a share may be a single stream.")
    missing, extra = len(right - given), len(given - right)
    if missing or extra:
        raise Wrong(f"the list misses {missing} and has {extra} too many.")


def devices_2(answer):
    """The gradient of a batch from those of its shares, which need not be equal."""
    rng = np.random.default_rng(17)
    params = rnn.init_params(3, 4, rng=rng) | dense.init_params(4, 5, rng=rng)
    x, targets = rng.standard_normal((20, 6, 3)), rng.integers(0, 5, (20, 6))

    def gradient(rows):
        data = x[rows], targets[rows], params
        return loss_and_gradients(*data, cell=rnn, loss=losses.cross_entropy)[1]

    whole = gradient(slice(None))
    for rows in ([5, 5, 5, 5], [8, 6, 4, 2]):
        ends = np.cumsum(rows)
        shares = [gradient(slice(end - n, end)) for n, end in zip(rows, ends, strict=True)]
        found = result_of(answer, shares, rows)
        if not isinstance(found, dict) or set(found) != set(whole):
            raise Wrong(f"expected a dictionary with {', '.join(whole)}.")
        for name, expected in whole.items():
            plain = np.mean([share[name] for share in shares], axis=0)
            if rows[0] != rows[-1] and _close(found[name], plain):
                raise Wrong("the plain mean is right for equal shares only.")
            array(found[name], expected, rtol=1e-5, what=f"the gradient of {name}, rows {rows},")


def _close(found, expected):
    try:
        return bool(np.allclose(found, expected))
    except (TypeError, ValueError):
        return False


def devices_3(answer):
    """The number of processes of a ring from what each sends."""
    right = {times: 2 / (2 - times) for times in (1.75, 1.5, 1.9)}
    found = {times: result_of(answer, times) for times in right}
    if near(list(found.values()), [P - 1 for P in right.values()]):
        raise Wrong("this is one less: the rounds of a turn, not the processes.")
    for times, P in right.items():
        what = f"the number of processes for {times} times"
        mistakes = {
            P / 2: "both sides of the equation hold a two; one of them got lost.",
            P - 1: f"{what} is one less: is a result just below a whole number cut off?",
            2 * (times - 1) / times: "this is the formula with times in the place of P; solve it.",
        }
        number(found[times], P, what=what, mistakes=mistakes)


def devices_4(answer):
    """A test that finds ways of sharing in which a stream is read twice or never."""
    for what, (share_of, right) in SHARINGS.items():
        for n, world in ((20, 4), (12, 3)):
            found = result_of(answer, share_of, n, world)
            if not isinstance(found, (bool, np.bool_)):
                raise Wrong(f"expected True or False; got {kind_of(found)}.")
            if found != right:
                said = "finds fault with" if right else "finds nothing wrong with"
                raise Wrong(f"the test {said} this sharing of {n} by {world}: {what}.")
