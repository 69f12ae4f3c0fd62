import numpy as np
import pytest
from unrolled import checks
from unrolled.engine import gru, lru, lstm, mingru, rnn, signed_mingru
from unrolled.engine.bidirectional import Bidirectional


def carrying(cell, params):
    def model(x, state):
        h, tape = cell.forward(x, params, state)
        return h, tape.state

    return model


@pytest.mark.parametrize("cell", [rnn, lstm, gru, mingru, signed_mingru, lru])
def test_two_halves_of_every_cell_are_the_whole(cell, x, rng):
    model = carrying(cell, cell.init_params(x.shape[2], 5, rng=rng))
    report = checks.two_halves(model, x)
    assert report.ok
    assert report.numbers.shape == (x.shape[1] - 1,)
    assert report.numbers.max() < 1e-9


def test_a_state_that_is_not_handed_on_is_found_at_every_cut(x, rng):
    params = rnn.init_params(x.shape[2], 5, rng=rng)
    report = checks.two_halves(lambda x, state: (rnn.forward(x, params)[0], None), x)
    assert not report.ok
    assert (report.numbers > 0.01).all()
    assert "cut before step 1, 2" in report.findings[0]


def test_a_layer_that_reads_the_future_is_no_two_halves(x, rng):
    both = Bidirectional(rnn)
    model = carrying(both, both.init_params(x.shape[2], 5, rng=rng))
    assert not checks.two_halves(model, x).ok


def test_an_answer_that_is_no_number_is_found_without_a_cut(x):
    def model(x, state):
        return np.where(np.arange(x.shape[1])[:, None] < 2, x, np.inf), None

    report = checks.two_halves(model, x)
    assert report.findings == ("from step 2 on the answer is no finite number",)
    assert report.numbers is None


def test_a_half_that_is_refused_is_a_finding(x):
    def model(x, state):
        if x.shape[1] == 1:
            raise TypeError("one step is too few")
        return x, None

    (finding,) = checks.two_halves(model, x).findings
    assert finding.startswith("cut before step 1,")
    assert "one step is too few" in finding


def test_layers_of_pytorch_are_handed_in_as_they_are(x):
    torch = pytest.importorskip("torch")
    D = x.shape[2]
    assert checks.two_halves(torch.nn.LSTM(D, 5, batch_first=True), x).ok
    assert not checks.two_halves(torch.nn.GRU(D, 5, batch_first=True, bidirectional=True), x).ok
    assert "refused" in checks.two_halves(torch.nn.LSTM(D, 5), x).findings[0]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda x, state: x, "must return two things"),
        (lambda x, state: (x[:, -1], None), "the answers must have shape"),
        (lambda x: x, r"model\(x, state\) fails"),
    ],
)
def test_a_model_of_another_form_is_told_what_is_wanted(model, message, x):
    with pytest.raises(ValueError, match=message):
        checks.two_halves(model, x)


def test_one_step_cannot_be_cut(x):
    with pytest.raises(ValueError, match="at least two steps"):
        checks.two_halves(lambda x, state: (x, None), x[:, :1])
