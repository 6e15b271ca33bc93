import struct
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from mantlet.sensing import Radar
from mantlet.sensing.asterix import (
    contents,
    encode,
    marker_messages,
    plot_errors,
    plot_messages,
    read_plots,
    read_tracks,
    recording,
    track_messages,
    write_recording,
)
from mantlet.sensing.asterix.errors import AZIMUTH_STEP_RAD, RANGE_STEP_M
from mantlet.sensing.asterix.heights import elevations, heights
from mantlet.sensing.asterix.pcap import capture
from mantlet.tables import Intervals, Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.world.earth import Site, ecef_from_degrees

RADARS = (Radar("north", Site(31.6, 34.6, 60.0)), Radar("south", Site(31.2, 34.3, -20.0)))
LATE = datetime(2030, 6, 1, 23, 59, 30, tzinfo=UTC)
SUFFIXES = (".ast", ".pcap", ".final")


def some_plots(count=400, seed=1):
    """Plots of two radars, a second a scan, from half a minute before midnight on."""
    rng = np.random.default_rng(seed)
    scan = np.sort(rng.integers(0, 60, count))
    return Plots(
        plot_id=np.arange(count),
        radar_id=np.array(["north", "south"], dtype=object)[rng.integers(0, 2, count)],
        scan=scan,
        time_s=scan * 1.0,
        range_m=rng.uniform(2_000, 60_000, count),
        azimuth_rad=rng.uniform(0, 2 * np.pi, count),
        elevation_rad=rng.uniform(0.01, 1.3, count),
        range_rate_mps=np.where(rng.random(count) < 0.5, np.nan, rng.uniform(-500, 500, count)),
        snr_db=np.full(count, 20.0),
    )


def written(tmp_path, suffix, plots, epoch=LATE):
    path = tmp_path / f"plots{suffix}"
    found, counts = plot_messages(plots, RADARS, epoch)
    write_recording(path, (found,), epoch)
    return path, counts


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_plots_come_back_within_half_a_step_across_midnight(tmp_path, suffix):
    plots = some_plots()
    path, counts = written(tmp_path, suffix, plots)
    back, report = read_plots(path, RADARS, None if suffix == ".pcap" else LATE.date())
    assert counts == {} and report.left_out == {} and report.contents.losses == ()
    assert report.epoch == datetime(2030, 6, 1, tzinfo=UTC)
    since = (LATE - report.epoch).total_seconds()
    assert (back.radar_id == plots.radar_id).all()
    assert (back.time_s == plots.time_s + since).all()
    assert (back.scan == plots.scan + since).all()
    assert np.abs(back.range_m - plots.range_m).max() <= RANGE_STEP_M / 2 + 1e-9
    turn = np.abs(back.azimuth_rad - plots.azimuth_rad)
    assert np.minimum(turn, 2 * np.pi - turn).max() <= AZIMUTH_STEP_RAD / 2 + 1e-12
    rate = back.range_rate_mps - plots.range_rate_mps
    assert np.nanmax(np.abs(rate)) <= 0.5
    assert (np.isnan(back.range_rate_mps) == np.isnan(plots.range_rate_mps)).all()


def test_the_errors_offered_are_those_of_the_format(tmp_path):
    plots = some_plots(4_000)
    back, _ = read_plots(written(tmp_path, ".ast", plots)[0], RADARS, LATE.date())
    told = plot_errors(plots.range_m, plots.elevation_rad)
    for missed, sigma in (
        (back.range_m - plots.range_m, told.range_m),
        (back.elevation_rad - plots.elevation_rad, told.elevation_rad),
    ):
        # Of 4,000 even errors the root mean square is within 4 % with better than five sigmas.
        assert np.sqrt(np.mean((missed / sigma) ** 2)) == pytest.approx(1.0, rel=0.04)


def test_elevation_comes_back_from_height():
    rng = np.random.default_rng(2)
    site = RADARS[0].site
    range_m, azimuth = rng.uniform(500, 400_000, 2_000), rng.uniform(0, 6.28, 2_000)
    elevation = rng.uniform(-0.05, 1.48, 2_000)
    tall = heights(site, range_m, azimuth, elevation)
    assert elevations(site, range_m, azimuth, tall) == pytest.approx(elevation, abs=1e-8)


def test_a_height_out_of_reach_is_impossible_and_rounding_is_not():
    site = Site(31.6, 34.6, 0.0)
    range_m, azimuth = np.array([5_000.0, 5_000.0, 0.0]), np.zeros(3)
    found = elevations(site, range_m, azimuth, np.array([5_005.0, 5_100.0, 0.0]))
    assert found[0] == pytest.approx(np.pi / 2, abs=0.01)
    assert np.isnan(found[1:]).all()


def test_a_capture_tells_days_of_silence_apart_and_raw_blocks_cannot(tmp_path):
    plots = some_plots(2)
    plots = replace(plots, time_s=np.array([0.0, 3 * 86_400.0]), scan=np.array([0, 3 * 86_400]))
    path, _ = written(tmp_path, ".pcap", plots)
    assert np.diff(read_plots(path, RADARS)[0].time_s) == [3 * 86_400.0]
    path, _ = written(tmp_path, ".ast", plots)
    assert np.diff(read_plots(path, RADARS, LATE.date())[0].time_s) == [0.0]


def test_what_cannot_be_said_is_counted(tmp_path):
    plots = some_plots(3)
    plots = replace(
        plots,
        range_m=np.array([500_000.0, 90_000.0, 10_000.0]),
        elevation_rad=np.array([0.1, 1.2, 0.5]),
        range_rate_mps=np.array([0.0, 0.0, 600.0]),
    )
    path, counts = written(tmp_path, ".ast", plots)
    assert counts == {
        "plots beyond 256 NM, left out": 1,
        "plots above 204,775 ft, without height": 1,
        "range rates over 511 m/s, left out": 1,
    }
    back, report = read_plots(path, RADARS, LATE.date())
    assert len(back) == 1
    assert report.left_out == {"no height of a 3D radar": 1}


def test_records_that_cannot_be_plots_are_left_out_by_reason(tmp_path):
    columns = {
        "010/SAC": 0.0,
        "010/SIC": np.array([1.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        "140": np.array([1.0, 2.0, 90_000.0, 4.0, 5.0, 6.0, np.nan]),
        "040/RHO": np.array([9.0, 9.0, 9.0, np.nan, 0.0, 1.0, 9.0]),
        "040/THETA": np.array([9.0, 9.0, 9.0, np.nan, 9.0, 9.0, 9.0]),
        "110/3DH": np.array([9e3, 9e3, 9e3, 9e3, 9e3, 2e5, 9e3]),
    }
    path = tmp_path / "odd.ast"
    path.write_bytes(encode(48, columns, 7).blocks().octets.tobytes() + bytes([21, 0, 4, 1]))
    back, report = read_plots(path, RADARS, date(2030, 6, 1))
    assert len(back) == 1
    assert report.left_out == dict.fromkeys(
        (
            "source is none of the radars",
            "no time of day",
            "time of day beyond 24 h",
            "no range and azimuth",
            "range of 0",
            "height that the range does not reach",
        ),
        1,
    )
    assert "CAT021: 1 blocks skipped" in list(report.lines())


def test_sources_of_others_are_named_by_the_caller(tmp_path):
    columns = {"010/SAC": 25.0, "010/SIC": 7.0, "140": 1.0, "040/RHO": 9.0, "110/3DH": 9e3}
    path = tmp_path / "theirs.ast"
    path.write_bytes(encode(48, columns, 1).blocks().octets.tobytes())
    back, _ = read_plots(path, RADARS, date(2030, 6, 1), sources={(25, 7): "south"})
    assert list(back.radar_id) == ["south"]


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (b"", "empty"),
        (b"\x0a\x0d\x0d\x0a" + bytes(40), "packet runs past the end of the file"),
        (b"\xd4\xc3\xb2\xa1", "ends within the header"),
        (b"\xd4\xc3\xb2\xa1" + bytes(16) + struct.pack("<I", 147), "link type 147"),
        (b"This is no recording at all.", "not one usable plot(.|\n)*the first .* at offset 0"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_by_what_it_is(tmp_path, octets, message):
    path = tmp_path / "x.bin"
    path.write_bytes(octets)
    with pytest.raises(InputError, match=message):
        read_plots(path, RADARS, date(2030, 6, 1))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_plots(tmp_path / "none.ast", RADARS)


def test_where_nobody_tells_the_day_times_count_from_midnight(tmp_path):
    path, _ = written(tmp_path, ".ast", some_plots())
    undated, report = read_plots(path, RADARS)
    dated, _ = read_plots(path, RADARS, LATE.date())
    assert report.epoch is None
    assert (undated.time_s == dated.time_s).all()


def test_a_marker_before_midnight_and_a_plot_after_it_are_a_second_apart(tmp_path):
    plots = replace(some_plots(1), time_s=np.array([31.0]), scan=np.array([31]))
    spans = Intervals(interval_id=[0], start_s=np.array([29.0]), end_s=np.array([29.0]))
    for suffix in SUFFIXES:
        path = tmp_path / f"late{suffix}"
        parts = plot_messages(plots, RADARS, LATE)[0], marker_messages(RADARS, spans, LATE)
        write_recording(path, parts, LATE)
        back, report = read_plots(path, RADARS, LATE.date())
        assert back.time_s.tolist() == [86_401.0]
        assert report.markers_s.tolist() == [86_399.0, 86_399.0]


def test_a_capture_gives_what_it_can_of_every_packet():
    good = encode(48, {"010/SAC": 0.0, "140": 1.0}, 1).blocks().octets.tobytes()
    whole = capture([(10.0, good), (11.0, good), (12.0, good)])
    size = (len(whole) - 24) // 3
    fragment = bytearray(whole)
    fragment[24 + 16 + 6] = 0x20  # of the first packet: more fragments follow
    other = bytearray(whole)
    other[24 + 16 + 9] = 6  # TCP
    for octets, records, losses, others in (
        (whole, 3, {}, 0),
        (whole[:-1], 2, {"packet runs past the end of the file": 1}, 0),
        (bytes(fragment), 2, {"fragment of a datagram": 1}, 0),
        (bytes(other), 2, {}, 1),
        (whole[: 24 + size + 7], 1, {"packet runs past the end of the file": 1}, 0),
    ):
        held = recording(np.frombuffer(octets, np.uint8).copy())
        found = contents(held)
        assert (len(found.records[48]), found.counts, held.others) == (records, losses, others)


def test_an_ethernet_capture_with_a_vlan_tag_and_big_endian_is_read():
    good = encode(48, {"010/SAC": 0.0, "140": 1.0}, 1).blocks().octets.tobytes()
    packet = capture([(10.0, good)])[40:]
    frame = bytes(12) + b"\x81\x00\x00\x07\x08\x00" + packet
    header = struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    octets = header + struct.pack(">IIII", 5, 250_000, len(frame), len(frame)) + frame
    held = recording(np.frombuffer(octets, np.uint8).copy())
    assert held.time_s.tolist() == [5.25]
    assert len(contents(held).records[48]) == 1


def pcapng(packets, order="<", unit=6, link=101):
    """A capture in the newer format: a section, an interface without and one of a known link."""

    def block(kind, body):
        body += bytes(-len(body) % 4)
        size = struct.pack(order + "I", 12 + len(body))
        return struct.pack(order + "I", kind) + size + body + size

    half, word = order + "H", order + "I"
    parts = [
        block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)),
        block(1, struct.pack(order + "HHI", 147, 0, 0)),
        block(1, struct.pack(order + "HHI", link, 0, 0)
              + struct.pack(half, 9) + struct.pack(half, 1) + bytes([unit, 0, 0, 0]) + bytes(4)),
        block(5, bytes(8)),
    ]  # fmt: skip
    for face, time_s, packet in packets:
        units = round(time_s * (2 ** (unit & 127) if unit & 128 else 10**unit))
        head = struct.pack(order + "5I", face, units >> 32, units & 0xFFFFFFFF, *[len(packet)] * 2)
        parts.append(block(6, head + packet))
    return b"".join(parts) + block(3, struct.pack(word, 4) + b"\x45\0\0\0")


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("unit", [6, 9, 0x8A])
def test_a_capture_as_wireshark_writes_it_is_read(order, unit):
    good = encode(48, {"010/SAC": 0.0, "140": 1.0}, 1).blocks().octets.tobytes()
    packet = capture([(0.0, good)])[40:]
    octets = pcapng([(1, 1.5e9, packet), (0, 1.5e9, packet), (1, 1.5e9 + 0.5, packet)], order, unit)
    held = recording(np.frombuffer(octets, np.uint8).copy())
    assert held.time_s.tolist() == [1.5e9, 1.5e9 + 0.5]
    assert (held.container, held.others, held.losses) == ("pcap", 2, ())
    assert len(contents(held).records[48]) == 2
    cut = recording(np.frombuffer(octets[:-30], np.uint8).copy())
    assert [loss.kind for loss in cut.losses] == ["packet runs past the end of the file"]


def test_mutated_captures_of_the_newer_format_do_not_crash():
    rng = np.random.default_rng(8)
    good = encode(48, {"010/SAC": 0.0, "140": np.arange(9.0)}, 9).blocks().octets.tobytes()
    packet = capture([(0.0, good)])[40:]
    octets = pcapng([(1, 1.5e9 + i, packet) for i in range(9)])
    for _ in range(2_000):
        data = np.frombuffer(octets, np.uint8).copy()
        spots = rng.integers(4, data.size, rng.integers(1, 8))
        data[spots] = rng.choice(np.array([0, 1, 4, 255], np.uint8), spots.size)
        data = data[: rng.integers(12, data.size)]
        held = recording(data)
        assert ((held.begins >= 0) & (held.begins <= held.ends) & (held.ends <= data.size)).all()
        assert 0 <= contents(held).octets_lost <= data.size


def test_mutated_captures_and_final_files_do_not_crash(tmp_path):
    rng = np.random.default_rng(3)
    for suffix in (".pcap", ".final"):
        octets = written(tmp_path, suffix, some_plots(60))[0].read_bytes()
        for _ in range(500):
            data = np.frombuffer(octets, np.uint8).copy()
            spots = rng.integers(24, data.size, rng.integers(1, 8))
            data[spots] = rng.integers(0, 256, spots.size)
            data = data[: rng.integers(25, data.size)]
            found = contents(recording(data))
            assert 0 <= found.octets_lost <= data.size


def test_a_north_marker_opens_every_scan_with_period_and_place():
    spans = Intervals(
        interval_id=np.arange(2), start_s=np.array([0.0, 100.0]), end_s=np.array([3.0, 101.5])
    )
    radars = (replace(RADARS[0], period_s=2.0, offset_s=0.5), RADARS[1])
    found = marker_messages(radars, spans, LATE)
    octets = np.frombuffer(b"".join(found.blocks), np.uint8).copy()
    records = contents(recording(octets)).records[34]
    north = records.column("010/SIC") == 1
    assert (records.column("000") == 1).all()
    assert found.time_s[north].tolist() == [0.5, 2.5, 100.5]
    assert found.time_s[~north].tolist() == [0, 1, 2, 3, 100, 101]
    assert set(records.column("041")[north]) == {2.0}
    assert records.column("120/LAT")[~north] == pytest.approx(31.2, abs=1.1e-5)
    assert set(records.column("120/HGT")) == {60.0, -20.0}


def test_tracks_are_written_within_half_a_step_and_misfits_counted():
    place = ecef_from_degrees(np.array([31.5, 31.6]), np.array([34.5, 34.6]), np.array([9e3, 7e4]))
    state = np.hstack([place, [[100.0, 200.0, 300.0], [0.0, 0.0, 3_000.0]], [[8.0], [8.0]]])
    spread = np.diag([100.0, 100.0, 100.0, 4.0, 4.0, 4.0, 0.1])[np.triu_indices(7)]
    tracks = Tracks(
        track_id=np.array([3, 65_540]),
        time_s=np.array([40.0, 40.0]),
        status=np.array(["confirmed", "coasting"], dtype=object),
        state=state,
        covariance=np.tile(spread, (2, 1)),
        last_plot_id=np.zeros(2, np.int64),
        log_likelihood=np.zeros(2),
    )
    found, counts = track_messages(tracks, LATE)
    octets = np.frombuffer(b"".join(found.blocks), np.uint8).copy()
    records = contents(recording(octets)).records[62]
    assert counts == {"heights over 62 km, left out": 1, "climbs over 1,040 m/s, left out": 1}
    assert records.column("040").tolist() == [3, 4]
    assert records.column("070").tolist() == [10.0, 10.0]
    assert records.column("080/CST").tolist() == [0, 1]
    assert records.column("080/SIM").tolist() == [1, 1]
    assert np.abs(records.column("105/LAT") - [31.5, 31.6]).max() <= 180 / 2**26
    assert abs(records.column("130")[0] * 0.3048 - 9e3) <= 6.25 * 0.3048 / 2
    assert np.isnan(records.column("130")[1])
    axes = RADARS[0].site.axes  # a kilometre off; turned by less than 0.01 rad
    assert records.column("185/VX")[0] == pytest.approx(axes[0] @ state[0, 3:6], abs=4.0)
    assert records.column("500/AGA")[0] * 0.3048 == pytest.approx(10.0, abs=1.0)
    assert records.column("500/ATV/X").tolist() == [2.0, 2.0]


def some_tracks(count=300, seed=4):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(31, 32, count), rng.uniform(34, 35, count)
    state = np.empty((count, 7))
    state[:, :3] = ecef_from_degrees(lat, lon, rng.uniform(0, 2e4, count))
    state[:, 3:6] = rng.uniform(-500, 500, (count, 3))
    state[:, 6] = 8.0
    spread = np.diag([900.0, 900.0, 900.0, 16.0, 16.0, 16.0, 0.1])[np.triu_indices(7)]
    words = np.array(["tentative", "confirmed", "coasting", "closed"], dtype=object)
    return Tracks(
        track_id=rng.integers(0, 60_000, count),
        time_s=np.sort(rng.uniform(0, 60, count)),
        status=words[rng.integers(0, 4, count)],
        state=state,
        covariance=np.tile(spread, (count, 1)),
        last_plot_id=np.zeros(count, np.int64),
        log_likelihood=np.zeros(count),
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tracks_come_back_within_half_a_step_across_midnight(tmp_path, suffix):
    tracks = some_tracks()
    path = tmp_path / f"tracks{suffix}"
    write_recording(path, (track_messages(tracks, LATE)[0],), LATE)
    back, report = read_tracks(path, None if suffix == ".pcap" else LATE.date())
    assert (report.left_out, report.untold, report.contents.losses) == ({}, 0, ())
    assert (back.track_id == tracks.track_id).all()
    assert (back.status == tracks.status).all()
    since = (LATE - report.epoch).total_seconds()
    assert np.abs(back.time_s - since - tracks.time_s).max() <= 1 / 256
    # Half the steps of place (0.6 m twice) and height (1.9 m), of velocity twice and climb.
    assert np.linalg.norm(back.state - tracks.state, axis=1).max() < np.hypot(1.05, 0.2)
    sigmas = np.sqrt(back.covariance[:, [0, 7, 13]])
    assert sigmas == pytest.approx(30.0, rel=0.05)
    assert np.sqrt(back.covariance[:, [18, 22, 25]]) == pytest.approx(4.0, rel=0.05)


def test_tracks_that_lack_what_it_takes_are_left_out_by_reason(tmp_path):
    nan = np.nan
    columns = {
        "010/SAC": 0.0,
        "040": np.array([1.0, nan, 3.0, 4.0, 5.0, 6.0, 7.0]),
        "070": np.array([1.0, 1.0, nan, 1.0, 1.0, 1.0, 1.0]),
        "105/LAT": np.array([31.0, 31.0, 31.0, nan, 31.0, 31.0, 31.0]),
        "105/LON": np.array([34.0, 34.0, 34.0, nan, 34.0, 34.0, 34.0]),
        "185/VX": np.array([1.0, 1.0, 1.0, 1.0, nan, 1.0, 1.0]),
        "130": np.array([9e3, 9e3, 9e3, 9e3, 9e3, nan, 9e3]),
        "220": np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, nan]),
    }
    path = tmp_path / "odd.ast"
    path.write_bytes(encode(62, columns, 7).blocks().octets.tobytes())
    back, report = read_tracks(path)
    assert back.track_id.tolist() == [1]
    assert report.untold == 1
    assert list(report.left_out.values()) == [1] * 6
    path.write_bytes(encode(62, {"010/SAC": 0.0}, 2).blocks().octets.tobytes())
    with pytest.raises(InputError, match="not one usable track"):
        read_tracks(path)


def test_an_unknown_container_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"end in \.ast, \.pcap, \.final"):
        write_recording(tmp_path / "x.pcapng", (), LATE)


def test_plots_of_a_radar_that_is_not_given_are_refused():
    with pytest.raises(ValueError, match="'south', which is not among"):
        plot_messages(some_plots(), RADARS[:1], LATE)
