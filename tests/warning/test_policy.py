"""The cost-threshold policy and its settings."""

import math

import numpy as np
import pytest

from mantlet.tables.errors import InputError
from mantlet.warning.lead import lead_time_s, shelter_margin_s
from mantlet.warning.policy import WarningPolicy


@pytest.mark.parametrize("probability", np.linspace(0.0, 0.2, 41))
def test_alerting_at_the_threshold_is_the_cheaper_choice(probability: float):
    policy = WarningPolicy(cost_ratio=0.03)
    cost_of_alert, cost_of_silence = 0.03, probability * 1.0
    cheaper = bool(cost_of_alert <= cost_of_silence)
    assert cheaper == (probability >= policy.threshold)


@pytest.mark.parametrize(
    "setting",
    [
        {"cost_ratio": 0.0},
        {"cost_ratio": 1.5},
        {"cancel_ratio": 0.0},
        {"hold_s": -1.0},
        {"margin_m": math.nan},
        {"delivery_s": math.inf},
    ],
)
def test_impossible_setting_is_refused_by_name(setting: dict[str, float]):
    with pytest.raises(InputError, match=next(iter(setting))):
        WarningPolicy(**setting)


def test_lead_counts_from_when_people_hear_the_message():
    assert lead_time_s(np.array([60.0]), 20.0, 4.0)[0] == 36.0


def test_margin_is_negative_when_shelter_is_reached_too_late():
    assert shelter_margin_s(np.array([20.0]), np.array([30.0]))[0] == -10.0
