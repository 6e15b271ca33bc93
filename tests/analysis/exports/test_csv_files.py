"""CSV as pandas reads it back: the tables, to the last bit."""

import numpy as np
import pandas
import pytest
import shapely

from mantlet.analysis.exports.csv_files import COLUMNS, write_csv
from mantlet.analysis.exports.saved import open_run
from mantlet.tables.errors import InputError
from mantlet.tables.run import TABLES
from mantlet.world.earth import degrees_from_ecef


@pytest.fixture(scope="module")
def folder(tutorial, tmp_path_factory):
    out = tmp_path_factory.mktemp("csv") / "tables"
    counts = write_csv(tutorial, out, lambda *_: None)
    assert {path.name for path in out.iterdir()} == {COLUMNS, *(f"{t}.csv" for t in TABLES)}
    assert counts == {name: len(tutorial.table(kind)) for name, kind in TABLES.items()}
    return out


def read(folder, name):
    return pandas.read_csv(folder / f"{name}.csv", keep_default_na=False)


def numbers(column, dtype=np.float64):
    return pandas.to_numeric(column.replace("", np.nan)).to_numpy(dtype)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table_comes_back_bit_for_bit(folder, tutorial, name):
    held, table = read(folder, name), tutorial.table(TABLES[name])
    assert len(held) == len(table)
    for key, spec in table.held().items():
        wanted = getattr(table, key)
        if spec.dtype is bytes:
            assert all(
                a.equals_exact(b, 1e-7)
                for a, b in zip(shapely.from_wkt(held[key]), shapely.from_wkb(wanted), strict=True)
            )
        elif spec.ragged:
            for text, row in zip(held[key].astype(str), wanted, strict=True):
                assert [int(word) for word in text.split()] == [v for v in row if v >= 0]
        elif spec.shape:
            for k in range(wanted.shape[1]):
                np.testing.assert_array_equal(numbers(held[f"{key}_{k}"]), wanted[:, k])
        elif spec.dtype is str:
            assert held[key].astype(str).tolist() == wanted.tolist()
        else:
            np.testing.assert_array_equal(numbers(held[key], wanted.dtype), wanted)


def test_tracks_also_have_degrees_and_rows_their_time_in_utc(folder, tutorial):
    held = read(folder, "tracks")
    points = held[["state_0", "state_1", "state_2"]].to_numpy()
    for key, values in zip(
        ("lat_deg", "lon_deg", "height_m"), degrees_from_ecef(points), strict=True
    ):
        np.testing.assert_array_equal(held[key], values)
    since = pandas.to_datetime(held["utc"]) - pandas.Timestamp(tutorial.epoch)
    assert since.dt.total_seconds().to_numpy() == pytest.approx(held["time_s"], abs=1e-6)
    assert set(read(folder, "alerts")["exercise"]) == {"EXERCISE"}


def test_every_column_is_explained(folder):
    told = pandas.read_csv(folder / COLUMNS, keep_default_na=False)
    for name in TABLES:
        explained = told[told["table"] == name]
        assert explained["column"].tolist() == list(read(folder, name).columns)
        assert (explained["meaning"] != "").all()


def test_a_window_cuts_rows_and_a_folder_that_is_there_is_left_alone(tutorial_folder, tmp_path):
    counts = write_csv(open_run(tutorial_folder, 60.0, 61.0), tmp_path / "part", lambda *_: None)
    times = read(tmp_path / "part", "plots")["time_s"]
    assert counts["plots"] == len(times) > 0
    assert times.between(60.0, 61.0).all()
    with pytest.raises(InputError, match="is there already"):
        write_csv(open_run(tutorial_folder), tmp_path / "part", lambda *_: None)
