import numpy as np
import pytest
from unrolled.exercises import check

RIGHT = [1, 2, 4, 5, 10, 20]


def weighted(gradients, rows):
    weights = np.array(rows) / sum(rows)
    return {name: sum(weights * [g[name] for g in gradients]) for name in gradients[0]}


def joined(gradients, rows):
    shares = list(zip(rows, gradients, strict=True))
    return {name: sum(n * g[name] for n, g in shares) / sum(rows) for name in gradients[0]}


def plain(gradients, rows):
    return joined(gradients, [1] * len(rows))


def added(gradients, rows):
    return {name: sum(g[name] for g in gradients) for name in gradients[0]}


def one_name(gradients, rows):
    return {"W_hy": joined(gradients, rows)["W_hy"]}


def each_once(share_of, n, world):
    counts = np.zeros(n, int)
    for rank in range(world):
        np.add.at(counts, share_of(np.arange(n), rank, world), 1)
    return (counts == 1).all()


def all_read(share_of, n, world):
    shares = [share_of(list(range(n)), rank, world) for rank in range(world)]
    return set().union(*shares) == set(range(n))


def none_twice(share_of, n, world):
    shares = np.concatenate([share_of(np.arange(n), rank, world) for rank in range(world)])
    return len(shares) == len(set(shares.tolist()))


def equally_many(share_of, n, world):
    return sum(len(share_of(range(n), rank, world)) for rank in range(world)) == n


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("devices-1", RIGHT),
        ("devices-1", {20, 10.0, 5, 4, 2, 1}),
        ("devices-1", np.array(RIGHT)),
        ("devices-2", joined),
        ("devices-3", lambda times: 2 / (2 - times)),
        ("devices-3", lambda times: round(1 / (1 - times / 2))),
        ("devices-4", each_once),
        ("devices-4", lambda *given: all_read(*given) and none_twice(*given)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("devices-1", RIGHT[1:], "one process alone"),
        ("devices-1", RIGHT[:-1], "single stream"),
        ("devices-1", RIGHT[1:-1], "misses 2 and has 0 too many"),
        ("devices-1", [*RIGHT, 3], "misses 0 and has 1 too many"),
        ("devices-1", 6, "list of whole numbers"),
        ("devices-1", [[1, 2], [4, 5]], "list of whole numbers"),
        ("devices-2", plain, "equal shares only"),
        ("devices-2", added, "one factor"),
        ("devices-2", one_name, "expected a dictionary with"),
        ("devices-2", lambda gradients, rows: dict.fromkeys(gradients[0], "x"), "got 'x'"),
        ("devices-3", lambda times: 1 / (2 - times), "two"),
        ("devices-3", lambda times: times / (2 - times), "the rounds of a turn"),
        ("devices-3", lambda times: int(2 / (2 - times)), "just below a whole number cut off"),
        ("devices-3", lambda times: "eight", "got 'eight'"),
        ("devices-3", lambda times: 2 * (times - 1) / times, "solve it"),
        ("devices-3", lambda times: 8, "for 1.5 times is too large"),
        ("devices-4", all_read, "nothing wrong with this sharing of 20 by 4: neighbors"),
        ("devices-4", none_twice, "nothing wrong with this sharing of 20 by 4: a stream"),
        ("devices-4", equally_many, "the same streams for all"),
        ("devices-4", lambda share_of, n, world: False, "finds fault with"),
        ("devices-4", lambda share_of, n, world: 1, "True or False; got 1."),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_shard_is_a_sharing_that_passes():
    pytest.importorskip("torch")
    from unrolled.experiments.distributed import shard

    assert each_once(shard, 20, 4)
    with pytest.raises(ValueError, match="cannot be shared equally"):
        shard(np.arange(20), 0, 3)
