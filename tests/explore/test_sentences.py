"""Facts become sentences, in templates that are well formed."""

import pytest
from unrolled import explore
from unrolled.explore.sentences import FIELD, say
from unrolled.explore.templates import TEMPLATES

FACTS = {"n": 1, "share": -0.0312, "big": 9216, "log": -7.3, "word": "late", "right": True}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("after {n} {n:step|steps}, {big} {big:step|steps}", "after 1 step, 9216 steps"),
        ("{share:.2f} and {share:.1%}", "−0.03 and −3.1%"),
        ("{share}", "−0.0312"),
        ("{share:.1f} and {share:.0%}", "0.0 and −3%"),
        ("{share:.1e}", "−3.1\u00a0×\u00a010⁻²"),
        ("{big:,} or {big:.3g}", "9,216 or 9.22\u00a0×\u00a010³"),
        ("{log:sci} of {word}", "5.0\u00a0×\u00a010⁻⁸ of late"),
        ("{right}", "yes"),
        (["One.", {"word": {"late": "", "soon": "Two."}}, "Three {n}."], "One. Three 1."),
        ({"n": {"0": "none", "1": {"right": {"yes": "a {word} one", "no": "?"}}}}, "a late one"),
        ("it is {how}", "it is very late"),
        ("a-b {n}", "a-b 1"),
    ],
)
def test_a_template_says_its_facts(template, said):
    assert say(template, FACTS, {"how": {"right": {"yes": "very {word}"}}}) == said


@pytest.mark.parametrize(
    ("log10", "said"),
    [
        (0, "1"),
        (-3, "0.001"),
        (-3.1, "7.9\u00a0×\u00a010⁻⁴"),
        (2.9, "794"),
        (3, "1.0\u00a0×\u00a010³"),
        (-30, "1.0\u00a0×\u00a010⁻³⁰"),
        (-300, "0"),
    ],
)
def test_a_number_given_as_its_logarithm_has_two_digits(log10, said):
    assert say("{x:sci}", {"x": log10}) == said


@pytest.mark.parametrize("template", ["{missing}", {"missing": {}}, {"word": {"soon": "x"}}])
def test_a_fact_or_a_case_that_is_not_there_is_an_error(template):
    with pytest.raises(KeyError):
        say(template, FACTS)


def faults(template):
    """What is wrong with a template, wherever in it."""
    match template:
        case str():
            for name, spec in FIELD.findall(template):
                if "|" in spec and spec.count("|") != 1:
                    yield f"{{{name}:{spec}}} has not two forms"
                elif "|" not in spec and spec != "sci":
                    try:
                        format(1.5 if spec != "d" else 1, spec)
                    except ValueError as error:
                        yield f"{{{name}:{spec}}}: {error}"
            if {"{", "}"} & set(FIELD.sub("", template)) or "  " in template:
                yield f"a stray brace or two spaces in {template!r}"
        case list():
            for part in template:
                yield from faults(part)
        case dict():
            if len(template) != 1:
                yield f"chooses by {list(template)}, not by one fact"
            for cases in template.values():
                for word, part in cases.items():
                    yield from faults(part) if isinstance(word, str) else [f"the case {word!r}"]
        case _:
            yield f"{template!r} is no template"


def test_every_template_of_the_book_is_well_formed():
    assert set(TEMPLATES) == set(explore.NAMES)
    for name, templates in TEMPLATES.items():
        found = [fault for template in templates.values() for fault in faults(template)]
        assert not found, name
    assert len(list(faults(["{a:1|2|3}", "{a:.zz}", "{", {"a": {1: "x"}}, 3]))) == 5
