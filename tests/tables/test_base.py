import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mantlet.tables import (
    SCHEMA_VERSION,
    Alerts,
    Impacts,
    PlotOrigins,
    Plots,
    Recorder,
    Table,
    Zones,
)
from mantlet.tables.run import TABLES, RunTables


def filled(kind: type[Table], rows: int = 3) -> Table:
    """A table of `kind` with different values in every cell."""
    columns = {}
    for number, (key, spec) in enumerate(kind.columns().items()):
        width = tuple(2 if n < 0 else n for n in spec.shape)
        values = np.arange(rows * int(np.prod(width)), dtype=float) + 100.0 * number
        values = values.reshape(rows, *width)
        if spec.dtype is str:
            values = np.array([f"é{v}" for v in values], dtype=object)
        elif spec.dtype is bytes:
            values = np.array([b"\x00%d\x00" % v for v in values], dtype=object)
        else:
            values = values.astype(spec.dtype)
        columns[key] = values
    return kind(**columns)


def same(one: Table, two: Table) -> bool:
    return all(np.array_equal(getattr(one, key), getattr(two, key)) for key in one.columns())


@pytest.fixture(params=TABLES.values(), ids=TABLES)
def kind(request):
    return request.param


def test_every_table_survives_a_file(kind, tmp_path):
    table = filled(kind)
    table.write(tmp_path / "t.parquet")
    assert same(kind.read(tmp_path / "t.parquet"), table)


def test_every_empty_table_survives_a_file(kind, tmp_path):
    kind.empty().write(tmp_path / "t.parquet")
    back = kind.read(tmp_path / "t.parquet")
    assert len(back) == 0
    assert same(back, kind.empty())


def test_equal_tables_make_equal_bytes(kind, tmp_path):
    for name in "ab":
        filled(kind).write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_every_column_has_a_meaning_and_every_measure_a_unit(kind, tmp_path):
    filled(kind).write(tmp_path / "t.parquet")
    schema = pq.read_schema(tmp_path / "t.parquet")
    assert schema.metadata[b"mantlet.schema"] == SCHEMA_VERSION.encode()
    assert schema.metadata[b"mantlet.table"] == kind.__name__.encode()
    for key, spec in kind.columns().items():
        assert schema.field(key).metadata[b"meaning"]
        assert bool(spec.unit) == (spec.dtype is np.float64), key


def test_names_end_in_their_unit(kind):
    suffixes = {"s": "_s", "m": "_m", "m/s": "_mps", "rad": "_rad", "deg": "_deg", "dB": "_db"}
    for key, spec in kind.columns().items():
        if spec.unit in suffixes:
            assert key.endswith(suffixes[spec.unit]), key


def test_columns_are_read_only(kind):
    table = filled(kind)
    for key in table.columns():
        assert not getattr(table, key).flags.writeable


def test_taking_and_joining_give_the_table_back(kind):
    table = filled(kind)
    assert same(kind.concat([table.take(slice(0, 1)), table.take(np.array([1, 2]))]), table)
    assert same(kind.concat([]), kind.empty())


def test_unknown_columns_are_ignored_and_missing_ones_named(kind):
    arrow = filled(kind).to_arrow()
    more = arrow.append_column("news", pa.array([1, 2, 3]))
    assert same(kind.from_arrow(more), filled(kind))
    last = [key for key, spec in kind.columns().items() if not spec.optional][-1]
    with pytest.raises(ValueError, match=f"{kind.__name__}: column {last} is missing"):
        kind.from_arrow(arrow.drop_columns([last]))


@pytest.mark.parametrize(("schema", "fine"), [("1.99", True), ("2.0", False), ("0.9", False)])
def test_only_another_major_schema_is_refused(tmp_path, schema, fine):
    arrow = filled(Plots).to_arrow().replace_schema_metadata({"mantlet.schema": schema})
    pq.write_table(arrow, tmp_path / "t.parquet")
    if fine:
        assert len(Plots.read(tmp_path / "t.parquet")) == 3
    else:
        with pytest.raises(ValueError, match=f"schema {re.escape(schema)}"):
            Plots.read(tmp_path / "t.parquet")


def test_a_bad_shape_names_its_column():
    good = {key: getattr(filled(Impacts), key) for key in Impacts.columns()}
    with pytest.raises(ValueError, match=r"Impacts.covariance_m2: shape \(3, 2\), expected \(3, 3"):
        Impacts(**{**good, "covariance_m2": np.zeros((3, 2))})
    with pytest.raises(ValueError, match=r"Impacts\.time_s: 2 rows, expected 3"):
        Impacts(**{**good, "time_s": np.zeros(2)})
    with pytest.raises(ValueError, match=r"Impacts\.track_id: float64 cannot be held as"):
        Impacts(**{**good, "track_id": np.zeros(3)})


def test_origins_of_false_true_and_merged_plots_keep_their_length_in_files(tmp_path):
    origins = PlotOrigins(
        plot_id=np.arange(3), threat_ids=np.array([[-1, -1], [7, -1], [7, 2_000_000_001]])
    )
    origins.write(tmp_path / "t.parquet")
    listed = pq.read_table(tmp_path / "t.parquet")["threat_ids"].to_pylist()
    assert listed == [[], [7], [7, 2_000_000_001]]
    assert same(PlotOrigins.read(tmp_path / "t.parquet"), origins)


def test_bytes_given_as_a_list_keep_their_trailing_zeros():
    columns = {key: getattr(filled(Zones, 1), key) for key in Zones.columns()}
    zones = Zones(**{**columns, "polygon": [b"\x01\x00\x00"]})
    assert zones.polygon[0] == b"\x01\x00\x00"


def test_a_recorder_gives_all_batches_in_order():
    recorder = Recorder(Plots)
    table = filled(Plots)
    for row in range(3):
        recorder.add(table.take(slice(row, row + 1)))
        recorder.add(Plots.empty())
        if row == 1:
            recorder.compact()
    assert same(recorder.build(), table)
    assert same(recorder.build(), table)
    assert same(Recorder(Plots).build(), Plots.empty())


def test_a_column_that_only_some_batches_have_is_kept():
    recorder, table = Recorder(Plots), filled(Plots)
    plain = table.take(slice(0, 2))
    object.__getattribute__(plain, "__dict__").pop("arrival_s", None)
    for batch in (plain, table.with_columns(arrival_s=np.arange(float(len(table))))):
        recorder.add(batch)
        recorder.compact()
    arrival_s = recorder.build().arrival_s
    assert np.isnan(arrival_s[:2]).all() and arrival_s[2:].tolist() == list(range(len(table)))


def test_a_table_built_does_not_change_with_what_is_added_later():
    recorder, table = Recorder(Plots), filled(Plots)
    recorder.add(table)
    early = recorder.build()
    for _ in range(9):
        recorder.add(table)
        recorder.compact()
    assert same(early, table)
    assert same(recorder.build(), Plots.concat([table] * 10))


def test_rows_of_any_width_are_recorded_as_they_are_joined():
    narrow, wide = filled(Alerts), filled(Alerts)
    narrow = narrow.with_columns(track_ids=np.arange(len(narrow))[:, None])
    wide = wide.with_columns(track_ids=np.arange(3 * len(wide)).reshape(-1, 3))
    recorder = Recorder(Alerts)
    for batch in (narrow, wide, narrow):
        recorder.add(batch)
        recorder.compact()
    assert same(recorder.build(), Alerts.concat([narrow, wide, narrow]))


def test_tables_become_data_frames():
    frame = filled(Plots).to_pandas()
    assert list(frame.columns) == list(Plots.columns())
    assert frame["range_m"].tolist() == filled(Plots).range_m.tolist()


def test_a_run_folder_without_one_of_its_tables_is_refused(tmp_path):
    tables = RunTables(**{name: filled(kind) for name, kind in TABLES.items()})
    tables.write(tmp_path)
    back = RunTables.read(tmp_path)
    assert all(same(getattr(back, name), getattr(tables, name)) for name in TABLES)
    (tmp_path / "shots.parquet").unlink()
    with pytest.raises(ValueError, match=r"shots\.parquet is missing"):
        RunTables.read(tmp_path)


def test_an_optional_column_reads_as_nan_and_stays_out_of_files(tmp_path):
    late = filled(Plots)
    plain = Plots(**{key: getattr(late, key) for key in Plots.columns() if key != "arrival_s"})
    assert np.isnan(plain.arrival_s).all() and plain.arrival_s.shape == (3,)
    assert "arrival_s" not in plain.to_arrow().column_names
    plain.write(tmp_path / "plain.parquet")
    assert np.isnan(Plots.read(tmp_path / "plain.parquet").arrival_s).all()
    assert "arrival_s" not in plain.take(slice(1, 2)).held()
    assert "arrival_s" not in Plots.concat([plain, plain]).held()
    with pytest.raises(AttributeError, match="Plots has no 'arival_s'"):
        plain.arival_s  # noqa: B018 -- the misspelling is the point


def test_an_optional_column_of_some_parts_is_nan_for_the_others():
    late = filled(Plots)
    plain = Plots(**{key: getattr(late, key) for key in Plots.columns() if key != "arrival_s"})
    joined = Plots.concat([plain, late])
    assert np.isnan(joined.arrival_s[:3]).all()
    assert np.array_equal(joined.arrival_s[3:], late.arrival_s)
    assert np.array_equal(joined.take(slice(3, 5)).arrival_s, late.arrival_s[:2])
