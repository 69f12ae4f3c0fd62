import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets import DownloadError, load_imdb, load_reviews

HEADER = "text,target,split\n"
SMALL = HEADER + (
    '"It\'s a good, good film.",1,train\n'
    '"He said ""no"". A bad one",0,train\n'
    "Good and strange,1,test\n"
)


def read(review, words):
    return " ".join(words[i] for i in review)


def test_the_shipped_reviews_come_in_two_halves_and_two_splits():
    texts, targets, splits = load_reviews()
    assert len(texts) == len(targets) == len(splits) == len(set(texts))
    assert targets.dtype == np.int64
    for split in ("train", "test"):
        assert targets[splits == split].mean() == 0.5
    assert set(splits.tolist()) == {"train", "test"}


def test_quoted_texts_are_read_as_they_were_written(shipped):
    shipped("reviews.csv", SMALL)
    reviews = load_reviews()
    assert reviews.texts == [
        "It's a good, good film.",
        'He said "no". A bad one',
        "Good and strange",
    ]
    assert reviews.targets.tolist() == [1, 0, 1]
    assert reviews.splits.tolist() == ["train", "train", "test"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("review,target,split\n", "line 1: expected text,target,split, got review,target,split"),
        (SMALL + "Fine,2,train\n", "line 5: expected a text, 0 or 1, and .*'Fine', '2', 'train'"),
        (SMALL + "Fine,,train\n", "line 5: .*'Fine', '', 'train'"),
        (SMALL + "Fine,1,valid\n", "line 5: .*'Fine', '1', 'valid'"),
        (SMALL + " ,1,train\n", "line 5: .*' ', '1', 'train'"),
        (SMALL + "Fine, really,1,train\n", "line 5: .*' really', '1', 'train'"),
        (SMALL + "\n", r"line 5: .*got \[\]"),
        (SMALL + '"Fine,1,train\n', "line 5: unexpected end of data"),
        (SMALL + '"Fine" it is,1,train\n', "line 5: ',' expected after '\"'"),
        (HEADER + "Fine,1,train\n", " must hold reviews to train on and reviews to test on"),
        ("", " must hold reviews to train on"),
    ],
)
def test_a_malformed_file_is_refused_with_the_line(shipped, text, said):
    shipped("reviews.csv", text)
    with pytest.raises(ValueError, match=rf"reviews\.csv.*{said}"):
        load_reviews()


def test_shipped_words_are_ranked_by_training_frequency_then_alphabet(shipped, capsys):
    shipped("reviews.csv", SMALL)
    reviews = load_imdb(offline=True)
    ranked = ["a", "good", "bad", "film", "he", "it's", "no", "one", "said"]
    assert reviews.words == ["<pad>", "<start>", "<unk>", "<unused>", *ranked]
    expected = {"<start> it's a good good film": 1, "<start> he said no a bad one": 0}
    train = [read(review, reviews.words) for review in reviews.x_train]
    assert dict(zip(train, reviews.targets_train.tolist(), strict=True)) == expected
    assert [read(review, reviews.words) for review in reviews.x_test] == [
        "<start> good <unk> <unk>"
    ]
    assert capsys.readouterr().out == "Shipped reviews: 2 training and 1 test reviews, 13 ids.\n"


def test_the_shipped_reviews_have_the_form_of_the_real_ones(capsys):
    reviews = load_imdb(offline=True)
    every = [*reviews.x_train, *reviews.x_test]
    assert all(review.dtype == np.int32 and review[0] == 1 for review in every)
    assert max(review.max() for review in every) == len(reviews.words) - 1
    assert reviews.targets_train.mean() == reviews.targets_test.mean() == 0.5
    assert reviews.targets_train[:50].std() > 0
    assert capsys.readouterr().out.count("\n") == 1


def test_ids_from_num_words_on_become_unknown():
    whole, cut = load_imdb(offline=True), load_imdb(num_words=50, offline=True)
    assert cut.words == whole.words[:50]
    for mine, full in zip(cut.x_train + cut.x_test, whole.x_train + whole.x_test, strict=True):
        assert_array_equal(mine, np.where(full >= 50, 2, full))


@pytest.mark.parametrize("num_words", [3, 0, -1])
def test_num_words_has_to_leave_room_for_the_first_ids(num_words):
    with pytest.raises(ValueError, match=f"at least 4, for the ids 0 to 3; got {num_words}"):
        load_imdb(num_words=num_words, offline=True)


def test_without_a_network_the_shipped_reviews_stand_in(no_network, capsys):
    assert load_imdb().name == "Shipped reviews"
    why, what = capsys.readouterr().out.splitlines()
    assert why.startswith("The small shipped data stands in: imdb.npz could not be downloaded: ")
    assert what.startswith("Shipped reviews: ")
    with pytest.raises(DownloadError, match=r"imdb\.npz could not be downloaded"):
        load_imdb(offline=False)
    assert capsys.readouterr().out == ""


def test_the_real_reviews_are_those_of_keras(on_real_data, real_data, capsys):
    reviews = load_imdb(num_words=10_000, offline=False)
    assert capsys.readouterr().out == (
        "IMDB reviews: 25,000 training and 25,000 test reviews, 10,000 ids.\n"
    )
    # What keras.datasets.imdb.load_data(10000) and pad_sequences(maxlen=80) give.
    with np.load(real_data / "imdb" / "imdb_10000_80.npz", allow_pickle=False) as keras:
        for split in ("train", "test"):
            mine = np.zeros((25_000, 80), dtype=np.int32)
            for row, review in zip(mine, getattr(reviews, f"x_{split}"), strict=True):
                row[-len(review) :] = review[-80:]
            assert_array_equal(mine, keras[f"x_{split}"])
            assert_array_equal(getattr(reviews, f"targets_{split}"), keras[f"y_{split}"])
    # Published print-outs: lengths, first labels, first words.
    assert (len(reviews.x_train[0]), len(reviews.x_test[0])) == (218, 68)
    assert reviews.targets_train[:10].tolist() == [1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
    assert reviews.targets_test[:10].tolist() == [0, 1, 1, 0, 1, 1, 1, 0, 0, 1]
    assert read(reviews.x_train[0][:6], reviews.words) == "<start> this film was just brilliant"
