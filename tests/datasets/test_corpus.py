import numpy as np
import pytest
from unrolled.datasets import DownloadError, load_letters, load_prose, load_ptb

# Twenty sentences: 18 to train on, one to validate on, one to test on.
TEXT = "The cat sat. " * 9 + "\n\nThe dog SAT. " * 9 + "The bird sat. It's a dog?\n"


def test_sentences_are_split_in_order_and_words_numbered_by_first_appearance(shipped, capsys):
    shipped("prose.txt", TEXT)
    corpus = load_ptb(offline=True)
    assert corpus.words == ["the", "cat", "sat", "<eos>", "dog", "<unk>"]
    assert corpus.train.tolist() == [0, 1, 2, 3] * 9 + [0, 4, 2, 3] * 9
    assert corpus.valid.tolist() == [0, 5, 2, 3]
    assert corpus.test.tolist() == [5, 5, 4, 3]
    assert capsys.readouterr().out == (
        "Shipped prose: 72 training, 4 validation and 4 test tokens, 6 words.\n"
    )


def test_the_shipped_prose_is_mostly_known_words():
    corpus = load_ptb(offline=True)
    unknown = corpus.words.index("<unk>")
    for part, least in ((corpus.train, 4_000), (corpus.valid, 200), (corpus.test, 200)):
        assert len(part) > least
        assert part.dtype == np.int32
        assert part.max() < len(corpus.words)
        assert corpus.words[part[-1]] == "<eos>"
        assert (part == unknown).mean() < 0.15
    assert unknown not in corpus.train
    first = dict.fromkeys(corpus.train.tolist())
    assert [*first] == list(range(len(corpus.words) - 1))


def test_without_a_network_the_shipped_prose_stands_in(no_network, capsys):
    assert load_ptb().name == "Shipped prose"
    why, what = capsys.readouterr().out.splitlines()
    assert why.startswith("The small shipped data stands in: ptb.train.txt could not be downloa")
    assert what.startswith("Shipped prose: ")
    with pytest.raises(DownloadError, match=r"ptb\.train\.txt could not be downloaded"):
        load_ptb(offline=False)


def test_every_line_of_the_treebank_ends_a_sentence(in_cache, capsys):
    for part, text in {"train": "a <unk> b \n b N \n", "valid": " b\n", "test": " c \n"}.items():
        in_cache(f"ptb_{part}", text.encode())
    corpus = load_ptb(offline=False)
    assert corpus.words == ["a", "<unk>", "b", "<eos>", "N"]
    assert corpus.train.tolist() == [0, 1, 2, 3, 2, 4, 3]
    assert corpus.valid.tolist() == [2, 3]
    assert corpus.test.tolist() == [1, 3]


def test_the_real_treebank_has_the_sizes_on_record(on_real_data, capsys):
    name, train, valid, test, words = load_ptb(offline=False)
    assert (len(train), len(valid), len(test)) == (929_589, 73_760, 82_430)
    assert (name, len(words), len(set(train[:1000].tolist()))) == ("Penn Treebank", 10_000, 418)
    assert words[:3] == ["aer", "banknote", "berlitz"]
    assert train.dtype == valid.dtype == test.dtype == np.int32
    assert np.unique(train).tolist() == list(range(10_000))
    assert [(part == words.index("<eos>")).sum() for part in (train, valid, test)] == [
        42_068,
        3_370,
        3_761,
    ]
    assert capsys.readouterr().out == (
        "Penn Treebank: 929,589 training, 73,760 validation and 82,430 test tokens, 10,000 words.\n"
    )


def test_the_letters_are_the_prose_cut_between_paragraphs():
    corpus = load_letters()
    parts = ["".join(corpus.words[i] for i in ids) for ids in corpus[1:4]]
    assert "".join(parts) == load_prose()
    assert [part.strip("\n").count("\n\n") + 1 for part in parts] == [75, 9, 9]
    assert all(part[0].isupper() for part in parts)
    assert corpus.words == sorted(set(load_prose()))


def test_letters_in_lower_case_are_cut_at_the_same_places():
    upper, lower = load_letters(), load_letters(lower=True)
    assert lower.words == sorted(set(load_prose().lower()))
    for part, same in zip(upper[1:4], lower[1:4], strict=True):
        text = "".join(upper.words[i] for i in part)
        assert "".join(lower.words[i] for i in same) == text.lower()
