"""A setting and its address: round trips, limits, and whatever else an address may hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unrolled import playground
from unrolled.playground.settings import KEYS, WHOLE, keys_of, limits


def values(task, key):
    """A strategy for all allowed values of a key."""
    allowed = limits(task, key)
    if key == "text":
        letters = st.characters(exclude_categories=["Cs"])
        return st.text(letters, min_size=2, max_size=200).filter(lambda text: len(set(text)) > 1)
    if isinstance(allowed[0], str):
        return st.sampled_from(allowed)
    return (st.integers if key in WHOLE else st.floats)(*allowed)


@st.composite
def some_settings(draw):
    """Any setting that is allowed."""
    task = draw(st.sampled_from(sorted(playground.TASKS)))
    setting = {"task": task}
    setting |= {key: draw(values(task, key)) for key in keys_of(task)[1:]}
    if setting["k2"]:
        setting["k1"] = min(setting["k1"], setting["k2"])
    return setting


@settings(deadline=None)
@given(some_settings())
def test_an_address_gives_back_its_setting(setting):
    assert playground.complete(setting) == setting
    assert playground.parse(playground.hash_of(setting)) == setting
    assert playground.parse("#" + playground.hash_of(setting)) == setting


@settings(deadline=None)
@given(some_settings())
def test_an_address_names_the_task_and_then_in_order_what_is_not_usual(setting):
    keys = [part.partition("=")[0] for part in playground.hash_of(setting).split("&")]
    usual = playground.defaults(setting["task"])
    assert keys == ["task", *(k for k in KEYS[1:] if k in setting and setting[k] != usual[k])]


def test_addresses_as_they_are_written():
    assert playground.hash_of({"task": "echo", "lag": 10, "k2": 8}) == "task=echo&lag=10&k2=8"
    assert playground.hash_of(playground.defaults("adding")) == "task=adding"
    assert playground.hash_of({"task": "text", "text": "a & b=ü", "lr": 1.0}) == (
        "task=text&text=a+%26+b%3D%C3%BC&lr=1"
    )
    assert playground.parse("") == playground.parse("#") == playground.defaults("echo")


@settings(deadline=None)
@given(
    st.sampled_from([*KEYS, "T", "nonsense"]),
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "nan",
                "inf",
                "-1",
                "1e999",
                "1_0",
                "０",
                " 5",
                "0x10",
                "5.0",
                "<script>",
                "%ff",
                "9" * 99,
            ]
        ),
    ),
)
def test_an_address_is_allowed_or_refused_with_a_reason_and_never_fails_otherwise(key, value):
    address = f"task=text&{key}={value}"
    try:
        setting = playground.parse(address)
    except ValueError:
        return
    assert playground.complete(setting) == setting
    for name, found in setting.items():
        low_high = None if name in ("task", "text") else limits(setting["task"], name)
        if low_high and not isinstance(low_high[0], str):
            assert low_high[0] <= found <= low_high[1]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("task=chess", r"^task must be one of echo, one-bit, .*; got 'chess'$"),
        ("task=echo&waves=2", r"^echo has no setting 'waves'; it has task, lag, cell"),
        ("task=echo&lag=27", r"^lag must be a whole number from 1 to 26; got '27'$"),
        ("task=echo&lag=2.5", r"^lag must be a whole number from 1 to 26; got '2.5'$"),
        ("task=adding&lag=0", r"^lag must be a whole number from 1 to 75; got '0'$"),
        ("task=waves&waves=4", r"^waves must be a whole number from 2 to 3; got '4'$"),
        ("task=echo&lr=nan", r"^lr must be a number from 0.0001 to 10; got 'nan'$"),
        ("task=echo&lr=1e999", r"^lr must be a number from 0.0001 to 10; got '1e999'$"),
        ("task=echo&seed=4294967296", r"^seed must be a whole number from 0 to 4294967295; got"),
        ("task=echo&cell=RNN", r"^cell must be one of rnn, lstm, gru, linear; got 'RNN'$"),
        ("task=echo&H=65", r"^H must be a whole number from 1 to 64; got '65'$"),
        ("task=parity&T=81", r"^T must be a whole number from 2 to 80; got '81'$"),
        ("task=parity&asked=never", r"^asked must be one of end, every; got 'never'$"),
        ("task=text&text=aaaa", r"^text must be 2 to 200 characters, .*; got 'aaaa'$"),
        ("task=text&text=" + "ab" * 101, r"^text must be 2 to 200 characters"),
        ("task=echo&k1=9&k2=8", r"^k1 must be at most k2, .*; got k1=9, k2=8$"),
        ("task=echo&H=5&H=6", r"^H must be there once; got '5' and '6'$"),
        ("task", r"^a setting is written as task=echo&lag=10; got 'task'$"),
        ("task=echo&&", r"^a setting is written as task=echo&lag=10; got"),
    ],
)
def test_what_is_not_allowed_is_named_with_what_was_expected_and_what_came(address, message):
    with pytest.raises(ValueError, match=message):
        playground.parse(address)


@pytest.mark.parametrize(
    "changes",
    [{"H": True}, {"H": 3.0}, {"H": None}, {"lr": True}, {"lr": float("nan")}, {"cell": 3},
     {"task": ["echo"]}, {"task": "text", "text": 7}, {"task": "text", "text": "a\ud800"}],
)  # fmt: skip
def test_a_dict_is_checked_as_an_address_is(changes):
    with pytest.raises(ValueError, match=r"must be .*; got"):
        playground.complete(changes)


def test_numbers_of_numpy_are_taken_and_kept_as_those_of_python():
    setting = playground.complete({"H": np.int64(7), "lr": np.float32(0.5), "seed": np.uint32(5)})
    assert (setting["H"], setting["lr"], setting["seed"]) == (7, 0.5, 5)
    assert {type(setting[key]) for key in ("H", "lr", "seed")} == {int, float}


@pytest.mark.parametrize("task", sorted(playground.TASKS))
def test_the_defaults_are_whole_allowed_and_in_order(task):
    usual = playground.defaults(task)
    assert list(usual) == [key for key in KEYS if key in usual]
    assert playground.complete(usual) == playground.complete({"task": task}) == usual


@pytest.mark.parametrize("task", sorted(playground.TASKS))
@pytest.mark.parametrize("end", [0, 1])
def test_no_sequence_is_longer_than_80_steps(task, end):
    own = {k: v for k, v in playground.TASKS[task].keys.items() if k in ("lag", "T")}
    setting = playground.complete({"task": task} | {key: span[end] for key, span in own.items()})
    x, targets = playground.batch(setting, 2, np.random.default_rng(0))
    assert x.shape[1] == playground.steps(setting) <= 80
    assert 1 <= targets.shape[1] <= x.shape[1]
