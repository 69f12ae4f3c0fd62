"""What is recorded of writers at several temperatures."""

import numpy as np
import pytest
from unrolled.datasets import load_prose
from unrolled.datasets.words import words_in
from unrolled.explore import Temperature, temperature
from unrolled.explore.temperature import COUNTING, DRAWS, NETWORK, TEMPERATURES, WRITERS

TELLER = Temperature()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("degree", TEMPERATURES)
def test_every_text_is_there_and_its_invented_words_are_marked(writer, degree):
    for draw in DRAWS:
        answer = TELLER.at(writer=writer, temperature=degree, draw=draw)
        text, marks = answer.facts["text"], answer.arrays["marks"]
        assert 200 < len(text) <= temperature.SHOWN
        words = words_in(text)
        words = words[:-1] if text[-1].isalpha() or text[-1] == "'" else words
        unknown = [word for word in words if word not in words_in(load_prose())]
        found = "".join(c if m else " " for c, m in zip(text, marks, strict=False)).lower().split()
        assert [word.strip("'") for word in found] == unknown


def test_the_hotter_the_fewer_words_exist_and_the_more_are_different():
    for writer in WRITERS:
        existing, different, repeated = (
            temperature.measured(writer, name) for name in ("existing", "different", "repeated")
        )
        assert existing[0] > existing[-1] + 0.3
        assert different[0] < different[-1] - 0.3
        assert repeated[0] > 0.3 > 0.05 > repeated[-1]


def test_cool_counting_copies_and_the_cool_network_repeats():
    copied = {writer: temperature.measured(writer, "copied")[0] for writer in WRITERS}
    repeated = {writer: temperature.measured(writer, "repeated")[0] for writer in WRITERS}
    assert copied[COUNTING] > 2 * copied[NETWORK]
    assert repeated[NETWORK] > repeated[COUNTING]


def test_facts_are_medians_of_the_starts():
    facts = TELLER.at(writer=NETWORK, temperature=1.0).facts
    runs = [run for run in temperature.recorded()["runs"] if run["writer"] == NETWORK]
    at = [run["existing"] for run in runs if run["temperature"] == 1.0]
    assert len(at) >= 5
    assert facts["existing"] == pytest.approx(np.median(at))


def test_a_text_that_is_not_on_record_is_refused():
    with pytest.raises(ValueError, match="no text of network"):
        temperature.written(NETWORK, 0.25, 1)
