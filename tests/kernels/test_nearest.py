import numpy as np

from mantlet.kernels.nearest import nearest_at_once


def test_the_nearest_is_found_among_those_of_the_same_instant() -> None:
    rng = np.random.default_rng(4)
    times, other_times = (
        np.sort(rng.integers(0, 9, 60)) * 1.0,
        np.sort(rng.integers(0, 9, 40)) * 1.0,
    )
    points, others = rng.normal(size=(60, 3)), rng.normal(size=(40, 3))
    found = nearest_at_once(points, times, others, other_times, 1.5)
    for point, time_s, row in zip(points, times, found, strict=True):
        distance = np.linalg.norm(others - point, axis=1)
        distance[other_times != time_s] = np.inf
        expected = distance.argmin() if distance.min() <= 1.5 else -1
        assert row == expected


def test_nothing_is_near_where_there_is_nothing() -> None:
    none = np.empty((0, 3))
    assert list(nearest_at_once(np.zeros((2, 3)), np.zeros(2), none, np.empty(0), 1.0)) == [-1, -1]
