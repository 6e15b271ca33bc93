"""Each fault at its stated rate; those that are off leave every plot as it was."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import binom, kstest

from mantlet.ports.draws import Draws, stream_of
from mantlet.sensing import Faults, Objects, Radar
from mantlet.world.earth import Site, ecef_from_degrees

SITE = Site(31.6, 34.6, 60.0)
RADAR = Radar("r1", SITE, reference_snr_db=60.0, false_plots_per_scan=3.0)
SCANS = 1_500
SURE = 1e-4
"""Two-sided chance that a right rate is refused, were the seed not fixed."""


def sky(count=8):
    lat = 31.7 + 0.05 * np.arange(count)
    ids = np.arange(count)
    position = ecef_from_degrees(lat, np.full(count, 34.9), 8_000.0)
    return Objects(ids, ids, position, np.zeros((count, 3)), np.full(count, 1.0))


def scans(faults, count=SCANS, objects=None, radar=RADAR, seed=7):
    """Plots and origins of each scan, before and after the faults."""
    draws, objects = Draws(seed), sky() if objects is None else objects
    for scan in range(count):
        before = radar.scan(objects, scan=scan, time_s=float(scan), draws=draws, first_plot_id=100)
        yield (
            before,
            faults.befall(*before, stream=stream_of(radar.id), time_s=float(scan), draws=draws),
        )


def within(hits, tries, rate):
    """Whether a count is one that this rate gives, but for `SURE` of the time."""
    low, high = binom.interval(1.0 - SURE, tries, rate)
    return low <= hits <= high


def bits(plots):
    return {name: getattr(plots, name).tolist() for name in plots.held()}


def test_faults_that_are_off_hand_on_the_very_same_plots():
    # Settings that only say how, not how often, switch nothing on.
    for faults in (Faults(), Faults(loss_burst_scans=5, late_min_s=1.0, bias_time_s=0.3)):
        for before, after in scans(faults, 3):
            assert after[0] is before[0] and after[1] is before[1]


def test_lost_plots_have_their_stated_share_and_take_their_origins_along():
    sent = kept = 0
    for (plots, origins), (left, whose) in scans(Faults(loss_probability=0.2)):
        sent, kept = sent + len(plots), kept + len(left)
        rows = np.searchsorted(plots.azimuth_rad, left.azimuth_rad)
        assert left.range_m.tolist() == plots.range_m[rows].tolist()
        assert whose.threat_ids.tolist() == origins.threat_ids[rows].tolist()
        assert left.plot_id.tolist() == whose.plot_id.tolist()
        assert left.plot_id.tolist() == list(range(100, 100 + len(left)))
    assert within(sent - kept, sent, 0.2)


def test_true_and_false_plots_are_lost_alike():
    hits = np.zeros((2, 2), dtype=int)
    for (_, origins), (_, left) in scans(Faults(loss_probability=0.3)):
        for row, held in enumerate((origins, left)):
            true = (held.threat_ids >= 0).any(axis=1)
            hits[row] += [true.sum(), (~true).sum()]
    for sent, kept in hits.T:
        assert within(sent - kept, sent, 0.3)


@pytest.mark.parametrize(("share", "length"), [(0.1, 1), (0.2, 4), (0.5, 10)])
def test_bursts_lose_whole_scans_in_a_row_and_the_stated_share_of_them(share, length):
    faults = Faults(loss_probability=share, loss_burst_scans=length)
    count = 4_000
    gone = np.array([not len(left) for _, (left, _) in scans(faults, count, sky(2))])
    gone &= np.array([len(before[0]) > 0 for before, _ in scans(faults, count, sky(2))])
    # Neighbours hang together: the count spreads like that of count / (2 length) free scans.
    free = count // (2 * length)
    assert within(round(gone.mean() * free), free, share)
    starts = np.flatnonzero(np.diff(gone.astype(int)) == 1) + 1
    ends = np.flatnonzero(np.diff(gone.astype(int)) == -1) + 1
    ends = ends[ends > starts[0]]
    assert (ends - starts[: len(ends)]).min() == length


def test_everything_may_be_lost_in_bursts():
    assert not any(
        len(left) for _, (left, _) in scans(Faults(loss_probability=1, loss_burst_scans=3), 20)
    )


def test_outages_are_silent_from_their_start_until_just_before_their_end():
    faults = Faults(outages=((3.0, 5.0), (8.0, 8.5)))
    silent = [k for k, (_, (left, _)) in enumerate(scans(faults, 12)) if not len(left)]
    assert silent == [3, 4, 8]


def test_duplicates_have_their_stated_share_and_are_the_same_to_the_last_bit():
    sent = twice = 0
    for (plots, origins), (left, whose) in scans(Faults(duplicate_probability=0.15)):
        sent, twice = sent + len(plots), twice + len(left) - len(plots)
        assert set(left.range_m) == set(plots.range_m)
        rows = [plots.range_m.tolist().index(value) for value in left.range_m]
        for name in ("azimuth_rad", "elevation_rad", "snr_db", "time_s"):
            assert getattr(left, name).tolist() == getattr(plots, name)[rows].tolist()
        assert whose.threat_ids.tolist() == origins.threat_ids[rows].tolist()
        assert (np.diff(left.azimuth_rad) >= 0).all()
        assert (np.diff(left.plot_id) == 1).all()
    assert within(twice, sent, 0.15)


def test_late_plots_have_their_stated_share_and_delay():
    faults = Faults(late_probability=0.25, late_min_s=1.0, late_max_s=4.0)
    delays, sent = [], 0
    for _, (left, _) in scans(faults):
        sent += len(left)
        late = ~np.isnan(left.arrival_s)
        delays.append((left.arrival_s - left.time_s)[late])
    delays = np.concatenate(delays)
    assert within(len(delays), sent, 0.25)
    assert kstest((delays - 1.0) / 3.0, "uniform").pvalue > 1e-3
    assert delays.min() >= 1.0 and delays.max() <= 4.0


def test_copies_are_late_by_themselves():
    both = Faults(duplicate_probability=1.0, late_probability=0.5)
    pairs = []
    for _, (left, _) in scans(both, 400):
        order = np.argsort(left.range_m, kind="stable")
        pairs.append(np.isnan(left.arrival_s[order]).reshape(-1, 2))
    pairs = np.concatenate(pairs)
    assert within(int((pairs[:, 0] & pairs[:, 1]).sum()), len(pairs), 0.25)


def test_biases_show_in_the_mean_residual():
    faults = Faults(bias_range_m=35.0, bias_azimuth_deg=0.2, bias_elevation_deg=-0.1)
    clear = dataclasses.replace(RADAR, false_plots_per_scan=0.0)
    far = dataclasses.replace(sky(1), rcs_m2=np.array([1.0]))
    offset = far.position_m[0] - SITE.ecef_m
    east, north, up = SITE.axes @ offset
    truth = {
        "range_m": np.linalg.norm(offset),
        "azimuth_rad": math.atan2(east, north),
        "elevation_rad": math.atan2(up, math.hypot(east, north)),
    }
    plots = [left for _, (left, _) in scans(faults, objects=far, radar=clear)]
    stated = (35.0, math.radians(0.2), math.radians(-0.1))
    sigmas = (10.0, 0.001, 0.001)
    for (name, true), bias, sigma in zip(truth.items(), stated, sigmas, strict=True):
        residual = np.concatenate([getattr(p, name) for p in plots]) - true
        # Five standard errors: 1 in 1.7 million by chance; sigma grows a little with weak echoes.
        error = 5 * 1.1 * sigma / math.sqrt(len(residual))
        assert residual.mean() == pytest.approx(bias, abs=error), name
        assert abs(bias) > 3 * error


def test_a_turned_radar_still_measures_azimuths_within_one_turn_and_in_order():
    for _, (left, whose) in scans(Faults(bias_azimuth_deg=200.0), 50):
        assert ((left.azimuth_rad >= 0) & (left.azimuth_rad < 2 * np.pi)).all()
        assert (np.diff(left.azimuth_rad) > 0).all()
        assert len(whose.threat_ids) == len(left)


EVERY = Faults(
    bias_range_m=5.0, loss_probability=0.3, duplicate_probability=0.3, late_probability=0.3
)


def test_another_object_changes_no_fault_of_the_others():
    for scan in zip(scans(EVERY, 40, sky(5)), scans(EVERY, 40, sky(8)), strict=True):
        (before, (fewer, _)), (_, (more, _)) = scan
        there = np.isin(more.range_m, before[0].range_m + 5.0)
        for name in ("range_m", "arrival_s", "azimuth_rad"):
            ours, theirs = getattr(fewer, name), getattr(more, name)[there]
            assert np.array_equal(ours, theirs, equal_nan=True), name


def test_the_same_seed_repeats_the_faults_and_another_or_another_radar_differs():
    def run(**changed):
        radar = dataclasses.replace(RADAR, id=changed.pop("id", "r1"))
        return [repr(bits(left)) for _, (left, _) in scans(EVERY, 5, radar=radar, **changed)]

    assert run() == run()
    assert run() != run(seed=8)
    assert run() != run(id="r2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("loss_probability", 1.5),
        ("late_probability", -0.1),
        ("duplicate_probability", math.nan),
        ("bias_range_m", math.inf),
        ("bias_time_s", -1.0),
        ("loss_burst_scans", -1),
        ("late_min_s", 9.0),
        ("late_max_s", 1e6),
        ("outages", ((5.0, 5.0),)),
    ],
)
def test_impossible_faults_are_refused_by_the_name_of_their_field(field, value):
    with pytest.raises(ValueError, match=field):
        Faults(**{field: value})
