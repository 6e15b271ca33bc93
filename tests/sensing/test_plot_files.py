"""Plots from CSV and Parquet: what is used, what is left out by reason, what is refused."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mantlet.sensing.plot_files import UNTOLD_SCAN, read_plot_file
from mantlet.tables import Plots
from mantlet.tables.errors import InputError

HEADER = "radar_id,time_s,range_m,azimuth_rad,elevation_rad"
ROWS = ("a,1.5,9000.0,0.5,0.2", "a,2.5,8000.0,-0.5,0.3", "b,2.75,7000.0,6.2,-0.01")


def csv(tmp_path, *rows, header=HEADER, name="mine.csv"):
    path = tmp_path / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_csv_of_the_bare_minimum_is_read(tmp_path):
    plots, left_out = read_plot_file(csv(tmp_path, *ROWS))
    assert left_out == ()
    assert plots.radar_id.tolist() == ["a", "a", "b"]
    assert plots.time_s.tolist() == [1.5, 2.5, 2.75]
    assert plots.plot_id.tolist() == [0, 1, 2]
    assert set(plots.scan) == {UNTOLD_SCAN}
    assert plots.azimuth_rad == pytest.approx([0.5, 2 * np.pi - 0.5, 6.2])
    assert np.isnan(plots.range_rate_mps).all() and np.isnan(plots.snr_db).all()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_columns_may_come_in_any_order_with_other_separators_and_a_byte_order_mark(
    tmp_path, separator
):
    path = tmp_path / "theirs.csv"
    lines = "snr_db,elevation_rad,scan,azimuth_rad,range_m,time_s,colour\n12.5,.2,7,.5,9e3,1,red\n"
    path.write_text(lines.replace(",", separator), encoding="utf-8-sig")
    plots, _ = read_plot_file(path, ["only"])
    assert plots.radar_id.tolist() == ["only"]
    assert (plots.scan[0], plots.snr_db[0], plots.range_m[0]) == (7, 12.5, 9000.0)


def test_a_parquet_file_of_the_plots_table_comes_back_bit_for_bit(tmp_path):
    rng = np.random.default_rng(1)
    count = 50
    columns = {
        "plot_id": np.arange(count) + 5,
        "radar_id": np.array(["a", "b"], dtype=object)[rng.integers(0, 2, count)],
        "scan": rng.integers(0, 9, count),
        "time_s": rng.uniform(0, 9, count),
        "range_m": rng.uniform(1e3, 9e4, count),
        "azimuth_rad": rng.uniform(0, 2 * np.pi, count),
        "elevation_rad": rng.uniform(-0.1, 1.5, count),
        "range_rate_mps": np.where(rng.random(count) < 0.5, np.nan, -100.0),
        "snr_db": rng.uniform(5, 30, count),
    }
    plots = Plots(**columns)
    plots.write(tmp_path / "plots.parquet")
    back, left_out = read_plot_file(tmp_path / "plots.parquet", ["a", "b"])
    assert left_out == ()
    for key, column in columns.items():
        assert np.array_equal(getattr(back, key), column, equal_nan=column.dtype == float), key


def test_a_parquet_file_of_other_types_is_read_too(tmp_path):
    table = pa.table(
        {
            "time_s": pa.array([1, 2], pa.int32()),
            "range_m": pa.array([9_000, 8_000], pa.float32()),
            "azimuth_rad": pa.array([0.5, None]),
            "elevation_rad": pa.array(["0.2", "0.3"]),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    plots, left_out = read_plot_file(tmp_path / "x.parquet", ["one"])
    assert plots.elevation_rad.tolist() == [0.2]
    assert [str(reason) for reason in left_out] == [
        "1 row left out: azimuth_rad is no finite number (first: row 2)"
    ]


def test_bad_rows_are_left_out_by_reason_and_the_first_is_named(tmp_path):
    path = csv(
        tmp_path,
        *ROWS,
        "a,soon,9000,0.5,0.2",
        "a,nan,9000,0.5,0.2",
        "a,3,-9000,0.5,0.2",
        "a,3,inf,0.5,0.2",
        "a,3,2e6,0.5,0.2",
        "a,3,9000,7.5,0.2",
        "a,3,9000,0.5,1.9",
        "a,3,9000,0.5",
        "a,1e300,9000,0.5,0.2",
        "c,3,9000,0.5,0.2",
        *ROWS * 3,
    )
    plots, left_out = read_plot_file(path, ["a", "b"])
    assert len(plots) == 12
    assert {reason.reason: (reason.count, reason.first_row) for reason in left_out} == {
        "not 5 cells, as the header has": (1, 11),
        "time_s is no finite number": (2, 4),
        "range_m is no finite number": (1, 7),
        "time_s is beyond 3,000 years": (1, 11),
        "range_m is not above 0": (1, 6),
        "range_m is over 1,000 km": (1, 8),
        "azimuth_rad is beyond a turn": (1, 9),
        "elevation_rad is beyond the vertical": (1, 10),
        "radar 'c' is not among the radars": (1, 12),
    }


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("a,1,9000,143.2,0.2",), r"mine\.csv: row 1, azimuth_rad 143\.2.*degrees\n.*pi / 180"),
        (("a,1,9000,0.1,9.5",), r"row 1, elevation_rad 9\.5: the column looks like degrees"),
        (("a,1,9.1,0.1,0.2", "a,2,12.5,0.1,0.2"), r"row 2, range_m 12\.5.*kilometres\n.*by 1000"),
    ],
)
def test_other_units_are_refused_with_row_column_and_fix(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        read_plot_file(csv(tmp_path, *rows))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n", "empty"),
        (HEADER + "\n", "not one usable plot"),
        ("time_s,range_m,azimuth_deg,elevation_rad\n1,2,3,4\n", "'azimuth_deg' is there"),
        ("time,range_m,azimuth_rad,elevation_rad\n1,2,3,4\n", "column time_s is missing"),
        ("time_s,range_m,azimuth_rad,elevation_rad\n1,9000,3,1\n", "column radar_id is missing"),
        (HEADER + "\nc,1,9000,0.5,0.2\n", "radar 'c' is not among the radars"),
    ],
)
def test_a_file_without_usable_plots_is_refused_by_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_plot_file(path, ["a", "b"])


@pytest.mark.parametrize("octets", [b"PAR1", b"PAR1" + bytes(100), b"\xff\xfe\x00,\x01\n\x80"])
def test_damaged_files_are_refused_by_name(tmp_path, octets):
    path = tmp_path / "x.csv"
    path.write_bytes(octets)
    with pytest.raises(InputError, match=r"x\.csv"):
        read_plot_file(path)
    with pytest.raises(InputError, match="No such file"):
        read_plot_file(tmp_path / "none.csv")


@pytest.mark.parametrize("octets", [b"", b"x", bytes(range(256)), b"PAR1"])
def test_a_parquet_file_that_is_none_is_refused_as_such(tmp_path, octets):
    path = tmp_path / "x.parquet"
    path.write_bytes(octets)
    with pytest.raises(InputError, match=r"x\.parquet: (no Parquet file|cannot be read: .*arquet)"):
        read_plot_file(path)
