import numpy as np
import pytest

from mantlet.engagement.assessment import Observation, observe
from mantlet.engagement.resolver import NOTHING, Resolution
from mantlet.ports.draws import Draws
from mantlet.tables.errors import InputError

COUNT = 6000


def resolution(killed: bool, *, reached: int | None = None) -> Resolution:
    rows = np.arange(COUNT) if reached is None else np.full(COUNT, reached)
    return Resolution(
        shot_id=np.arange(COUNT),
        time_s=np.full(COUNT, 100.0),
        reached=rows,
        ordinal=np.zeros(COUNT, np.int64),
        miss_m=np.zeros(COUNT),
        killed=np.full(COUNT, killed),
    )


def observed(found: Resolution, observation: Observation):
    """Identity and shot number for keys, as in a run where nothing was hit before."""
    return observe(found, np.arange(COUNT), np.arange(COUNT), observation, Draws(1))


def shares(found: Resolution, observation: Observation) -> dict[str, float]:
    seen = observed(found, observation).observed
    return {word: float((seen == word).mean()) for word in ("hit", "miss", "unknown")}


@pytest.mark.parametrize(
    ("killed", "reached", "expected"),
    [
        (True, None, {"hit": 0.75, "miss": 0.15, "unknown": 0.1}),
        (False, None, {"hit": 0.05, "miss": 0.85, "unknown": 0.1}),
        (False, NOTHING, {"hit": 0.05, "miss": 0.85, "unknown": 0.1}),
    ],
)
def test_observations_err_at_the_stated_rates(killed, reached, expected):
    observation = Observation(unknown=0.1, false_hit=0.05, false_miss=0.15)
    found = shares(resolution(killed, reached=reached), observation)
    # 6000 draws: three standard deviations of the largest share are 0.017.
    assert found == pytest.approx(expected, abs=0.017)


def test_perfect_observation_tells_the_truth():
    perfect = Observation(unknown=0.0, false_hit=0.0, false_miss=0.0)
    assert shares(resolution(True), perfect)["hit"] == 1.0
    assert shares(resolution(False), perfect)["miss"] == 1.0


def test_observations_arrive_the_look_time_after_the_intercept_in_order():
    found = resolution(True)
    mixed = Resolution(
        found.shot_id, 200.0 - found.shot_id, found.reached, found.ordinal, found.miss_m,
        found.killed,
    )  # fmt: skip
    told = observed(mixed, Observation(look_s=4.0))
    assert (np.diff(told.time_s) > 0).all()
    assert told.time_s == pytest.approx(204.0 - told.shot_id)


@pytest.mark.parametrize("reached", [None, NOTHING])
def test_what_is_seen_hangs_on_the_keys_and_not_on_row_or_shot_numbers(reached):
    found = resolution(False, reached=reached)
    later_rows = np.where(found.reached == NOTHING, NOTHING, found.reached + 50)
    renumbered = Resolution(
        found.shot_id + 777, found.time_s, later_rows, found.ordinal, found.miss_m, found.killed
    )
    keys = np.arange(COUNT)
    moved = np.concatenate([np.full(50, 10**9), keys])
    first = observe(found, keys, keys, Observation(), Draws(1)).observed
    assert (first == observe(renumbered, moved, keys, Observation(), Draws(1)).observed).all()
    others = observe(found, keys + 5, keys + 5, Observation(), Draws(1)).observed
    assert (first != others).any()


@pytest.mark.parametrize(
    "settings", [{"unknown": 1.1}, {"unknown": 0.9, "false_hit": 0.2}, {"look_s": -1.0}]
)
def test_impossible_observation_is_refused(settings):
    with pytest.raises(InputError, match="observation"):
        Observation(**settings)
