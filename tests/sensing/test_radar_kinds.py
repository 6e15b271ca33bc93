"""Fluctuation, integration, fixed arrays, Doppler, aspect, refraction: what plots show of each."""

import dataclasses
import math

import numpy as np
import pytest
from radar_range import CLEAR, SHARP, SITE, many, placed, seen

from mantlet.sensing import Objects, Radar
from mantlet.sensing.equation import RadarEquation
from mantlet.world.earth import EARTH_RADIUS_M, Site, ecef_from_degrees

SCANS = 3_000


def four_sigma(probability, n=SCANS):
    """Four binomial standard errors: 1 in 16,000 by chance, and the seeds are fixed."""
    return 4 * math.sqrt(probability * (1 - probability) / n)


@pytest.mark.parametrize("swerling", [0, 1, 3])
@pytest.mark.parametrize("pulses", [1, 8])
def test_objects_are_detected_as_often_as_the_exact_formula_says(swerling, pulses):
    radar = dataclasses.replace(
        CLEAR, swerling=swerling, pulses=pulses, reference_snr_db=24.0 - 7.0 * (pulses > 1)
    )
    for range_m in (60_000.0, 90_000.0):
        plots = many(radar, placed(range_m, 45.0, 20.0, 0.1), SCANS)
        expected = radar.detection_probability(0.1, range_m)
        hits = sum(map(len, plots))
        assert hits / SCANS == pytest.approx(expected, abs=four_sigma(expected))


@pytest.mark.parametrize("swerling", [0, 1, 3])
@pytest.mark.parametrize("pulses", [1, 8])
def test_the_data_sheet_tells_the_errors_of_detected_plots(swerling, pulses):
    radar = dataclasses.replace(
        CLEAR, swerling=swerling, pulses=pulses, reference_snr_db=22.0 - 7.0 * (pulses > 1),
        sigma_range_rate_mps=1.0, range_rate_resolution_mps=30.0, false_plots_per_scan=0.0,
    )  # fmt: skip
    sheet = radar.nominal()
    plots = many(radar, placed(50_000.0, 120.0, 30.0, 0.1), SCANS)
    azimuth = np.concatenate([p.azimuth_rad for p in plots]) - math.radians(120.0)
    rate = np.concatenate([p.range_rate_mps for p in plots])
    expected = sheet["detection_probability"]
    assert len(azimuth) / SCANS == pytest.approx(expected, abs=four_sigma(expected))
    # A root mean square of n Gaussians is good to 1 / sqrt(2 n); fluctuating ones a little worse.
    assert np.sqrt(np.mean(azimuth**2)) == pytest.approx(sheet["sigma_azimuth_rad"], rel=0.07)
    assert np.sqrt(np.mean(rate**2)) == pytest.approx(sheet["sigma_range_rate_mps"], rel=0.07)


def test_sigmas_follow_the_snr_that_the_plot_shows():
    radar = dataclasses.replace(SHARP, reference_snr_db=25.0, swerling=1)
    plots = many(radar, placed(40_000.0, 120.0, 30.0, 0.1), SCANS)
    snr = 10 ** (np.concatenate([p.snr_db for p in plots]) / 10)
    error = np.concatenate([p.range_m for p in plots]) - 40_000.0
    scaled = error / (radar.range_resolution_m / np.sqrt(2 * snr))
    # Standard normal, whatever the strength: weak and strong halves alike, 4 standard errors.
    for half in (snr < np.median(snr), snr >= np.median(snr)):
        assert scaled[half].std() == pytest.approx(1.0, abs=4 / math.sqrt(2 * half.sum()))


def test_pulses_added_up_raise_the_snr_of_the_plot():
    one, ten = (
        np.median(
            np.concatenate(
                [
                    p.snr_db
                    for p in many(
                        dataclasses.replace(CLEAR, swerling=0, pulses=n),
                        placed(20_000.0, 45.0, 20.0),
                        200,
                    )
                ]
            )
        )
        for n in (1, 10)
    )
    assert ten - one == pytest.approx(10.0, abs=0.3)


def test_the_equation_gives_what_a_calculation_by_hand_does():
    # 1 MW, 40 dB, 10 cm, 1 us, noise figure 3 dB, losses 6 dB: 1 m2 at 100 km, in decibels
    # 60 + 2 x 40 - 20 - 60 - 33 - 200 - (-204) - 3 - 6 = 22.
    equation = RadarEquation(1e6, 40.0, 0.1, 1e-6, 3.0, 6.0)
    radar = Radar("r1", SITE, equation=equation)
    assert 10 * math.log10(radar.snr(1.0, 100_000.0)) == pytest.approx(22.0, abs=0.1)


def test_the_default_equation_is_about_the_default_reference():
    snr_db = 10 * math.log10(Radar("r1", SITE, equation=RadarEquation()).snr(1.0, 100_000.0))
    assert snr_db == pytest.approx(CLEAR.reference_snr_db, abs=1.0)


def test_a_fixed_array_sees_worse_off_its_axis_and_nothing_behind():
    radar = dataclasses.replace(
        CLEAR, kind="staring-3d", azimuth_centre_deg=90.0, azimuth_width_deg=140.0, swerling=0,
        elevation_min_deg=0.0, elevation_max_deg=40.0, reference_snr_db=40.0,
        sigma_azimuth_rad=1e-9,
    )  # fmt: skip
    sizes = {}
    for azimuth_deg in (90.0, 150.0):
        plots = many(radar, placed(30_000.0, azimuth_deg, 20.0, 0.1), 1_500)
        assert sum(map(len, plots)) == 1_500
        snr = 10 ** (np.concatenate([p.snr_db for p in plots]) / 10)
        error = np.concatenate([p.azimuth_rad for p in plots]) - math.radians(azimuth_deg)
        sizes[azimuth_deg] = snr.mean(), error.std()
    cosine = math.cos(math.radians(20.0)) ** 2 * 0.5 + math.sin(math.radians(20.0)) ** 2
    # The mean SNR is good to 0.1 %, a spread to 2 %.
    assert sizes[150.0][0] / sizes[90.0][0] == pytest.approx(cosine**2.5, rel=0.02)
    wider = sizes[150.0][1] / sizes[90.0][1]
    assert wider == pytest.approx(cosine ** (-2.5 / 2 - 1), rel=0.1)
    assert not any(map(len, many(radar, placed(30_000.0, [270.0, 165.0], 20.0), 20)))


def test_doppler_keeps_apart_what_shares_a_cell():
    pair = placed([30_000.0, 30_010.0], 45.0, 20.0)
    pair.velocity_mps[0] = -300.0 * (SITE.ecef_m - pair.position_m[0]) / 30_000.0
    doppler = dataclasses.replace(SHARP, sigma_range_rate_mps=0.1)
    assert len(seen(SHARP, pair)[0]) == 1
    assert len(seen(doppler, pair)[0]) == 2
    assert len(seen(dataclasses.replace(doppler, range_rate_resolution_mps=0.0), pair)[0]) == 1
    assert len(seen(dataclasses.replace(doppler, range_rate_resolution_mps=400.0), pair)[0]) == 1


def test_an_object_shows_the_cross_section_of_its_aspect():
    radar = dataclasses.replace(CLEAR, swerling=0, reference_snr_db=60.0)
    one = placed(30_000.0, 45.0, 20.0)
    line = (one.position_m[0] - SITE.ecef_m) / 30_000.0
    across = np.cross(line, [0.0, 0.0, 1.0])
    sizes = np.array([[0.01, 1.0, 0.1]])
    for velocity, rcs_m2 in [(-line, 0.01), (across, 1.0), (line, 0.1)]:
        moving = dataclasses.replace(one, velocity_mps=300.0 * velocity[None, :], rcs_m2=sizes)
        snr = 10 ** (np.concatenate([p.snr_db for p in many(radar, moving, 200)]) / 10)
        # The mean of 200 steady echoes of over 40 dB is good to 0.2 %.
        assert snr.mean() == pytest.approx(radar.snr(rcs_m2, 30_000.0), rel=0.01)


@pytest.mark.parametrize(("refraction", "share"), [("corrected", 0), ("apparent", 1), ("none", 0)])
def test_only_uncorrected_plots_stand_higher_than_the_object(refraction, share):
    radar = dataclasses.replace(SHARP, refraction=refraction)
    plots, _ = seen(radar, placed(80_000.0, 45.0, 10.0))
    lift = share * 80_000.0 * math.cos(math.radians(10.0)) / (8 * EARTH_RADIUS_M)
    # 1e-9 rad of noise, some of it weak.
    assert plots.elevation_rad[0] - math.radians(10.0) == pytest.approx(lift, abs=2e-6)


@pytest.mark.parametrize("refraction", ["corrected", "none"])
@pytest.mark.parametrize("site_m", [20.0, 400.0])
@pytest.mark.parametrize("height_m", [30.0, 900.0])
def test_the_horizon_of_two_heights_is_the_closed_form(refraction, site_m, height_m):
    """A ray that grazes the Earth: sqrt(2 k a h) from either side."""
    k = 1.0 if refraction == "none" else 4.0 / 3.0
    reach_m = math.sqrt(2 * k * EARTH_RADIUS_M) * (math.sqrt(site_m) + math.sqrt(height_m))
    radar = dataclasses.replace(
        SHARP, site=Site(0.0, 35.0, site_m), refraction=refraction, elevation_min_deg=-20.0,
        range_max_m=400_000.0, reference_snr_db=130.0,
    )  # fmt: skip

    def shown(distance_m):
        lon = 35.0 + math.degrees(distance_m / 6_378_137.0)
        one = Objects(
            np.arange(1), np.arange(1), ecef_from_degrees(0.0, lon, height_m), np.zeros((1, 3)),
            np.ones(1),
        )  # fmt: skip
        return len(seen(radar, one)[0]) == 1

    # The equator's radius is 0.1 % above the mean; refraction is exact to first order only.
    assert shown(0.99 * reach_m) and not shown(1.01 * reach_m)
    assert shown(0.3 * reach_m)


def test_two_objects_merge_as_often_as_geometry_says():
    """Offsets even over twice each resolution either way: half of each is within one."""
    rng = np.random.default_rng(5)
    merged, tries = 0, 2_000
    for scan in range(tries):
        r, a, e = rng.uniform(-2.0, 2.0, 3) * (30.0, 1.5, 1.5)
        pair = placed([30_000.0, 30_000.0 + r], [100.0, 100.0 + a], [20.0, 20.0 + e])
        plots, origins = seen(SHARP, pair, scan)
        assert len(plots) == 2 or (origins.threat_ids >= 0).all()
        merged += len(plots) == 1
    assert merged / tries == pytest.approx(1 / 8, abs=four_sigma(1 / 8, tries))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"swerling": 2}, "swerling 2"),
        ({"kind": "rotating"}, "kind rotating"),
        ({"refraction": "4/3"}, "refraction 4/3"),
        ({"pulses": 0}, "pulses 0"),
        ({"false_alarm_probability": 0.5}, "false_alarm_probability 0.5"),
        ({"period_s": 0.0}, "period_s 0"),
        ({"range_min_m": 2e5}, "range_min_m 200000 is not below range_max_m"),
        ({"azimuth_width_deg": 400.0}, "azimuth_width_deg 400"),
        ({"kind": "staring-3d"}, "does not see 360 degrees"),
        ({"false_plots_per_scan": -1.0}, "false_plots_per_scan -1"),
        ({"false_alarms": "by-cell", "false_alarm_probability": 0.05}, "false plots a scan"),
    ],
)
def test_a_radar_that_cannot_be_is_refused_by_field(wrong, words):
    with pytest.raises(ValueError, match=words):
        Radar("r1", SITE, **wrong)


def test_errors_of_angle_and_range_rate_are_the_published_ones():
    """Beamwidth over 1.6 roots of twice the SNR, and resolution over one (Curry 2012)."""
    radar = dataclasses.replace(
        SHARP, swerling=0, reference_snr_db=40.0, sigma_range_rate_mps=1e-9,
        azimuth_beamwidth_deg=2.0, elevation_beamwidth_deg=3.0, range_rate_resolution_mps=12.0,
    )  # fmt: skip
    snr = 1e4 * 0.1 * 2.0**4  # 0.1 m2 at half the range of the reference: 42 dB, all but steady
    plots = many(radar, placed(50_000.0, 120.0, 30.0, 0.1), SCANS)
    for name, truth, size, slope in [
        ("azimuth_rad", math.radians(120.0), math.radians(2.0), 1.6),
        ("elevation_rad", math.radians(30.0), math.radians(3.0), 1.6),
        ("range_rate_mps", 0.0, 12.0, 1.0),
    ]:
        error = np.concatenate([getattr(p, name) for p in plots]) - truth
        # A spread of 3,000 is good to 1.3 %; four times that.
        assert error.std() == pytest.approx(size / (slope * math.sqrt(2 * snr)), rel=0.052)
