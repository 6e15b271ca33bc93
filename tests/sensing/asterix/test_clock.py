import numpy as np

from mantlet.sensing.asterix.clock import DAY_S, since_midnight


def test_the_day_of_a_time_is_the_one_nearest_to_its_reception():
    # Made a second before midnight and received after it, and the other way round.
    of_day_s = np.array([DAY_S - 1.0, 1.0, DAY_S - 1.0])
    received_s = np.array([DAY_S + 2.0, DAY_S - 2.0, 3 * DAY_S + 2.0])
    expected = [DAY_S - 1.0, DAY_S + 1.0, 3 * DAY_S - 1.0]
    assert since_midnight(of_day_s, received_s).tolist() == expected


def test_without_reception_a_step_of_over_half_a_day_is_midnight():
    of_day_s = np.array([DAY_S - 2.0, 1.0, DAY_S - 1.0, 2.0])
    assert since_midnight(of_day_s).tolist() == [DAY_S - 2.0, DAY_S + 1.0, DAY_S - 1.0, DAY_S + 2.0]
