"""The JavaScript twin of the engine, `unrolled/web/engine`, held to NumPy in a real Chromium.

`pytest -s` prints the largest deviation of each comparison. No built book is needed.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from unrolled.analysis import dynamics, gradient_flow, truncation
from unrolled.engine import (
    activations,
    dense,
    gru,
    initializers,
    linear,
    losses,
    lstm,
    optimizers,
    rnn,
)
from unrolled.engine.bptt import truncated_backward
from unrolled.playground.ziggurat import layers

WEB = Path(__file__).parents[2] / "code" / "unrolled" / "web"
MODULES = sorted(path.stem for path in (WEB / "engine").glob("*.js"))
CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru, "linear": linear}
TOLERANCE = 1e-12

# What stands in a page before each test's function: the modules, and how numbers travel.
PRELUDE = """
async ([names, text]) => {
  const m = {};
  for (const name of names) m[name] = await import(`/engine/${name}.js`);
  const floats = (key, value) => (value?.floats ? Float64Array.from(value.floats, Number) : value);
  const number = (x) => (Number.isFinite(x) ? x : String(x));
  const plain = (key, value) =>
    typeof value === "number"
      ? number(value)
      : value instanceof Float64Array ? Array.from(value, number) : value;
  const message = (call) => {
    try {
      call();
      return "no error";
    } catch (error) {
      return error.message;
    }
  };
  return JSON.stringify(JSON.parse(text, floats).map(RUN), plain);
}
"""


@pytest.fixture(scope="module")
def run(browser, web):
    """A function that runs JavaScript, `(case) => result`, on every case of a list."""
    page = browser.new_page()
    page.goto(f"{web}engine/")

    def in_page(function, cases):
        text = json.dumps(_pack(list(cases)))
        return json.loads(page.evaluate(PRELUDE.replace("RUN", function), [MODULES, text]))

    yield in_page
    page.close()


def _pack(value):
    """JSON in which an array of floats is marked; repr of a float gives back the same bits."""
    if isinstance(value, np.ndarray):
        flat = value.ravel().tolist()
        return {"floats": [x if np.isfinite(x) else _word(x) for x in flat]}
    if isinstance(value, dict):
        return {name: _pack(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_pack(part) for part in value]
    return value


def _word(x):
    return "NaN" if np.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def _floats(values):
    return np.array([float(x) for x in values])


def agree(name, pairs, tolerance=TOLERANCE):
    """Assert that JavaScript's arrays are NumPy's, each to the tolerance of its largest element."""
    worst, count = 0.0, 0
    for got, expected in pairs:
        expected = np.asarray(expected, float).ravel()
        got = _floats(got if isinstance(got, list) else [got])
        assert got.shape == expected.shape
        assert np.isfinite(got).all()
        scale = max(np.abs(expected).max(), np.finfo(float).tiny)
        worst, count = max(worst, np.abs(got - expected).max() / scale), count + 1
    print(f"{name}: {worst:.1e} over {count} arrays")
    assert count
    assert worst <= tolerance, name


def together(got, expected):
    """Pairs of the arrays of two dictionaries, or two tuples, of one structure."""
    if isinstance(expected, dict):
        assert got.keys() == expected.keys()
        return [(got[name], expected[name]) for name in expected]
    assert len(got) == len(expected)
    return list(zip(got, expected, strict=True))


def draw_params(cell, D, H, rng, K=None):
    """Weights as the package draws them, and biases that are not zero."""
    params = cell.init_params(D, H, rng=rng)
    if K is not None:
        params |= dense.init_params(H, K, rng=rng)
    for name, value in params.items():
        if name.startswith("b_"):
            value += 0.5 * rng.standard_normal(value.shape)
    return params


def draw_sequences(cell, rng, N, T, D, H):
    """Everything that a forward and a backward pass take, by name."""
    parts = len(cell.STATE)
    given, wanted = rng.integers(2, size=2)
    return {
        "dims": {"N": N, "T": T, "D": D, "H": H},
        "params": draw_params(cell, D, H, rng),
        "x": rng.standard_normal((N, T, D)),
        "dh": rng.standard_normal((N, T, H)),
        "state": tuple(rng.uniform(-1, 1, (parts, N, H))) if given else None,
        "dstate": tuple(rng.standard_normal((parts, N, H))) if wanted else None,
    }


SIZES = [(1, 1, 1, 1), (2, 40, 3, 1), (1, 60, 1, 17), (9, 25, 14, 33)]


def sizes(seed, count):
    """A generator, and shapes (N, T, D, H): drawn ones, ones at the edge, and larger ones."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(1, [6, 13, 7, 8], size=(count, 4)).tolist()
    return rng, SIZES + [tuple(shape) for shape in drawn]


# --------------------------------------------------------------------------- elementary functions

EXTREMES = [
    0.0, -0.0, 5e-324, -5e-324, 1e-300, 1.0, -1.0, 709.782712893384, 709.7827128933841, 710.0,
    -708.4, -745.1, -745.1332191019412, -745.14, -1e9, 1e9, 1.7976931348623157e308, 22.0, 22.1,
    0.625, 0.6250000000000001, 0.34657359027997264, np.inf, -np.inf, np.nan,
]  # fmt: skip


def units_apart(a, b):
    """Distance in units in the last place; 0 where both are NaN or the same infinity."""
    # The bits of a double, read as a whole number, count the doubles from zero on.
    ranks = [np.where(bits < 0, -(bits & (2**63 - 1)), bits) for bits in _bits(a, b)]
    return np.where(np.isnan(a) & np.isnan(b), 0, np.abs(ranks[0] - ranks[1]))


def _bits(*arrays):
    return [np.ascontiguousarray(a).view(np.int64) for a in arrays]


def test_functions_are_right_to_two_units_in_the_last_place(run):
    rng = np.random.default_rng(1)
    spread = rng.choice([-1, 1], 8_000) * 10 ** rng.uniform(-20, 3, 8_000)
    x = np.concatenate([rng.uniform(-746, 710, 5_000), rng.uniform(-3, 3, 6_000), spread])
    x = np.concatenate([x, 10 ** rng.uniform(-323, 308, 1_000), EXTREMES])
    assert len(x) > 20_000
    function = "({ x }) => ['exp', 'tanh', 'log'].map((name) => x.map(m.functions[name]))"
    (results,) = run(function, [{"x": x}])
    for function, got in zip((np.exp, np.tanh, np.log), results, strict=True):
        with np.errstate(all="ignore"):
            expected = function(x.astype(np.longdouble)).astype(float)  # more digits, where it can
        apart = units_apart(_floats(got), expected)
        print(f"{function.__name__}: {apart.max()} units in the last place")
        assert apart.max() <= 2, x[apart.argmax()]


def test_sigmoid_and_powers(run):
    a = np.concatenate([np.linspace(-50, 50, 501), [-800, 800]])
    powers = [[base, n] for base in (0.9, 0.999, 0.0) for n in (0, 1, 2, 7, 50, 1000)]
    (got,) = run(
        """({ a, powers }) => {
          const { sigmoid, power } = m.functions;
          return [a.map(sigmoid), powers.map(([base, n]) => power(base, n))];
        }""",
        [{"a": a, "powers": powers}],
    )
    agree("sigmoid", [(got[0], activations.sigmoid(a))])
    agree("powers", [(p, [base**n]) for p, (base, n) in zip(got[1], powers, strict=True)])


def test_tanh_keeps_the_sign_of_zero(run):
    assert run("(x) => Object.is(m.functions.tanh(-x), -0)", [0]) == [True]


def test_sines(run):
    rng = np.random.default_rng(14)
    x = np.concatenate([rng.uniform(-4, 4, 5_000), rng.uniform(-1e3, 1e3, 5_000), [0.0, -0.0]])
    (got,) = run("({ x }) => x.map(m.functions.sin)", [{"x": x}])
    apart = units_apart(_floats(got), np.sin(x.astype(np.longdouble)).astype(float))
    print(f"sin: {apart.max()} units in the last place")
    assert apart.max() <= 2, x[apart.argmax()]


# ------------------------------------------------------------- random numbers, starts of weights

SEEDS = [[0, 0], [1, 3], [2**32 - 1, 1], [7, 2], [123_456_789, 4], [5], [1, 2, 3, 4]]


def test_streams_are_those_of_numpy_bit_for_bit(run):
    cases = [{"seed": seed, "layers": np.array(layers())} for seed in SEEDS]
    results = run(
        """({ seed, layers }) => {
          const s = new m.streams.Stream(seed, layers);
          const whole = [[0, 2], [0, 26], [5, 2 ** 31], [-3, 2 ** 32 - 4], [3, 4]];
          return [
            s.normals(10_000),
            s.randoms(10_001),
            ...whole.map((limits) => Array.from({ length: 9_999 }, () => s.integer(...limits))),
            [...s.integers(0, 3, 10)],
            s.normals(10),
          ];
        }""",
        cases,
    )
    beyond = 0
    for seed, (normals, randoms, *whole, few, last) in zip(SEEDS, results, strict=True):
        rng = np.random.default_rng(seed)
        expected = rng.standard_normal(10_000)
        # The tail takes a logarithm, which may differ in its last bit.
        tail = np.abs(expected) > 3.654
        beyond += tail.sum()
        assert (units_apart(_floats(normals), expected) <= tail).all()
        assert randoms == rng.random(10_001).tolist()
        ranges = [(0, 2), (0, 26), (5, 2**31), (-3, 2**32 - 4), (3, 4)]
        for found, (low, high) in zip(whole, ranges, strict=True):
            assert found == rng.integers(low, high, 9_999).tolist()
        assert few == rng.integers(0, 3, 10).tolist()
        assert last == rng.standard_normal(10).tolist()
    assert beyond


STARTS = ("orthogonal", "identity")


def test_starts(run):
    cases = [
        {"name": name, "H": H, "gain": gain, "seed": [seed, 0], "layers": np.array(layers())}
        for name in STARTS
        for H, gain, seed in [(1, 1.0, 0), (2, 0.5, 1), (3, 1.0, 6), (16, 1.2, 2), (32, 1.0, 3)]
        + [(32, 0.9, seed) for seed in range(10)] + [(64, 1.0, 5)]
    ]  # fmt: skip
    results = run(
        """({ name, H, gain, seed, layers }) =>
          m.initializers[name](H, new m.streams.Stream(seed, layers), gain)""",
        cases,
    )
    for name in STARTS:
        pairs = [
            (got, getattr(initializers, name)(case["H"], gain=case["gain"], rng=_rng(case)))
            for case, got in zip(cases, results, strict=True)
            if case["name"] == name
        ]
        agree(name, pairs, 1e-13)  # rounding times the condition of a normal matrix


def _rng(case):
    return np.random.default_rng(case["seed"])


@pytest.mark.parametrize("kind", CELLS)
def test_parameters_are_drawn_bit_for_bit(run, kind):
    function = """({ kind, dims, seed, layers }) => {
      const stream = new m.streams.Stream(seed, layers);
      const cell = m.initializers.parameters(m[kind].shapes(dims), stream);
      return { ...cell, ...m.initializers.parameters(m.dense.shapes(dims), stream) };
    }"""
    dims = {"D": 3, "H": 21, "K": 2}
    case = {"kind": kind, "dims": dims, "seed": [4, 0], "layers": np.array(layers())}
    (got,) = run(function, [case])
    rng = _rng(case)
    expected = CELLS[kind].init_params(3, 21, rng=rng) | dense.init_params(21, 2, rng=rng)
    assert list(got) == list(expected)
    for name, values in expected.items():
        if name != "b_f":  # its start is the forget bias
            assert _floats(got[name]).tolist() == values.ravel().tolist()


# -------------------------------------------------------------------------------- the four cells


@pytest.mark.parametrize("kind", CELLS)
def test_cell(run, kind):
    cell = CELLS[kind]
    rng, shapes = sizes(2, 80)
    cases = [{"kind": kind} | draw_sequences(cell, rng, *shape) for shape in shapes]
    results = run(
        """({ kind, dims, params, x, dh, state, dstate }) => {
          const { h, tape } = m[kind].forward(x, params, dims, state);
          const { dx, dstate: before, grads } = m[kind].backward(dh, tape, params, dstate);
          const gates = tape.gate ? [...(kind === "gru" ? "rzn" : "ifgo")].map(tape.gate) : [];
          const shapes = m[kind].shapes(dims);
          return { h, state: tape.state, gates, dx, dstate: before, grads, shapes };
        }""",
        cases,
    )
    forward, backward = [], []
    for case, got in zip(cases, results, strict=True):
        params = case["params"]
        h, tape = cell.forward(case["x"], params, case["state"])
        dx, dstate, grads = cell.backward(case["dh"], tape, params, case["dstate"])
        gates = [tape.gate(g) for g in {"gru": "rzn", "lstm": "ifgo"}.get(kind, "")]
        forward += [(got["h"], h), *together(got["state"], tape.state)]
        forward += together(got["gates"], gates)
        backward += [(got["dx"], dx), *together(got["dstate"], dstate)]
        backward += together(got["grads"], grads)
        assert got["shapes"] == {key: list(value.shape) for key, value in params.items()}
    agree(f"{kind} forward", forward)
    agree(f"{kind} backward", backward)


@pytest.mark.parametrize("kind", CELLS)
def test_truncated_backward(run, kind):
    cell = CELLS[kind]
    rng, shapes = sizes(3, 60)
    cases, beyond = [], 0
    for shape in shapes:
        case = draw_sequences(cell, rng, *shape)
        k2 = int(rng.integers(1, shape[1] + 3))
        cases.append({"kind": kind, "k1": int(rng.integers(1, k2 + 1)), "k2": k2} | case)
        beyond += k2 >= shape[1]
    assert 0 < beyond < len(cases)
    results = run(
        """({ kind, dims, params, x, dh, state, k1, k2 }) => {
          const { tape } = m[kind].forward(x, params, dims, state);
          return m.bptt.truncatedBackward(dh, tape, params, { cell: m[kind], k1, k2 });
        }""",
        cases,
    )
    pairs = []
    for case, got in zip(cases, results, strict=True):
        _, tape = cell.forward(case["x"], case["params"], case["state"])
        dx, dstate, grads = truncated_backward(
            case["dh"], tape, case["params"], cell=cell, k1=case["k1"], k2=case["k2"]
        )
        pairs += [(got["dx"], dx), *together(got["dstate"], dstate), *together(got["grads"], grads)]
    agree(f"{kind} truncated", pairs)


def test_a_carried_state_goes_on_where_the_block_ended(run):
    rng = np.random.default_rng(4)
    cases = [{"kind": kind} | draw_sequences(CELLS[kind], rng, 3, 7, 2, 5) for kind in CELLS]
    results = run(
        """({ kind, dims, params, x }) => {
          const cell = m[kind];
          const steps = (from, to) =>
            Float64Array.from([0, 1, 2].flatMap((n) =>
              Array.from(x.subarray((n * 7 + from) * 2, (n * 7 + to) * 2))));
          const first = cell.forward(steps(0, 4), params, { ...dims, T: 4 });
          const last = cell.forward(steps(4, 7), params, { ...dims, T: 3 }, first.tape.state);
          return last.tape.state;
        }""",
        cases,
    )
    for case, got in zip(cases, results, strict=True):
        _, tape = CELLS[case["kind"]].forward(case["x"], case["params"])
        agree("carried state", together(got, tape.state))


# ---------------------------------------------------------------- readout, losses, learning rules


def test_readout_and_losses(run):
    rng, shapes = sizes(5, 40)
    cases = [
        {
            "dims": {"N": N, "T": T, "H": H, "K": K},
            "params": draw_params(rnn, 1, H, rng, K),
            "h": rng.standard_normal((N, T, H)),
            "classes": rng.integers(K, size=(N, T)).ravel().tolist(),
            "values": rng.standard_normal((N, T, K)),
            "scale": float(10 ** rng.uniform(-3, 2.5)),
        }
        for N, T, K, H in shapes
    ]
    results = run(
        """({ dims, params, h, classes, values, scale }) => {
          const raw = m.dense.forward(h, params, dims);
          const logits = raw.map((logit) => scale * logit);
          const cross = m.losses.crossEntropy(logits, classes, dims.K);
          const squared = m.losses.meanSquaredError(logits, values, dims.K);
          const { dh, grads } = m.dense.backward(squared.dlogits, h, params, dims);
          return { raw, p: m.losses.softmax(logits, dims.K), cross, squared, dh, grads };
        }""",
        cases,
    )
    readout, outcomes = [], []
    for case, got in zip(cases, results, strict=True):
        h, values = case["h"], case["values"]
        raw = dense.forward(h, case["params"])
        logits = case["scale"] * raw
        classes = np.reshape(case["classes"], h.shape[:2])
        squared, dlogits = losses.mean_squared_error(logits, values)
        dh, grads = dense.backward(dlogits, h, case["params"])
        readout += [(got["raw"], raw), (got["dh"], dh), *together(got["grads"], grads)]
        cross, dcross = losses.cross_entropy(logits, classes)
        outcomes += [
            (got["p"], losses.softmax(logits)),
            # A loss near zero is a difference of logits, and as exact as they are.
            ([got["cross"]["value"], 1.0, case["scale"]], [cross, 1.0, case["scale"]]),
            (got["cross"]["dlogits"], dcross),
            (got["squared"]["value"], squared),
            (got["squared"]["dlogits"], dlogits),
        ]
    agree("readout", readout)
    agree("losses", outcomes)


def test_clipping(run):
    rng, shapes = sizes(6, 40)
    cases = [
        {"grads": draw_params(CELLS[name], D, H, rng), "limit": float(10 ** rng.uniform(-1, 2))}
        for (_, _, D, H), name in zip(shapes, list(CELLS) * len(shapes), strict=False)
    ]
    results = run(
        """({ grads, limit }) => {
          const clipped = m.optimizers.clipByGlobalNorm(grads, limit);
          return { ...clipped, same: clipped.grads === grads };
        }""",
        cases,
    )
    pairs, untouched = [], 0
    for case, got in zip(cases, results, strict=True):
        grads, norm = optimizers.clip_by_global_norm(case["grads"], case["limit"])
        pairs += [(got["norm"], norm), *together(got["grads"], grads)]
        assert got["same"] == (grads is case["grads"])
        untouched += got["same"]
    assert 0 < untouched < len(cases)
    agree("clipping", pairs)


RULES = {
    "sgd": lambda: optimizers.SGD(0.3),
    "momentum": lambda: optimizers.Momentum(0.1, 0.8),
    "adam": lambda: optimizers.Adam(0.02),
}


def test_fifty_updates(run):
    rng = np.random.default_rng(7)
    cases = [
        {
            "kind": kind,
            "rule": rule,
            "loss": loss,
            "truncated": truncated,
            "limit": limit,
            "dims": {"N": 6, "T": 12, "D": 2, "H": 9, "K": 3},
            "params": draw_params(CELLS[kind], 2, 9, rng, 3),
            "x": rng.standard_normal((5, 6, 12, 2)),
            "classes": rng.integers(3, size=(5, 6 * 12)).tolist(),
            "values": rng.standard_normal((5, 6, 12, 3)),
        }
        for kind in CELLS
        for rule in RULES
        for loss, truncated, limit in (
            ("crossEntropy", {}, None),
            ("crossEntropy", {}, 0.25),
            ("meanSquaredError", {"k1": 3, "k2": 5}, 0.5),
        )
    ]
    results = run(
        """({ kind, rule, loss, truncated, limit, dims, params, x, classes, values }) => {
          const { sgd, momentum, adam } = m.optimizers;
          const optimizer = { sgd: sgd(0.3), momentum: momentum(0.1, 0.8), adam: adam(0.02) }[rule];
          const curve = [];
          const norms = [];
          const settings = { cell: m[kind], loss: m.losses[loss], dims, ...truncated };
          let state;
          for (let i = 0; i < 50; i++) {
            const size = x.length / 5;
            const now = x.subarray((i % 5) * size, (i % 5 + 1) * size);
            const wanted = values.subarray((i % 5) * 216, (i % 5 + 1) * 216);
            const targets = loss === "crossEntropy" ? classes[i % 5] : wanted;
            const step = m.training.lossAndGradients(now, targets, params, { ...settings, state });
            state = step.state;
            norms.push(m.training.update(params, step.grads, optimizer, limit));
            curve.push(step.value);
          }
          return { curve, norms, params };
        }""",
        cases,
    )
    curves, ends, clipped = [], [], 0
    for case, got in zip(cases, results, strict=True):
        curve, norms = _train(case)
        curves += [([a], [b]) for a, b in zip(got["curve"], curve, strict=True)]
        ends += together(got["params"], case["params"])
        if case["limit"]:
            ends += [(got["norms"], norms)]
            clipped += sum(norm > case["limit"] for norm in norms)
        else:
            assert got["norms"] == [None] * 50
    assert clipped
    agree("50 losses", curves, 1e-9)
    agree("parameters after 50 updates", ends, 1e-9)


def _train(case):
    """The losses and gradient norms of fifty updates; the parameters change in place."""
    cell, params, optimizer = CELLS[case["kind"]], case["params"], RULES[case["rule"]]()
    state, curve, norms = None, [], []
    for i in range(50):
        h, tape = cell.forward(case["x"][i % 5], params, state)
        logits = dense.forward(h, params)
        if case["loss"] == "crossEntropy":
            targets = np.reshape(case["classes"][i % 5], (6, 12))
            value, dlogits = losses.cross_entropy(logits, targets)
        else:
            value, dlogits = losses.mean_squared_error(logits, case["values"][i % 5])
        dh, readout = dense.backward(dlogits, h, params)
        if case["truncated"]:
            *_, grads = truncated_backward(dh, tape, params, cell=cell, **case["truncated"])
        else:
            *_, grads = cell.backward(dh, tape, params)
        grads, state = grads | readout, tape.state
        if case["limit"]:
            grads, norm = optimizers.clip_by_global_norm(grads, case["limit"])
            norms.append(norm)
        optimizer.update(params, grads)
        curve.append(value)
    return curve, norms


# ------------------------------------------------------------------- linear algebra and analysis


def test_singular_values(run):
    rng = np.random.default_rng(8)
    matrices = [rng.standard_normal(shape) for shape in rng.integers(1, 20, (40, 2))]
    matrices += [np.zeros((3, 4)), np.ones((5, 5)), np.eye(6), 1e-200 * matrices[0]]
    # Small and large singular values together, as in a product of Jacobians.
    matrices += [np.linalg.matrix_power(0.4 * rng.standard_normal((16, 16)), n) for n in (5, 20)]
    matrices += [rng.standard_normal((40, 40))]
    cases = [{"a": a, "rows": a.shape[0], "cols": a.shape[1]} for a in matrices]
    results = run("({ a, rows, cols }) => m.linear_algebra.singularValues(a, rows, cols)", cases)
    expected = (np.linalg.svd(a, compute_uv=False) for a in matrices)
    agree("singular values", zip(results, expected, strict=True))


def test_lengths_and_angles(run):
    rng = np.random.default_rng(9)
    cases = [{"a": rng.standard_normal(n), "b": rng.standard_normal(n)} for n in (1, 2, 50)]
    cases.append({"a": np.zeros(3), "b": np.ones(3)})
    function = "({ a, b }) => [m.linear_algebra.norm(a), m.linear_algebra.cosine(a, b)]"
    *results, last = run(function, cases)
    assert last == [0, "NaN"]
    for case, got in zip(cases, results, strict=False):
        expected = [np.linalg.norm(case["a"]), truncation.cosine(case["a"], case["b"])]
        agree("length and cosine", [(got, expected)])


def test_eigenvalues(run):
    rng = np.random.default_rng(15)
    matrices = [rng.standard_normal((n, n)) for n in (1, 2, 3, 4, 5, 8, 16, 32, 64)]
    matrices += [initializers.orthogonal(32, rng=rng), np.roll(np.eye(12), 1, 0)]
    matrices += [np.eye(7), np.zeros((4, 4)), np.diag([1.0, 2, 3]), 1e-200 * matrices[4]]
    graded = 10.0 ** -np.arange(0, 320, 10)  # as of weights that blow up
    matrices += [graded[:, None] * matrices[7], matrices[7] * graded]
    matrices += [np.triu(matrices[5]), np.roll(np.eye(3), 1, 0), np.eye(32) + 0.01 * matrices[7]]
    defective = [initializers.non_normal(16), np.array([[0.0, 1], [0, 0]])]
    cases = [{"a": a, "n": len(a)} for a in matrices + defective]
    results = run("({ a, n }) => m.eigenvalues.eigenvalues(a, n)", cases)
    worst = []
    for case, got in zip(cases, results, strict=True):
        found = _floats(got["re"]) + 1j * _floats(got["im"])
        left, apart = list(np.linalg.eigvals(case["a"])), []
        for value in found:
            nearest = left.pop(np.abs(np.subtract(left, value)).argmin())
            apart.append(abs(value - nearest))
        worst.append(max(apart) / max(np.abs(case["a"]).max(), np.finfo(float).tiny))
    print(f"eigenvalues: {max(worst[: len(matrices)]):.1e}, defective {max(worst):.1e}")
    assert max(worst[: len(matrices)]) <= TOLERANCE
    assert max(worst) <= 1e-7  # the square root of rounding


def test_symmetric_eigenvalues_and_vectors(run):
    rng = np.random.default_rng(10)
    squares = [rng.standard_normal((n, n)) for n in (1, 2, 3, 8, 30)]
    matrices = [a + a.T for a in squares] + [np.eye(4), np.zeros((3, 3)), np.ones((6, 6))]
    cases = [{"a": a, "n": len(a)} for a in matrices]
    results = run("({ a, n }) => m.linear_algebra.symmetricEigen(a, n)", cases)
    values, again, lengths = [], [], []
    for a, got in zip(matrices, results, strict=True):
        eigenvalues, V = _floats(got["values"]), _floats(got["vectors"]).reshape(a.shape)
        values.append((got["values"], np.linalg.eigvalsh(a)[::-1]))
        again.append((((V * eigenvalues) @ V.T).ravel().tolist(), a))
        lengths.append(((V.T @ V).ravel().tolist(), np.eye(len(a))))
    agree("eigenvalues", values)
    agree("V diag(values) V^T", again)
    agree("V^T V", lengths)


def test_principal_components(run):
    rng = np.random.default_rng(11)
    states = []
    for n, H, count in [(2, 1, 1), (3, 2, 2), (7, 9, 3), (200, 8, 2), (500, 24, 5), (30, 30, 4)]:
        rotation, _ = np.linalg.qr(rng.standard_normal((H, H)))
        spread = rng.standard_normal((n, H)) * 0.6 ** np.arange(H)
        states.append((spread @ rotation + rng.standard_normal(H), count))
    h, _ = rnn.forward(rng.standard_normal((8, 40, 2)), draw_params(rnn, 2, 16, rng))
    states.append((h.reshape(-1, 16), 2))
    cases = [{"states": s, "n": s.shape[0], "H": s.shape[1], "count": count} for s, count in states]
    results = run(
        "({ states, n, H, count }) => m.linear_algebra.principalComponents(states, n, H, count)",
        cases,
    )
    pairs = []
    for (s, count), got in zip(states, results, strict=True):
        mean, components = dynamics.principal_components(s, count)
        variances = ((s - mean) @ components).var(axis=0)
        pairs += [(got["mean"], mean), (got["components"], components)]
        pairs += [(got["variances"], variances)]
    agree("principal components", pairs)


def test_gradient_flow(run):
    rng, shapes = sizes(12, 30)
    cases = [draw_sequences(rnn, rng, *shape) for shape in shapes]
    for case in cases:
        case |= {"dh_T": case["dh"][:, -1].copy(), "sequence": case["dims"]["N"] - 1}
    results = run(
        """({ dims, params, x, state, dh_T, sequence }) => {
          const { tape } = m.rnn.forward(x, params, dims, state);
          const { backwardNorms, jacobians, jacobianProduct } = m.gradient_flow;
          return [
            backwardNorms(tape, params, dh_T),
            jacobians(tape, params, sequence),
            jacobianProduct(tape, params, sequence),
          ];
        }""",
        cases,
    )
    pairs = []
    for case, got in zip(cases, results, strict=True):
        _, tape = rnn.forward(case["x"], case["params"], case["state"])
        params, sequence = case["params"], case["sequence"]
        expected = (
            gradient_flow.backward_norms(tape, params, case["dh_T"]),
            gradient_flow.jacobians(tape, params, sequence),
            gradient_flow.jacobian_product(tape, params, sequence),
        )
        pairs += together(got, expected)
    agree("gradient flow", pairs)


def test_truncation_by_lag(run):
    rng, shapes = sizes(13, 40)
    cases = []
    for shape in shapes:
        k2 = int(rng.integers(1, shape[1] + 3))
        lengths = [[1, k2], [k2, k2], [int(rng.integers(1, k2 + 1)), k2]]
        cases.append({"lengths": lengths} | draw_sequences(rnn, rng, *shape))
    results = run(
        """({ dims, params, x, dh, state, lengths }) => {
          const { tape } = m.rnn.forward(x, params, dims, state);
          const reaches = lengths.map(([k1, k2]) => m.truncation.reach(dims.T, k1, k2));
          const sums = m.truncation.byLag(dh, tape, params, reaches);
          return { reaches: reaches.map((steps) => [...steps]), sums };
        }""",
        cases,
    )
    whole, rows = [], []
    for case, got in zip(cases, results, strict=True):
        T = case["dims"]["T"]
        _, tape = rnn.forward(case["x"], case["params"], case["state"])
        pairs = truncation.pair_gradients(case["dh"], tape, case["params"])
        keeps = [None] + [truncation.kept(T, k1, k2) for k1, k2 in case["lengths"]]
        expected = [truncation.by_lag(pairs, keep) for keep in keeps]
        whole += together(got["sums"], expected)
        for got_sum, expected_sum in zip(got["sums"], expected, strict=True):
            by_row = _floats(got_sum).reshape(T, -1).tolist()
            rows += together(by_row, list(expected_sum))
        assert got["reaches"] == [truncation.reach(T, *ks).tolist() for ks in case["lengths"]]
    agree("truncation by lag", whole)
    agree("truncation, each lag by its own size", rows, 1e-11)


# ------------------------------------------------------------------------------ errors, as words

MISTAKES = {
    "new m.streams.Stream([-1])": "a seed is at most four whole numbers from 0 to 2^32 - 1; got -1",
    "new m.streams.Stream([0]).integer(2, 2)": (
        "integer needs whole numbers low < high; got 2 and 2"
    ),
    "m.eigenvalues.eigenvalues(x.slice(3).fill(NaN), 3)": "a must be finite; got NaN or infinity",
    "m.rnn.forward(x, params, { ...dims, T: 0 })": "whole numbers of at least 1; got T=0",
    "m.rnn.forward(x, params)": "dims must give N, T, D, H as whole numbers",
    "m.rnn.forward(x.subarray(1), params, dims)": (
        "x must be a Float64Array of shape (N, T, D) = (2, 3, 2), 12 numbers; got 11"
    ),
    "m.rnn.forward([...x], params, dims)": "12 numbers; got Array of 12",
    "m.rnn.forward(x, { W_xh: params.W_xh }, dims)": "params has no W_hh; it has W_xh",
    "m.rnn.forward(x, params, { ...dims, H: 5 })": "W_xh must be a Float64Array of shape",
    "m.rnn.forward(x, params, dims, dh)": "the initial state must be a list of 1 array(s), h; got",
    "m.lstm.forward(x, params, dims)": "params has no W_xi; it has W_hh, W_xh, b_h",
    "m.rnn.forward(x.map((v, i) => (i === 3 ? NaN : v)), params, dims)": (
        "x holds NaN at place 3 of 12"
    ),
    "m.rnn.backward(dh.subarray(2), tape, params)": "dh must be a Float64Array of shape (N, T, H)",
    "m.rnn.backward(dh, tape, params, [dh])": "h of dstate must be a Float64Array of shape (N, H)",
    "cut({ cell: m.rnn, k1: 3, k2: 2 })": "truncated BPTT needs 1 <= k1 <= k2",
    "cut({ cell: m.rnn, k1: 1.5, k2: 2 })": "got k1=1.5, k2=2",
    "m.bptt.truncatedBackward(dh.subarray(8), tape, params, { cell: m.rnn, k1: 1, k2: 1 })": (
        "dh has 2 steps but the tape has 3"
    ),
    "m.bptt.truncatedBackward(dh, {}, params, { cell: m.rnn, k1: 1, k2: 1 })": (
        "this cell cannot be truncated: its tape has no window"
    ),
    "m.dense.forward(dh, { ...params, W_hy: x, b_y: x.slice(9) }, { H: 4, K: 3 })": "no error",
    "m.dense.forward(dh.subarray(1), { ...params, W_hy: x, b_y: x.slice(9) }, { H: 4, K: 3 })": (
        "h must be a Float64Array of shape (rows, H) = (6, 4), 24 numbers; got 23"
    ),
    "m.losses.crossEntropy(x, [0, 1, 2, 3], 3)": (
        "targets must be whole numbers in 0..2; got 3 at place 3"
    ),
    "m.losses.crossEntropy(x, [], 3)": "there are no targets",
    "m.losses.meanSquaredError(x, dh)": "targets must be a Float64Array of shape (predictions)",
    "m.optimizers.sgd(0)": "lr must be positive; got 0",
    "m.optimizers.momentum(1, 1)": "momentum must lie in [0, 1); got 1",
    "m.optimizers.sgd(1).update(params, { W: x })": "there is no parameter W; params has W_hh",
    "m.optimizers.sgd(1).update(params, { W_hh: x })": (
        "the gradient of W_hh has 12 numbers, the parameter 16"
    ),
    "m.optimizers.clipByGlobalNorm({ x, bad: x.map(() => NaN) }, 1)": (
        "the gradient of bad is NaN or infinite"
    ),
    "m.linear_algebra.principalComponents(x, 6, 2, 3)": "3 components need as many states",
    "m.linear_algebra.singularValues(x, 5, 2)": "a must be a Float64Array of shape (rows, cols)",
    "m.linear_algebra.cosine(x, dh)": "dot needs two vectors of one length; got 12 and 24",
    "m.gradient_flow.jacobians(tape, params, 2)": "sequence must lie in 0..1; got 2",
    "m.truncation.reach(3, 2, 1)": "truncated BPTT needs 1 <= k1 <= k2",
    "m.truncation.byLag(dh, tape, params, [[1]])": "one number for each of T = 3 steps; got 1",
}


def test_mistakes_are_named(run):
    rng = np.random.default_rng(14)
    case = draw_sequences(rnn, rng, 2, 3, 2, 4)
    calls = ", ".join(f"() => {call}" for call in MISTAKES)
    (messages,) = run(
        f"""({{ dims, params, x, dh }}) => {{
          const {{ tape }} = m.rnn.forward(x, params, dims);
          const cut = (how) => m.bptt.truncatedBackward(dh, tape, params, how);
          return [{calls}].map(message);
        }}""",
        [case],
    )
    for call, got, expected in zip(MISTAKES, messages, MISTAKES.values(), strict=True):
        assert expected in got, call
