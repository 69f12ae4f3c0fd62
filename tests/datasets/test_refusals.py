"""What is said of a file that holds something else: its place, what it must hold, what is wrong."""

import json

import pytest
from unrolled.datasets import files, imdb, results

RECORD = {"experiment": "one", "date": "2026-01-01", "device": "a machine", "versions": {}}
RECORD |= {"settings": {}, "results": []}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "file"


def refused(read, *given):
    """What the ValueError says."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        read(*given)
    return str(caught.value)


def test_lines_end_alike_wherever_a_text_was_written(place):
    place.write_bytes(b"one\r\ntwo\rthree\n")
    assert files.text(place) == "one\ntwo\nthree\n"


def test_what_was_read_already_is_not_read_again(place):
    assert files.text(place, b"given") == "given"
    assert files.parsed(place, b'{"a": 1}') == {"a": 1}


def test_a_text_may_have_so_many_bytes_and_not_one_more(place, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1234)
    said = f"{place} must hold text in UTF-8, 1,234 bytes at most: there are more"
    for size in (1234, 1235):
        place.write_bytes(b"a" * size)
        if size == 1234:
            assert files.text(place) == files.text(place, b"a" * size) == "a" * size
    assert refused(files.text, place) == refused(files.text, place, b"a" * 1235) == said


def test_bytes_that_are_no_text_are_named(place):
    place.write_bytes(b"\xff")
    said = f"{place} must hold text in UTF-8, 10,000,000 bytes at most: 'utf-8' codec can't decode"
    assert refused(files.text, place).startswith(said)


def test_json_is_an_object(place):
    must = f"{place} must hold an object in JSON: "
    assert refused(files.parsed, place, b"[1]") == f"{must}got a list"
    assert refused(files.parsed, place, b"{").startswith(f"{must}Expecting")


def test_an_error_without_words_is_named():
    with pytest.raises(ValueError, match=r"^here must hold this: EOFError$"), \
            files.expecting("this", "here"):  # fmt: skip
        raise EOFError


def test_only_the_beginning_of_a_long_message_is_repeated():
    assert files.short("a" * 299) == "a" * 299
    assert files.short("a" * 299 + "bc") == "a" * 299 + "b ..."


def test_a_number_is_finite():
    assert files.finite("-1.5e3") == -1500
    for cell in ("nan", "inf", "-1e999", "", "one"):
        assert refused(files.finite, cell) == f"could not convert {cell!r} to a number"


@pytest.mark.parametrize("part", RECORD)
def test_a_part_of_a_record_has_its_kind(place, part):
    place.write_text(json.dumps(RECORD))
    assert results.from_file(place) == RECORD
    place.write_text(json.dumps(RECORD | {part: 1}))
    must = f"{place} must hold a record: experiment, date, device, versions, settings, results: "
    assert refused(results.from_file, place) == f"{must}{part} is a int"
    place.write_text(json.dumps({key: RECORD[key] for key in RECORD if key != part}))
    assert refused(results.from_file, place) == f"{must}'{part}'"


def test_the_rank_of_a_word_is_a_whole_number(in_cache):
    place = in_cache("imdb_words", b'{"good": 1.5}')
    said = f"{place} must hold the rank of each word: a rank is a whole number"
    assert refused(imdb.load_words) == said
