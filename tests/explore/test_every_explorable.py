"""What holds for every explorable, at every position of its controls."""

import base64
import itertools
import random
import re
from functools import cache

import numpy as np
import pytest
from unrolled import explore
from unrolled.explore import face
from unrolled.explore.sentences import FIELD
from unrolled.explore.templates import TEMPLATES
from unrolled.figures import theme

every = pytest.mark.parametrize("name", explore.NAMES)
# Where a curve may cover less than a third of its axis, and why.
NARROW = {
    ("Stretch", "The arrow, and what became of a circle", "xaxis"): "one scale for both",
    ("Stretch", "The arrow, and what became of a circle", "yaxis"): "one scale for both",
    ("HiddenStates", "Where the twelve words end, and the way of yours", "xaxis"): "one scale",
    ("HiddenStates", "Where the twelve words end, and the way of yours", "yaxis"): "one scale",
    ("FixedPoints", "Where the state can rest, and the way of your pushes", "xaxis"): "one scale",
    ("FixedPoints", "Where the state can rest, and the way of your pushes", "yaxis"): "one scale",
    ("Pieces", "Which letters find each other first", "yaxis"): "all 400 merges on one scale",
    ("TwoPasts", "One unit, two pasts", "yaxis"): "states are always drawn on [-1, 1]",
    ("LastLetter", "What it says at this letter", "yaxis"): "probabilities are drawn on [0, 1]",
    ("Alignment", "The letter at this step", "yaxis"): "probabilities are always drawn on [0, 1]",
    ("Bottleneck", "Which letters the state tells", "xaxis"): "it fits the map, not the line in it",
    ("BrokenBridge", "One unit before and after", "yaxis"): "states are always drawn on [-1, 1]",
    ("WordInfluence", "The verdict so far", "yaxis"): "readers are compared on one scale",
    ("ConfidentMistake", "The pull on every logit", "yaxis"): "that both losses are silent is seen",
    ("PaddingLab", "What is left of them", "yaxis"): "shares of a whole, from 0 to 1",
    ("Gap", "What it takes the gap for", "yaxis"): "probabilities are drawn on [0, 1]",
    ("Reach", "The marked output, input by input", "yaxis"): "stays while the output moves",
    ("Wavefront", "Times as fast as one device", "yaxis"): "a gain is seen from zero",
    ("Ring", "What the best readout can recall", "yaxis"): "shares, from 0 to 1",
    ("LagDial", "This network at this lag: three probes", "yaxis"): "shares, from 0 to 1",
    ("StraightLine", "Where it ends", "yaxis"): "cells are compared on one scale",
    ("KeepOrTurn", "One reader: its state after each bit", "yaxis"): "a state starts at 1",
    ("KeepOrTurn", "Readers that know whether the ones were odd", "yaxis"): "percent, from a coin",
}
LEAST = 4  # decades that an axis of logarithms may have around a curve that is level
MOST = 200  # positions that are visited, drawn at random where there are more


@cache
def opened(name):
    """An explorable as it opens. Tests only look at it."""
    return getattr(explore, name)()


def values_of(control):
    """Some values of a control: all that are listed, or a few of a span and some words."""
    if getattr(control, "letters", None):
        return [control.start, control.letters[0], control.letters[-1] * control.longest]
    low_high_step = getattr(control, "span", None)
    if low_high_step:
        low, high, step = low_high_step
        count = round((high - low) / step)
        return [round(low + step * k, 12) for k in sorted({0, count // 3, 2 * count // 3, count})]
    return list(control.values)


@cache
def answers(name):
    """[(values, answer)] over the grid, or over a sample of it; a warning is an error."""
    explorable = opened(name)
    grid = itertools.product(*map(values_of, explorable.controls))
    names = [control.name for control in explorable.controls]
    points = [dict(zip(names, point, strict=True)) for point in grid]
    if len(points) > MOST:
        points = random.Random(7).sample(points, MOST)
    return [(point, explorable.at(**point)) for point in points]


def panes(name):
    """The panes as the view has them."""
    return [face.pane(pane) for pane in opened(name).panes()]


def bound(pane):
    """The arrays that a pane draws."""
    if "columns" in pane:
        return {pane["sizes"]}
    if "passage" in pane:
        return {pane["values"]}
    if "clouds" in pane:
        return {pane["offsets"], pane["clouds"]}
    if "rows" in pane:
        drawn = [pane["length"], pane["cut"]]
        drawn += [row[part] for row in pane["rows"] for part in ("values", "strength", "under")]
        drawn += [a[part] for a in pane["arrows"] for part in ("strength", "label")]
        drawn += [key for _, key in [pane["drag"] or (None, None)]]
        if walk := pane["walk"]:
            drawn += [walk["values"], *(walk["reads"] or ())[:1]]
        return {key for key in drawn if key}
    filled = {key for trace in pane["data"] for key in trace.get("meta", {}).values()}
    return filled | {axis["key"] for axis in pane["ranges"].values()}


def words(template):
    """All texts in a template."""
    if isinstance(template, str):
        return [template]
    parts = template.values() if isinstance(template, dict) else template
    return [text for part in parts for text in words(part)]


def fields(template):
    """The names of all facts, and of other templates, that a template may ask for."""
    if isinstance(template, dict):
        ((fact, cases),) = template.items()
        return {fact}.union(*map(fields, cases.values()))
    if isinstance(template, str):
        return {name for name, _ in FIELD.findall(template)}
    return set().union(*map(fields, template))


@every
def test_what_is_computed_is_shown_and_what_is_shown_is_computed(name):
    explorable, (_, answer) = opened(name), answers(name)[0]
    around = {key for parts in (explorable.bands or {}).values() for key in parts}
    assert set().union(*map(bound, panes(name))) | around == set(answer.arrays)
    asked = fields([*TEMPLATES[name].values(), explorable.caption])
    letters = {r.get("letters") for p in panes(name) for r in p.get("rows", [])}
    letters |= {pane.get(fact) for pane in panes(name) for fact in ("words", "passage", "read")}
    labels = {fact for p in panes(name) for fact in p.get("labels", {}).values()}
    assert set(answer.facts) <= asked | letters | labels
    assert asked <= set(answer.facts) | set(explorable.values) | set(TEMPLATES[name])


@every
def test_keys_and_shapes_are_the_same_everywhere(name):
    first = answers(name)[0][1]
    for values, answer in answers(name):
        assert answer.facts.keys() == first.facts.keys(), values
        shapes = [{key: array.shape for key, array in a.arrays.items()} for a in (first, answer)]
        assert shapes[0] == shapes[1], values


@every
def test_every_sentence_is_one_without_numbers_that_are_none(name):
    said = {text for _, answer in answers(name) for text in answer.sentences.values()}
    for text in said:
        assert re.fullmatch(r"[A-Z“].*[.?!]”?", text, re.DOTALL), text
        words = r"\b(nan|inf|none|(?<!=)(True|False))\b"
        assert not re.search(words + r"|np\.|array|  |[{}]", text), text


@every
def test_every_control_has_a_say(name):
    """Somewhere, moving it alone changes what is drawn, and it has a label of its own."""
    explorable = opened(name)
    labels = [control.label for control in explorable.controls]
    assert len(set(labels)) == len(labels)
    for control in explorable.controls:
        texts = [p["passage"] for p in panes(name) if "passage" in p]
        seen = {fingerprint(explorable.at(**{control.name: v}), texts) for v in values_of(control)}
        marked = control.name in {m["control"] for p in panes(name) for m in p.get("marks", [])}
        framed = control.name in {p.get("now") for p in panes(name)}
        assert len(seen) > 1 or marked or framed, control.name


def fingerprint(answer, texts):
    drawn = [array.tobytes() for array in answer.arrays.values()]
    return (*drawn, *(answer.facts[text] for text in texts))


@every
def test_a_slider_is_for_numbers_and_no_choice_is_one(name):
    for control in opened(name).controls:
        if isinstance(control, explore.Number):
            numbers = [isinstance(v, int | float | np.number) for v in values_of(control)]
            assert all(numbers), control.name
            assert not any(isinstance(v, bool) for v in control.values), control.name
        if isinstance(control, explore.Choice):
            assert len(control.values) > 1, control.name


@every
def test_the_start_shows_something_in_every_trace(name):
    """Arrows, second numbers, labels, and traces that the legend leaves out, may be of another."""
    arrays = opened(name).arrays
    arrows = [arrow for pane in panes(name) for arrow in pane.get("arrows", [])]
    rows = [row for pane in panes(name) for row in pane.get("rows", [])]
    elsewhere = {arrow["strength"] for arrow in arrows} | {row["under"] for row in rows}
    traces = [trace for pane in panes(name) for trace in pane.get("data", [])]
    late = [t for t in traces if "text" in t or t.get("showlegend") is False]
    elsewhere |= {key for trace in late for key in trace.get("meta", {}).values()}
    for key in set().union(*map(bound, panes(name))):
        shown = [a.arrays[key] for _, a in answers(name)] if key in elsewhere else [arrays[key]]
        assert any(np.isfinite(array).any() for array in shown), key


@every
def test_axes_fit_what_is_shown_at_every_position(name):
    """The curves of a pane cover at least a third of an axis that has a range of its own."""
    for pane in panes(name):
        for letter in "xy":
            axis = f"{letter}axis"
            fixed = pane.get("layout", {}).get(axis, {}).get("range")
            moving = pane.get("ranges", {}).get(axis)
            if (fixed is None and moving is None) or (name, pane["title"], axis) in NARROW:
                continue
            for values, answer in answers(name):
                low, high = sorted(answer.arrays[moving["key"]] if moving else fixed)
                drawn = np.concatenate([*seen(pane, letter, answer)] or [np.array([low, high])])
                drawn = np.clip(drawn[np.isfinite(drawn)], low, high)
                if drawn.size > 1:
                    level = moving and moving["decades"] and high - low <= LEAST
                    share = 1 if level else np.ptp(drawn) / (high - low)
                    assert share > 1 / 3, f"{axis} of “{pane['title']}” at {values}: {share:.2f}"


def seen(pane, letter, answer):
    """Where the traces of a pane lie along an axis."""
    for trace in pane["data"]:
        values = answer.arrays.get(trace.get("meta", {}).get(letter), trace.get(letter))
        if isinstance(values, dict):  # as Plotly sends arrays
            values = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
        if values is not None and len(values) and not isinstance(np.ravel(values)[0], str):
            values = np.ravel(np.asarray(values, float))
            if trace["type"] == "bar" and (trace.get("orientation") == "h") == (letter == "x"):
                base = answer.arrays.get(trace.get("meta", {}).get("base"), trace.get("base", 0))
                yield np.full_like(values, base)
                values = values + base
            yield values


@every
def test_stories_and_the_question_stand_on_the_controls(name):
    explorable = opened(name)
    assert 2 <= len(explorable.stories) <= 4
    assert len({story.name for story in explorable.stories}) == len(explorable.stories)
    for story in explorable.stories:
        explorable.at(**story.values)
        assert story.values.keys() == explorable.values.keys(), "a story sets all controls"
        assert re.fullmatch(r"[A-Z].*[.?]", story.watch)
        assert {*story.invites} <= explorable.values.keys()
        asks = re.search(r"\b([Dd]rag|Switch|[Mm]ove the)\b", story.watch)
        plays = any(getattr(control, "play", None) for control in explorable.controls)
        assert not asks or story.invites or plays, story.watch
    asked = explorable.question
    explorable.at(**asked.values)
    assert 2 <= len(asked.choices) <= 5
    assert 0 <= asked.right < len(asked.choices)
    assert {*asked.hides} <= {*explorable.lines, *range(len(explorable.panes()))}
    assert {*(asked.corrects or {})} <= {*range(len(asked.choices))} - {asked.right}


@every
def test_the_arguments_are_the_controls_and_move_the_start(name):
    for control in opened(name).controls:
        value = values_of(control)[-1]
        moved = getattr(explore, name)(**{control.name: value})
        assert moved.values == opened(name).values | {control.name: value}
        assert f"{control.name}={control.text(value)}" in repr(moved)


@every
def test_a_start_beside_the_grid_is_refused_with_what_there_is(name):
    for control in opened(name).controls:
        with pytest.raises(ValueError, match=f"{control.name} must "):
            getattr(explore, name)(**{control.name: "Elsewhere!"})


@every
def test_a_reader_who_cannot_see_it_is_told_what_it_shows(name):
    explorable = opened(name)
    assert len(explorable.title) < 50
    assert min(len(explorable.alt), len(explorable.caption)) > 60
    for pane in panes(name):
        assert pane["title"]
        assert len(pane["alt"]) > 20
        assert pane["alt"].endswith(".")
    assert type(explorable).__doc__.strip().endswith(".")


@every
def test_every_color_has_a_dark_relative(name):
    dark = theme.page_theme()["dark"].keys()
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", str(panes(name)))) <= dark
