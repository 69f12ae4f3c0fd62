import numpy as np
from unrolled.datasets import files, load_imdb, load_results, load_reviews
from unrolled.datasets.words import words_in
from unrolled.experiments import order, twins


def test_the_ids_are_the_loaders_in_the_order_of_the_file():
    data = load_imdb(offline=True)
    read, targets = twins.test_ids(data.words)
    assert sorted(map(list, read)) == sorted(review.tolist() for review in data.x_test)
    texts, own, splits = load_reviews()
    first = next(text for text, split in zip(texts, splits, strict=True) if split == "test")
    known = [word if word in data.words else "<unk>" for word in words_in(first)]
    assert [data.words[i] for i in read[0][1:]] == known
    np.testing.assert_array_equal(targets, own[splits == "test"])


def test_these_are_the_networks_of_the_experiment_on_order():
    read, _ = twins.test_ids(load_imdb(offline=True).words)
    others = ~np.isin(np.arange(len(read)), order.pairs(read))
    right = load_results("twins")["results"]["right"]
    found = [np.mean(np.array(each)[others]).round(3) for each in right.values()]
    assert found == load_results("order")["results"]["RNN"]["others"]


def test_padding_that_is_read_behind_a_review_ruins_what_training_finds_and_in_front_does_not():
    found = load_results("twins")["results"]
    right = [sum(each) for each in found["right"].values()]
    behind, in_front = (found["reads_padding"][side] for side in ("post", "pre"))
    assert len(right) == len(behind) == len(in_front) == len(order.SEEDS)
    assert max(behind) <= 40 < min(right)
    assert abs(np.mean(in_front) - np.mean(right)) < 2


def test_more_slowly_most_starts_still_fail_behind_padding_and_an_lstm_does_not():
    found = load_results("twins")["results"]["slower"]
    assert sorted(found["RNN"]["right"])[-2:] == [44, 66]
    masked = sorted(found["RNN, masked"]["right"])
    assert (masked[0], round(np.mean(masked)), masked[-1]) == (46, 58, 67)
    assert min(found["RNN"]["training"] + found["LSTM"]["training"]) >= 0.9
    assert min(found["LSTM"]["right"]) == 57


def test_a_search_of_its_own_does_not_help_what_reads_padding_behind():
    found = load_results("twins")["results"]["searched"]
    assert (found["rate"], found["epochs"]) == (0.001, 12)
    assert found["rate"] in order.RATES
    assert (min(found["right"]), max(found["right"])) == (37, 48)
    assert found["held out"] < 0.6


def test_two_words_overrule_a_review_from_every_start():
    read, _ = twins.test_ids(load_imdb(offline=True).words)
    found = np.array(load_results("twins")["results"]["overruled"])
    assert found.shape == (len(order.SEEDS), 2)
    assert np.round([found.sum(axis=1).min(), found.sum(axis=1).max()], 2).tolist() == [0.13, 0.61]
    with np.load(files.path("results/twins.npz"), allow_pickle=False) as file:
        np.testing.assert_allclose(twins.overruled(read, dict(file)), found[0], atol=0.01)


def test_more_slowly_trained_hardly_any_two_words_overrule_a_review():
    slowly = load_results("twins")["results"]["slower"]["RNN, masked"]
    found = np.sum(slowly["overruled"], axis=1)
    assert found.shape == (len(order.SEEDS),)
    assert found.max() < 0.001
    assert max(slowly["pushed"]) < 0.25
    with np.load(files.path("results/twins.npz"), allow_pickle=False) as file:
        assert abs(twins.pushed(dict(file)) - 1.96) < 0.02


def test_a_mask_in_training_alone_saves_three_starts_of_twelve():
    found = load_results("twins")["results"]
    later = found["reads_later"]
    assert len(later) == len(order.SEEDS)
    assert later[0] == 71
    assert sum(each >= 64 for each in later) == 3
    assert sorted(later)[-4] == 54
    assert round(np.mean(later)) == 51


def test_what_reads_padding_behind_has_not_learned_to_read():
    found = load_results("twins")["results"]["at_last_word"]
    untrained, masked, behind, slower = (
        sorted(found[name]) for name in ("untrained", "masked", "behind", "slower")
    )
    assert (untrained[0], untrained[-1]) == (35, 49)
    assert (masked[0], masked[-1]) == (57, 71)
    assert (behind[0], behind[-1]) == (36, 48)
    assert (slower[0], slower[-2], slower[-1]) == (34, 46, 66)


def test_the_questions_are_put_to_a_network_that_is_given():
    data = load_imdb(offline=True)
    read, targets = twins.test_ids(data.words)
    with np.load(files.path("results/twins.npz"), allow_pickle=False) as file:
        params = dict(file)
    assert abs(twins.reads_later(read, targets, params) - 71) <= 1
    assert abs(twins.at_last_word(data, read, targets, params) - 71) <= 2


def test_what_a_start_gets_right_depends_on_how_products_are_rounded():
    found = load_results("twins")["results"]
    assert sorted(counts[0] for counts in found["rounded"].values()) == [64, 65, 66]
    assert sum(found["right"]["0"]) == 70
