import numpy as np
from unrolled.explore import flip_flop, landscape
from unrolled.figures import cube


def test_every_point_is_drawn_in_the_look_of_its_kind_and_every_way_has_a_gap_behind_it(rng):
    points, ways = rng.standard_normal((10, 3)), rng.standard_normal((4, 6, 3))
    growing = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 3])
    figure = cube.cube(points, growing, ways, title="A cube.", alt="A cube of points.")
    lines, *kinds = figure.data
    assert [len(trace.x) for trace in kinds] == [4, 3, 2, 1]
    assert np.isnan(np.reshape(lines.x, (4, 7))[:, -1]).all()
    np.testing.assert_allclose(np.stack([kinds[3].x, kinds[3].y], axis=1), points[[9]] @ cube.VIEW)


def test_the_ways_of_a_square_join_each_saddle_to_two_corners():
    params = flip_flop.trained(start=4)
    known = landscape.constants()["points_5"]
    growing, ways = landscape.skeleton(known, params)
    assert np.bincount(growing).tolist() == [4, 4, 1]
    assert ways.shape == (8, 81, 2)
    np.testing.assert_allclose(np.abs(ways[:, -1]), 1, atol=0.01)
    np.testing.assert_allclose(ways[::2, 0], ways[1::2, 0])
    assert (np.linalg.norm(ways[::2, -1] - ways[1::2, -1], axis=1) > 1.9).all()
