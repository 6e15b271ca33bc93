"""Predicted impacts: do the stated regions hold what they say?"""

import numpy as np
import pytest
from scipy.stats import chi2

from mantlet.tables import Tracks
from mantlet.tracking.impact import predict_impacts, predict_paths
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import degrees_from_ecef

METRES_PER_RADIAN_NORTH = 6.355e6  # meridian radius of curvature at 31.6 degrees, + 0.02 %


def reported(flights, eye, *, at_s):
    """One report on `flights`, its predicted impacts, and the true row behind each track."""
    tracker = Tracker((eye.figures,))
    state, origins = tracker.start(), []
    for k in range(at_s + 1):
        rows = flights.alive(k)
        plots, origin = eye.look(flights.states(rows, k)[:, :3], k)
        origins += [int(rows[i]) if i >= 0 else -1 for i in origin]
        state = tracker.step(state, plots, 0, k)
    report = tracker.report(state, at_s)
    whose = np.array([origins[i] for i in report.last_plot_id], dtype=int)
    return report, tracker.impacts(state, report), whose


def tracked(flights, eye, *, at_s):
    """Predicted impacts of `flights`, with the true row behind each track."""
    return reported(flights, eye, at_s=at_s)[1:]


def squared_misses(impacts, flights, whose):
    """Mahalanobis distance squared of true impact points, in the predicted ellipses."""
    lat, lon, _ = degrees_from_ecef(flights.impact_m[whose])
    north = np.radians(impacts.lat_deg - lat) * METRES_PER_RADIAN_NORTH
    east = np.radians(impacts.lon_deg - lon) * 6.384e6 * np.cos(np.radians(lat))
    ee, en, nn = impacts.covariance_m2.T
    return (nn * east**2 - 2 * en * east * north + ee * north**2) / (ee * nn - en**2)


# The claim, less three binomial sigmas of 200 flights, for each drag family and seconds of track.
# Shells are rare, so the bank takes some for rockets at first, and is a little too sure of it.
CLAIMED = (0.50 - 0.11, 0.90 - 0.065, 0.99 - 0.025)
FLOORS = (CLAIMED, (0.50 - 0.14, 0.90 - 0.09, 0.99 - 0.045), CLAIMED)


@pytest.mark.parametrize("family", [0, 1, 2])
@pytest.mark.parametrize("at_s", [12, 22])
def test_regions_hold_what_they_claim_without_being_idle(flights, eye, family, at_s):
    beta = ((3_000.0, 7_500.0), (1_500.0, 2_600.0), (550.0, 1_300.0))[family]
    batches = []
    for seed in range(8):  # of 25 flights: more at once would also test the initiation
        some = flights(25, seed=100 * family + seed, family=family, spread_s=0.0, beta=beta)
        radar = eye(seed=seed, sigma_azimuth_rad=0.0015, sigma_elevation_rad=0.0015)
        impacts, whose = tracked(some, radar, at_s=at_s)
        fine = (impacts.status == "landed") & (whose >= 0)
        batches.append(squared_misses(impacts.take(fine), some, whose[fine]))
    misses = np.concatenate(batches)
    assert len(misses) > 185
    held = [float(np.mean(misses < chi2.ppf(share, 2))) for share in (0.5, 0.9, 0.99)]
    assert all(h > floor for h, floor in zip(held, FLOORS[family], strict=True)), held
    # 1.39 if exact; not so wide as to say nothing. Measured at least 0.47: 25 flights at once whose
    # drag no class has make the air suspect, and all of them rough (`kernels.untold`).
    assert np.median(misses) > 0.4


def test_time_of_impact_is_within_its_sigma(flights, eye):
    some = flights(100, spread_s=0.0)
    impacts, whose = tracked(some, eye(), at_s=20)
    z = (impacts.impact_time_s - some.end_s[whose]) / impacts.impact_time_sigma_s
    assert np.mean(np.abs(z) < 1.645) > 0.85


def test_the_ellipse_shrinks_as_the_flight_goes_on(flights, eye):
    some = flights(50, spread_s=0.0)
    areas = []
    for at_s in (6, 14, 24):
        impacts, _ = tracked(some, eye(), at_s=at_s)
        ee, en, nn = impacts.covariance_m2.T
        areas.append(np.nanmedian(np.sqrt(ee * nn - en**2)))
    assert areas[0] > 3 * areas[1] > 9 * areas[2]


def test_closed_tracks_are_not_predicted_and_rows_keep_their_order(flights, eye):
    tracks, _, _ = reported(flights(4, spread_s=0.0), eye(), at_s=15)
    status = tracks.status.copy()
    status[1] = "closed"
    columns = {name: getattr(tracks, name) for name in Tracks.columns()}
    impacts = predict_impacts(Tracks(**{**columns, "status": status}), STANDARD_AIR)
    assert impacts.track_id.tolist() == tracks.track_id.tolist()
    assert impacts.status.tolist() == ["landed", "invalid", "landed", "landed"]
    assert np.isnan(impacts.lat_deg[1])


def test_no_tracks_no_impacts():
    assert len(predict_impacts(Tracks.empty(), STANDARD_AIR)) == 0
    assert predict_paths(Tracks.empty(), STANDARD_AIR, 1.0, 5).shape == (0, 5, 3)


def test_paths_lead_to_the_predicted_impact(flights, eye):
    tracks, _, _ = reported(flights(5, spread_s=0.0), eye(), at_s=15)
    impacts = predict_impacts(tracks, STANDARD_AIR)
    paths = predict_paths(tracks, STANDARD_AIR, 1.0, 120)
    steps = np.isfinite(paths[:, :, 0]).sum(axis=1)
    assert (np.abs(impacts.impact_time_s - 15.0 - steps) <= 1.01).all()


def test_a_step_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="step_s"):
        predict_paths(Tracks.empty(), STANDARD_AIR, 0.0, 5)


def test_from_the_table_alone_the_regions_are_wider_about_the_same_points(flights, eye):
    some = flights(20, spread_s=0.0, beta=(3_500.0, 6_500.0))  # as the classes have it
    tracks, sharp, _ = reported(some, eye(), at_s=20)
    wide = predict_impacts(tracks, STANDARD_AIR)
    areas = [np.sqrt(np.linalg.det(as_matrices(i.covariance_m2))) for i in (sharp, wide)]
    assert (areas[1] > areas[0]).all()
    north_m = np.radians(wide.lat_deg - sharp.lat_deg) * METRES_PER_RADIAN_NORTH
    assert (np.abs(north_m) < 3.0 * np.sqrt(wide.covariance_m2[:, 2])).all()


def as_matrices(covariance_m2):
    return covariance_m2[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def test_impacts_of_another_report_are_refused(flights, eye):
    radar = eye()
    tracker = Tracker((radar.figures,))
    tracks, _, _ = reported(flights(2, spread_s=0.0), radar, at_s=15)
    with pytest.raises(ValueError, match="not the report of this state"):
        tracker.impacts(tracker.start(), tracks)
