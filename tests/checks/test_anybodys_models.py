"""Right and wrong models of many shapes.

No check may accuse or refuse a right one, none may pass a wrong one, and none leaves one changed.
"""

import copy
import math
from collections import namedtuple

import numpy as np
import pytest
from unrolled import checks
from unrolled.checks.kept import kept

RNG = np.random.default_rng(5)
X, IDS = RNG.standard_normal((3, 6, 4)), RNG.integers(1, 9, (3, 6))
PADDED, LENGTHS = np.where(np.arange(6) < [[6], [4], [2]], IDS, 0), np.array([6, 4, 2])
LONG = RNG.standard_normal((3, 100, 4))
PRICES = np.exp(RNG.standard_normal((3, 6, 2)))
ONE_HOT = np.eye(5)[RNG.integers(0, 5, (3, 6))]
MIXED = np.concatenate([RNG.integers(0, 5, (3, 6, 1)), X[..., :2]], axis=2)
REACH = (checks.causality, checks.batch_independence)
ALL = (*REACH, checks.dead_parts)

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional
prune = pytest.importorskip("torch.nn.utils.prune")


class Around(nn.Module):
    """A module that computes what a function of itself and x says, with some layers."""

    def __init__(self, compute, **layers):
        super().__init__()
        self.compute = compute
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, *inputs):
        return self.compute(self, *inputs)


def lstm(D=4, H=5, kind=nn.LSTM, **how):
    return kind(D, H, **{"batch_first": True} | how)


def tagger(kind=nn.LSTM, compute=lambda m, x: m.out(m.rnn(m.look(x))[0]), **how):
    width = 10 if how.get("bidirectional") else 5
    layers = {"look": nn.Embedding(9, 4), "rnn": lstm(kind=kind, **how), "out": nn.Linear(width, 3)}
    return Around(compute, **layers)


def last(model, x):
    return model.out(model.rnn(x)[1][0][-1])


def ends(model, x):
    return model.out(model.rnn(x)[1][0].transpose(0, 1).flatten(1))


def per_hour(model, x):
    return torch.sigmoid(model.out(model.rnn(x)[0])).squeeze(-1)


def masked_class(fill):
    def compute(model, x):
        logits = model.out(model.rnn(x)[0]).clone()
        logits[..., 0] = fill
        return logits

    return Around(compute, rnn=lstm(), out=nn.Linear(5, 3))


def convolved(model, x):
    x = x.swapaxes(1, 2)
    for layer in (model.one, model.two):
        x = F.relu(layer(F.pad(x, (2 * layer.dilation[0], 0))))
    return model.out(x.swapaxes(1, 2))


def tcn():
    return Around(
        convolved, one=nn.Conv1d(4, 8, 3), two=nn.Conv1d(8, 8, 3, dilation=2), out=nn.Linear(8, 3)
    )


def attends(model, ids):
    T = ids.shape[1]
    mask = nn.Transformer.generate_square_subsequent_mask(T, dtype=model.place.dtype)
    h = model.look(ids) + model.place[:T]
    return model.look_back(model.block(h, src_mask=mask, is_causal=True))


def transformer():
    model = Around(
        attends,
        look=nn.Embedding(9, 8),
        block=nn.TransformerEncoderLayer(8, 2, 16, batch_first=True),
        look_back=nn.Linear(8, 9, bias=False),
    )
    model.place = nn.Parameter(torch.randn(20, 8))
    model.look_back.weight = model.look.weight  # tied
    return model


def many_classes():
    return Around(
        lambda m, x: m.out(m.rnn(x)[0]).softmax(-1), rnn=lstm(), out=nn.Linear(5, 2000)
    ).double()


def horizon(model, x):
    return model.out(model.rnn(x)[1][0][-1]).reshape(len(x), -1, 2)


def decoded(model, x):
    state, step, found = model.rnn(x)[1][-1], x[:, -1], []
    for _ in range(6):
        state = model.cell(step, state)
        step = model.out(state)
        found.append(step)
    return torch.stack(found, 1)


def decoder():
    return Around(decoded, rnn=lstm(kind=nn.GRU, H=5), cell=nn.GRUCell(4, 5), out=nn.Linear(5, 4))


Answer = namedtuple("Answer", "prediction decoder_lengths")


def by_steps(model, x):
    h, c, steps = torch.zeros(len(x), 5), torch.zeros(len(x), 5), []
    for t in range(x.shape[1]):
        h, c = model.cell(x[:, t], (model.norm(h), c))
        steps.append(model.out(h))
    return steps


def stepping():
    return Around(by_steps, cell=nn.LSTMCell(4, 5), norm=nn.LayerNorm(5), out=nn.Linear(5, 2))


def normed(model, x):
    h = model.rnn(x)[0]
    return model.out(model.drop(model.norm(h.swapaxes(1, 2)).swapaxes(1, 2)))


def batch_norm():
    return Around(
        normed, rnn=lstm(), norm=nn.BatchNorm1d(5), drop=nn.Dropout(0.5), out=nn.Linear(5, 3)
    )


def with_hooks(change):
    layer = lstm()
    change(layer)
    return layer


def pruned(layer):
    prune.l1_unstructured(layer, "weight_hh_l0", 0.5)


def weight_drop(model, x):
    layer = model.rnn
    dropped = F.dropout(model.raw, 0.5, model.training)
    del layer._parameters["weight_hh_l0"]
    layer.weight_hh_l0 = nn.Parameter(dropped)
    return layer(x)[0]


def awd():
    model = Around(weight_drop, rnn=lstm())
    model.raw = nn.Parameter(model.rnn.weight_hh_l0.detach().clone())
    return model


def pools(model, ids):
    h = model.rnn(model.look(ids))[0]
    scores = model.score(h).squeeze(-1).masked_fill(ids == 0, -math.inf)
    model.seen = scores.softmax(1)  # kept for a picture
    return model.out((model.seen[..., None] * h).sum(1))


def pooling():
    return Around(
        pools, look=nn.Embedding(9, 4), rnn=lstm(), score=nn.Linear(5, 1), out=nn.Linear(5, 3)
    )


def rotates(model, x):
    T = x.shape[1]
    if model.angles.shape[0] < T:
        model.register_buffer("angles", torch.arange(float(T))[:, None], persistent=False)
    return model.rnn(x * model.angles[:T].cos())[0]


def rotary():
    model = Around(rotates, rnn=lstm())
    model.register_buffer("angles", torch.zeros(0, 1), persistent=False)
    return model


def running_mean(model, x):
    steps = torch.arange(1, x.shape[1] + 1)[:, None]
    return model.rnn(x / (1 + (x.abs().cumsum(1) / steps)))[0]


def packed(model, ids, lengths):
    rows = nn.utils.rnn.pack_padded_sequence(
        model.look(ids), lengths, batch_first=True, enforce_sorted=False
    )
    return model.out(nn.utils.rnn.pad_packed_sequence(model.rnn(rows)[0], batch_first=True)[0])


def density(model, x):
    h = model.rnn(x)[0]
    return model.mean(h), F.softplus(model.spread(h))


def telling(model, x):
    return checks.padding(model, x, LENGTHS, tell=True)


def padding(model, x, **how):
    return checks.padding(model, x, LENGTHS, **how)


def shapes(model, x):
    return checks.shape_report(model, x)


def one_answer(model, x):
    return checks.causality(model, x, per_step=False)


RIGHT = {
    "tagger": (lambda: tagger(), IDS, ALL),
    "GRU tagger of two layers": (lambda: tagger(nn.GRU, num_layers=2), IDS, ALL),
    "ReLU network": (lambda: tagger(nn.RNN, nonlinearity="relu"), IDS, REACH),
    "last state": (lambda: Around(last, rnn=lstm(), out=nn.Linear(5, 1)), X, ALL),
    "long": (lambda: Around(last, rnn=lstm(), out=nn.Linear(5, 1)), LONG, REACH),
    "both ends": (
        lambda: Around(ends, rnn=lstm(bidirectional=True), out=nn.Linear(10, 2)), X, ALL),
    "both ends of long": (
        lambda: Around(ends, rnn=lstm(bidirectional=True), out=nn.Linear(10, 2)), LONG, REACH),
    "packed both ways": (lambda: tagger(bidirectional=True, compute=packed), PADDED, (telling,)),
    "one number an hour": (
        lambda: Around(per_hour, rnn=lstm(), out=nn.Linear(5, 1)), X, (*ALL, padding)),
    "largest over time": (
        lambda: Around(lambda m, x: m.rnn(x)[0].amax(1), rnn=lstm(bidirectional=True)), X, REACH),
    "one largest over time": (
        lambda: Around(lambda m, x: m.out(x).amax(1), out=nn.Linear(4, 8)), X, REACH),
    "convolution in the past": (tcn, X, ALL),
    "causal transformer, tied": (transformer, IDS, ALL),
    "bfloat16 transformer": (lambda: transformer().bfloat16(), IDS, REACH),
    "bfloat16 tagger": (lambda: tagger().bfloat16(), IDS, (*ALL, padding)),
    "float16 tagger": (lambda: tagger(nn.GRU).half(), IDS, (*ALL, padding)),
    "float16 as float64": (
        lambda: checks.as_function(tagger().half()), IDS, (*REACH, padding)),
    "a class never": (lambda: masked_class(-math.inf), X, REACH),
    "a class hardly": (lambda: masked_class(-1e9), X, REACH),
    "many classes": (many_classes, X, REACH),
    "horizon": (
        lambda: Around(horizon, rnn=lstm(), out=nn.Linear(5, 6)), X, (one_answer, shapes)),
    "decoder of as many steps": (decoder, X, ALL),
    "dict": (lambda: Around(lambda m, x: {"logits": m.rnn(x)[0]}, rnn=lstm()), X, (*ALL, shapes)),
    "namedtuple": (
        lambda: Around(lambda m, x: Answer(m.rnn(x)[0], 6), rnn=lstm()), X, (*ALL, shapes)),
    "list of steps": (stepping, X, (*ALL, shapes)),
    "output and states": (lstm, X, (*ALL, shapes)),
    "batch norm": (batch_norm, X, (*ALL, checks.fresh_randomness)),
    "weight norm": (
        lambda: with_hooks(lambda m: nn.utils.weight_norm(m, "weight_hh_l0")), X, ALL),
    "spectral norm": (
        lambda: with_hooks(lambda m: nn.utils.spectral_norm(m, "weight_hh_l0")), X, REACH),
    "parametrized": (
        lambda: with_hooks(lambda m: nn.utils.parametrizations.weight_norm(m, "weight_hh_l0")),
        X, ALL),
    "pruned": (lambda: with_hooks(pruned), X, ALL),
    "script": (
        lambda: torch.jit.script(nn.Sequential(nn.Linear(4, 4), nn.Tanh())), X,
        (checks.batch_independence, checks.dead_parts, shapes)),
    "traced": (lambda: torch.jit.trace(lstm(), torch.zeros(3, 6, 4)), X, (checks.dead_parts,)),
    "compiled": (lambda: torch.compile(lstm()), X, (*ALL, shapes)),
    "prices": (lambda: Around(lambda m, x: m.rnn(x.log())[0], rnn=lstm(2)), PRICES, ALL),
    "one-hot": (
        lambda: Around(lambda m, x: m.rnn(m.look(x.argmax(-1)))[0], look=nn.Embedding(5, 4),
                       rnn=lstm()), ONE_HOT, ALL),
    "a column of ids": (
        lambda: Around(
            lambda m, x: m.rnn(torch.cat([m.look(x[..., 0].long()), x[..., 1:]], 2))[0],
            look=nn.Embedding(5, 2), rnn=lstm()), MIXED, ALL),
    "weights dropped": (awd, X, (checks.fresh_randomness,)),
    "attention without padding": (pooling, PADDED, (*ALL, padding)),
    "rotary": (rotary, X, REACH),
    "mean so far": (lambda: Around(running_mean, rnn=lstm()), X, REACH),
    "mean and spread": (
        lambda: Around(density, rnn=lstm(), mean=nn.Linear(5, 1), spread=nn.Linear(5, 1)), X, ALL),
    "no weights": (lambda: Around(lambda m, x: x.cumsum(1)), X, REACH),
    "float32 by hand": (
        lambda: lambda x: np.cumsum(np.tanh(x.astype(np.float32) * 40), axis=1), X,
        (*REACH, padding)),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.filterwarnings("ignore")
def test_no_right_model_is_accused_or_changed(name):
    torch.manual_seed(2)
    build, x, these = RIGHT[name]
    model = build()
    before = kept(model)
    with before as own:
        state = copy.deepcopy({n: t[2] for part in own.models for n, t in part.tensors.items()})
        keys = {id(d): [*d] for part in own.models for d, _ in part.dicts if isinstance(d, dict)}
        generator = torch.get_rng_state()
        for check in these:
            report = check(model, x)
            assert report.ok, report
        for part in own.models:
            for n, (tensor, *_) in part.tensors.items():
                assert torch.equal(tensor.data, state[n]), n
            for d, _ in part.dicts:
                assert not isinstance(d, dict) or [*d] == keys[id(d)]
        assert torch.equal(generator, torch.get_rng_state())


def keras_models(keras):
    layers, sequential = keras.layers, keras.Sequential
    ids, floats = keras.Input((None,), dtype="int32"), keras.Input((None, 4))

    def look(**how):
        return layers.Embedding(9, 4, **how)

    def lstm(**how):
        return layers.LSTM(5, **{"return_sequences": True} | how)

    class Named(keras.Model):
        def __init__(self):
            super().__init__()
            self.rnn, self.out = lstm(), layers.Dense(2)

        def call(self, x):
            return {"hidden": self.rnn(x), "logits": self.out(self.rnn(x))}

    class Attending(keras.Model):
        def __init__(self, **how):
            super().__init__()
            self.attention = layers.MultiHeadAttention(2, 4, **how)

        def call(self, x, training=False):
            return x + self.attention(x, x, use_causal_mask=True, training=training)

    stateful = layers.LSTM(5, stateful=True, return_sequences=True)

    def reset(x):
        stateful.stateful = False
        try:
            return stateful(x)
        finally:
            stateful.stateful = True

    h, c, d = layers.LSTM(5, return_state=True)(floats)
    plain = sequential([floats, lstm()])
    half = keras.DTypePolicy("mixed_bfloat16")
    return {
        "masked tagger": (sequential([ids, look(mask_zero=True), lstm()]), PADDED, (*ALL, padding)),
        "masked last state": (
            sequential([ids, look(mask_zero=True), lstm(return_sequences=False)]), PADDED,
            (padding, *REACH)),
        "masked in front": (
            sequential([ids, look(mask_zero=True), lstm(return_sequences=False)]),
            PADDED[:, ::-1].copy(), (lambda m, x: padding(m, x, side="pre"),)),
        "both ends": (
            sequential([floats, layers.Bidirectional(lstm(return_sequences=False)),
                        layers.Dense(1, "sigmoid")]), X, REACH),
        "convolution in the past": (
            sequential([floats, layers.Conv1D(6, 3, padding="causal", dilation_rate=2)]), X, REACH),
        "causal attention": (Attending(), X, REACH),
        "causal attention with dropout": (Attending(dropout=0.5), X, (
            *REACH, checks.fresh_randomness)),
        "several outputs": (keras.Model(floats, [h, c, d]), X, REACH),
        "dict": (Named(), X, (*REACH, shapes)),
        "dropout and batch norm": (
            sequential([floats, layers.GRU(5, return_sequences=True, dropout=0.5),
                        layers.BatchNormalization(), layers.Dense(3)]), X,
            (*ALL, checks.fresh_randomness, shapes)),
        "mixed bfloat16": (
            sequential([floats, lstm(dtype=half), layers.Dense(3, dtype=half)]), X,
            (*REACH, padding)),
        "masking": (
            sequential([floats, layers.Masking(), layers.LSTM(5)]),
            X * (PADDED > 0)[..., None], (padding, *REACH)),
        "every step alone and together": (
            sequential([floats, layers.TimeDistributed(layers.Dense(5)), lstm()]), X, REACH),
        "convolution to one answer": (
            sequential([floats, layers.Conv1D(8, 3, padding="same"),
                        layers.GlobalMaxPooling1D(), layers.Dense(2)]), X, REACH),
        "stateful, reset": (reset, X, (checks.causality,)),
        "function of predict": (
            lambda x: plain(x).numpy(), X, REACH),
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_no_right_model_of_keras_is_accused_or_changed(keras):
    models = keras_models(keras)
    for name, (model, x, these) in models.items():
        checks.as_function(model)(x)
        before = [v.numpy().copy() for v in getattr(model, "variables", [])]
        for check in these:
            report = check(model, x)
            assert report.ok, (name, report)
        after = [v.numpy() for v in getattr(model, "variables", [])]
        assert all(map(np.array_equal, before, after)), name
    assert len(models) + len(RIGHT) >= 30


def turned(model, x):
    return model.rnn(x.reshape(x.shape[1], x.shape[0], -1))[0].reshape(*x.shape[:2], -1)


def same_padding(model, x):
    return model.one(x.swapaxes(1, 2)).swapaxes(1, 2)


def masked_attention(diagonal, *, fill=-1e9):
    def compute(model, x):
        mask = torch.triu(torch.full((x.shape[1],) * 2, fill), diagonal)
        return model.attention(x, x, x, attn_mask=mask)[0]

    return Around(compute, attention=nn.MultiheadAttention(4, 2, batch_first=True))


def no_mask(model, ids):
    return model.look_back(model.block(model.look(ids) + model.place[: ids.shape[1]]))


def forgets_mask():
    model = transformer()
    model.compute = no_mask
    return model


def over_time(model, x):
    return model.norm(model.rnn(x)[0].swapaxes(1, 2)).swapaxes(1, 2)


def peeks_a_little(model, x):
    return torch.cat([100 * model.rnn(x)[0], 0.01 * x.flip(1)[..., :1]], 2)


def statistics_of_the_batch(model, x):
    return model.norm(model.rnn(x)[0].flatten(0, 1)).reshape(*x.shape[:2], -1)


def summed(kind):
    return lambda model, x: model.rnn(kind(x))[0]


def squeezed(model, x):
    return model.out(model.rnn(x)[0][:, -1]).squeeze()


def fixed_start(model, x):
    return model.rnn(x, (model.h, model.c))[0]


def with_start():
    model = Around(fixed_start, rnn=lstm())
    model.h = model.c = torch.zeros(1, 3, 5)
    return model


def ends_of_padded(model, ids):
    return model.rnn(model.look(ids))[0][:, -1]


def pools_all(model, ids):
    return model.rnn(model.look(ids))[0].mean(1)


def drops(training, share=0.5):
    return lambda m, x: F.dropout(m.rnn(x)[0], share, training(m))


def kept_mask(model, x):
    return model.rnn(x)[0] * (model.mask if model.training else 1)


def with_mask():
    model = Around(kept_mask, rnn=lstm())
    model.mask = torch.rand(5) < 0.5
    return model


def dropped_in_place(model, x):
    with torch.no_grad():
        model.rnn.weight_hh_l0.mul_((torch.rand(20, 5) < 0.9) if model.training else 1)
    return F.dropout(model.rnn(x)[0], 0.5, model.training)


def dropped_from_itself(model, x):
    model.raw = nn.Parameter(F.dropout(model.raw, 0.3, model.training))
    return weight_drop(model, x)


def from_itself():
    model = Around(dropped_from_itself, rnn=lstm())
    model.raw = nn.Parameter(model.rnn.weight_hh_l0.detach().clone())
    return model


def running(model, x):
    h = model.rnn(x)[0]
    model.average.mul_(0.9).add_(0.1 * h.mean((0, 1)))
    return h


def averages():
    model = Around(running, rnn=lstm())
    model.register_buffer("average", torch.zeros(5))
    return model


def random_start(model, x):
    return model.rnn(x, (torch.randn(1, len(x), 5),) * 2)[0]


def backward_end(model, x):
    return model.rnn(x)[0][:, -1]


def second_layer_skipped(model, x):
    return model.one(x)[0]


def two(compute):
    return Around(compute, one=lstm(), two=lstm(5))


WRONG = {
    "batch_first forgotten": (lambda: tagger(batch_first=False), IDS, (
        checks.causality, checks.batch_independence)),
    "reshaped, not transposed": (
        lambda: Around(turned, rnn=lstm(batch_first=False)), X, (checks.batch_independence,)),
    "reads both ways": (lambda: tagger(bidirectional=True), IDS, (checks.causality, padding)),
    "reads both ways in bfloat16": (
        lambda: tagger(bidirectional=True).bfloat16(), IDS, (checks.causality, padding)),
    "reads both ways in float16": (
        lambda: tagger(bidirectional=True).half(), IDS, (checks.causality, padding)),
    "an answer an hour, both ways": (
        lambda: Around(lambda m, x: m.out(m.rnn(x)[0]).squeeze(-1), rnn=lstm(bidirectional=True),
                       out=nn.Linear(10, 1)), X, (checks.causality,)),
    "leak beside a class never": (
        lambda: Around(lambda m, x: torch.cat([torch.full_like(x[..., :1], -torch.inf),
                                               m.rnn(x)[0]], 2), rnn=lstm(bidirectional=True)),
        X, (checks.causality,)),
    "leak in one small column": (
        lambda: Around(peeks_a_little, rnn=lstm()), X, (checks.causality,)),
    "convolution of both sides": (
        lambda: Around(same_padding, one=nn.Conv1d(4, 8, 3, padding=1)), X, (checks.causality,)),
    "transformer without mask": (forgets_mask, IDS, (checks.causality,)),
    "mask one step too late": (lambda: masked_attention(2), X, (checks.causality,)),
    "mask of zeros": (lambda: masked_attention(1, fill=0.0), X, (checks.causality,)),
    "norm over time": (
        lambda: Around(over_time, rnn=lstm(), norm=nn.InstanceNorm1d(5)), X,
        (checks.causality, padding)),
    "mean over time taken away": (
        lambda: Around(summed(lambda x: x - x.mean(1, keepdim=True)), rnn=lstm()), X,
        (checks.causality, padding)),
    "one-hot rows, reversed": (
        lambda: Around(summed(lambda x: x.flip(1)), rnn=lstm(5)), ONE_HOT, (checks.causality,)),
    "statistics of the batch": (
        lambda: Around(statistics_of_the_batch, rnn=lstm(),
                       norm=nn.BatchNorm1d(5, track_running_stats=False)), X,
        (checks.batch_independence,)),
    "mean of the batch": (
        lambda: Around(summed(lambda x: x - x.mean(0)), rnn=lstm()), X,
        (checks.batch_independence,)),
    "softmax over the batch": (
        lambda: Around(lambda m, x: m.rnn(x)[0].softmax(0), rnn=lstm()), X,
        (checks.batch_independence,)),
    "squeezed": (
        lambda: Around(squeezed, rnn=lstm(), out=nn.Linear(5, 1)), X,
        (checks.batch_independence,)),
    "state of a fixed batch": (with_start, X, (checks.batch_independence,)),
    "end of the padding": (
        lambda: Around(ends_of_padded, look=nn.Embedding(9, 4), rnn=lstm()), PADDED, (padding,)),
    "mean with padding": (
        lambda: Around(pools_all, look=nn.Embedding(9, 4), rnn=lstm()), PADDED, (padding,)),
    "first step not read": (
        lambda: Around(lambda m, x: m.rnn(x[:, 1:])[1][0][-1], rnn=lstm()), X,
        (checks.causality,)),
    "only the last steps read": (
        lambda: Around(lambda m, x: m.rnn(x[:, -3:])[1][0][-1], rnn=lstm()), X,
        (checks.causality,)),
    "nothing carried on": (
        lambda: Around(lambda m, x: m.out(x).tanh(), out=nn.Linear(4, 3)), X,
        (checks.causality,)),
    "always the same": (
        lambda: Around(lambda m, x: m.out(0 * x), out=nn.Linear(4, 3)), X,
        (checks.causality,)),
    "dropout in evaluation": (
        lambda: Around(drops(lambda m: True), rnn=lstm()), X, (checks.fresh_randomness,)),
    "no dropout": (
        lambda: Around(drops(lambda m: False), rnn=lstm()), X, (checks.fresh_randomness,)),
    "one mask for ever": (with_mask, X, (checks.fresh_randomness,)),
    "weights dropped for good": (
        lambda: Around(dropped_in_place, rnn=lstm()), X, (checks.fresh_randomness,)),
    "weights dropped from themselves": (from_itself, X, (checks.fresh_randomness,)),
    "averages in evaluation": (averages, X, (
        checks.causality, checks.batch_independence, checks.dead_parts, checks.shape_report)),
    "random start": (
        lambda: Around(random_start, rnn=lstm()), X, (checks.fresh_randomness,)),
    "layer never called": (lambda: two(second_layer_skipped), X, (checks.dead_parts,)),
    "last answer of the way back": (
        lambda: Around(backward_end, rnn=lstm(bidirectional=True)), X, (checks.dead_parts,)),
    "readout without its input": (
        lambda: Around(lambda m, x: m.out(0 * m.rnn(x)[0]), rnn=lstm(), out=nn.Linear(5, 3)), X,
        (checks.dead_parts, checks.causality)),
    "time first": (
        lambda: Around(lambda m, x: m.rnn(x)[0].swapaxes(0, 1), rnn=lstm()), X,
        (checks.shape_report,)),
    "a number for all": (
        lambda: Around(lambda m, x: m.rnn(x)[0].mean(), rnn=lstm()), X, (checks.shape_report,)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.filterwarnings("ignore")
def test_a_wrong_model_is_found(name):
    torch.manual_seed(2)
    build, x, these = WRONG[name]
    model = build()
    before = {n: t.detach().clone() for n, t in model.state_dict().items()}
    for check in these:
        report = check(model, x)
        assert report.findings, report
    after = model.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(value, before[n]) for n, value in after.items())


@pytest.mark.filterwarnings("ignore")
def test_a_wrong_model_of_keras_is_found(keras):
    layers, sequential = keras.layers, keras.Sequential
    ids, floats = keras.Input((None,), dtype="int32"), keras.Input((None, 4))

    class Attending(keras.Model):
        def __init__(self):
            super().__init__()
            self.attention = layers.MultiHeadAttention(2, 4)

        def call(self, x):
            return x + self.attention(x, x)

    class Averaging(keras.Model):
        def __init__(self):
            super().__init__()
            self.average = self.add_weight(shape=(4,), trainable=False)

        def call(self, x):
            self.average.assign(0.9 * self.average + 0.1 * keras.ops.mean(x, (0, 1)))
            return keras.ops.cumsum(x, 1)

    back = layers.Bidirectional(layers.LSTM(5, return_sequences=True))
    models = {
        "reads both ways": (sequential([floats, back]), X, (checks.causality, padding)),
        "convolution of both sides": (
            sequential([floats, layers.Conv1D(5, 3, padding="same")]), X, (checks.causality,)),
        "attention without mask": (Attending(), X, (checks.causality,)),
        "no mask": (sequential([ids, layers.Embedding(9, 4), layers.LSTM(5)]), PADDED, (padding,)),
        "mean with padding": (
            sequential([ids, layers.Embedding(9, 4), layers.GlobalAveragePooling1D()]), PADDED,
            (padding,)),
        "statistics of the batch": (
            sequential([floats, layers.Lambda(lambda x: x - x[:1])]), X,
            (checks.batch_independence,)),
        "no dropout": (sequential([floats, layers.LSTM(5)]), X, (checks.fresh_randomness,)),
        "averages in evaluation": (Averaging(), X, (checks.causality,)),
    }  # fmt: skip
    for name, (model, x, these) in models.items():
        checks.as_function(model)(x)
        before = [v.numpy().copy() for v in model.variables]
        for check in these:
            assert check(model, x).findings, name
        assert all(map(np.array_equal, before, [v.numpy() for v in model.variables])), name
