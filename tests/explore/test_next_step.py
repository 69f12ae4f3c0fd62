import numpy as np
import pytest
from unrolled.analysis.next_step import NAMES, after, weights
from unrolled.explore import NextStep
from unrolled.explore.next_step import MACHINES, SIZES, written


@pytest.fixture(scope="module")
def w():
    return NextStep()


def test_the_counts_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    d, layers, n = 64, 2, 300
    block = torch.nn.TransformerEncoderLayer(d, 4, 4 * d)
    matrices = sum(p.numel() for p in block.parameters() if p.dim() == 2)
    assert layers * matrices == weights(d, layers)
    H = round(np.sqrt(2) * d)
    gru = torch.nn.GRU(H, H)
    assert sum(p.numel() for p in gru.parameters() if p.dim() == 2) == pytest.approx(
        12 * d**2, rel=0.02
    )
    found = after(n, d, layers)
    assert found["recurrent"].numbers == pytest.approx(layers * H, rel=0.01)
    assert found["attention"].numbers == 2 * layers * n * d


def test_a_convolution_keeps_what_its_layers_reach_back_and_no_more():
    full = [float(after(n, 64, 10)["convolution"].numbers) for n in (1023, 10_000)]
    assert full[0] == full[1] == pytest.approx(np.sqrt(6) * 64 * 1023)
    assert after(1, 64, 10)["convolution"].numbers == pytest.approx(np.sqrt(6) * 64 * 10)


@pytest.mark.parametrize(("d", "layers"), [(64, 2), (1024, 16)])
def test_the_cache_outgrows_the_weights_after_six_widths(d, layers):
    assert after(6 * d, d, layers)["attention"].numbers == weights(d, layers)


@pytest.mark.parametrize("wrong", [(-1, 8, 1), (1, 0, 1), (1, 8, 0)])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="after needs n >= 0"):
        after(*wrong)


def test_only_attention_climbs(w):
    for name in NAMES:
        climbs = np.ptp(w.arrays[f"{name}_products"]) > 0
        assert climbs == (name == "attention")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("machine", MACHINES)
def test_as_many_readers_fit_as_it_says(w, size, machine):
    for readers in (1, 512):
        facts = w.at(size=size, machine=machine, readers=readers, n=10_000).facts
        if facts["roomy"]:
            for name in ("recurrent", "attention"):
                most = int(facts[f"{name}_most"].replace(",", ""))
                beyond = most + 10 ** max(0, len(str(most)) - 2)
                if not most < readers < beyond:  # two digits cannot tell
                    assert facts[f"{name}_fits"] == (readers <= most)


def test_the_question_is_answered_by_the_figure(w):
    start, end = w.facts, w.at(**w.question.values).facts
    assert start["attention_fits"]
    assert not end["attention_fits"]
    assert end["attention_all"] == "42 GB"
    assert (end["attention_kept"], end["recurrent_kept"]) == ("660 MB", start["recurrent_kept"])


@pytest.mark.parametrize(
    ("size", "text"), [(412.0, "0.41 kB"), (46_340.0, "46 kB"), (3.4e11, "340 GB")]
)
def test_bytes_are_written_in_two_digits(size, text):
    assert written(size) == text
