import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from unrolled.experiments import embedding_scale as experiment  # noqa: E402

V, RECORD = 40, Path(__file__).parents[2] / "data/results/embedding-scale.json"


def test_every_network_reads_as_a_layer_of_pytorch_does():
    ids = torch.randint(V, (3, 7), generator=torch.Generator().manual_seed(0))
    lengths = torch.tensor([7, 4, 1])
    params = [p.detach() for p in experiment.networks(V)]
    found = experiment.states(params, ids, lengths)[:, :, -1]
    for i in (0, 7, 16, 24):
        words, *weights = (p[i] for p in params)
        layer = torch.nn.RNN(experiment.D, experiment.H, batch_first=True)
        own = [weights[0].T, weights[1].T, weights[2][0], weights[3][0]]
        layer.load_state_dict(dict(zip(layer.state_dict(), own, strict=True)))
        read = experiment.READ[i].item() * words[ids]
        packed = torch.nn.utils.rnn.pack_padded_sequence(read, lengths, batch_first=True)
        torch.testing.assert_close(found[i], layer(packed)[1][0].detach())


def test_the_scaled_table_is_the_normal_one_and_all_else_is_the_same():
    normal, scaled, uniform = (
        experiment.start(V, table, 3) for table in ("normal", "normal, scaled", "uniform")
    )
    np.testing.assert_allclose(scaled[0], normal[0] * experiment.SMALL)
    assert scaled[0].std() == pytest.approx(uniform[0].std(), rel=0.1)
    for one, two, three in zip(normal[1:], scaled[1:], uniform[1:], strict=True):
        assert np.array_equal(one, two)
        assert one.shape == three.shape


def test_a_bucket_holds_every_review_once():
    lengths = np.arange(50) % 7 + 1
    cut = experiment.batches(lengths, np.random.default_rng(0))
    assert sorted(np.concatenate(cut)) == list(range(50))


def test_the_record_has_every_run():
    runs = json.loads(RECORD.read_text())["results"]
    keys = {(run["table"], run["rate"], run["seed"]) for run in runs}
    assert len(keys) == len(runs)
    assert len(runs) == len(experiment.TABLES) * len(experiment.RATES) * len(experiment.SEEDS)
