"""MCAP as its own reader gives it back, held against the tables."""

import json

import numpy as np
import pytest
import shapely

from mantlet.analysis.exports.mcap_file import write_mcap
from mantlet.analysis.exports.saved import TIMES
from mantlet.tables.run import TABLES
from mantlet.world.earth import degrees_from_ecef

reader = pytest.importorskip("mcap.reader")


@pytest.fixture(scope="module")
def recording(tutorial, tmp_path_factory):
    """Messages by topic: (schema, log time [ns], content)."""
    out = tmp_path_factory.mktemp("mcap") / "run.mcap"
    counts = write_mcap(tutorial, out, lambda *_: None)
    topics = {topic: [] for topic in counts}
    with out.open("rb") as file:
        made = reader.make_reader(file, validate_crcs=True)
        for schema, channel, message in made.iter_messages(log_time_order=False):
            content = json.loads(message.data)
            topics[channel.topic].append((schema, message.log_time, content))
        facts = {record.name: record.metadata for record in made.iter_metadata()}
    assert {topic: len(held) for topic, held in topics.items()} == counts
    return topics, facts["mantlet"]


def with_nan(values):
    return np.array(
        [
            with_nan(v).tolist() if isinstance(v, list) else np.nan if v is None else v
            for v in values
        ]
    )


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_a_message_with_its_numbers_and_its_time(recording, tutorial, name):
    held, table = recording[0][f"/{name}"], tutorial.table(TABLES[name])
    assert len(held) == len(table)
    for key, spec in table.held().items():
        got, wanted = [content[key] for _, _, content in held], getattr(table, key)
        if spec.dtype is bytes:
            shapes = zip(shapely.from_wkt(got), shapely.from_wkb(wanted), strict=True)
            assert all(a.equals_exact(b, 1e-7) for a, b in shapes)
        elif spec.ragged:
            assert got == [[v for v in row if v >= 0] for row in wanted.tolist()]
        elif spec.dtype is str:
            assert got == wanted.tolist()
        elif spec.shape:
            np.testing.assert_array_equal(with_nan(got).reshape(wanted.shape), wanted)
        else:
            np.testing.assert_array_equal(with_nan(got), wanted)
    if name in TIMES and len(held):
        stamps = np.array([stamp for _, stamp, _ in held])
        since = (stamps - int(tutorial.epoch.timestamp()) * 10**9) / 1e9
        assert since == pytest.approx(getattr(table, TIMES[name]), abs=1e-6)


def test_schemas_explain_every_field_and_the_file_says_it_is_an_exercise(recording, tutorial):
    topics, facts = recording
    for name, kind in TABLES.items():
        if topics[f"/{name}"]:
            schema = json.loads(topics[f"/{name}"][0][0].data)
            assert schema["properties"].keys() == tutorial.table(kind).held().keys()
            assert all(value["description"] for value in schema["properties"].values())
    assert facts["exercise"] == "true"
    assert facts["title"].startswith("EXERCISE")


def test_the_map_topics_hold_zones_and_the_tracks_of_each_moment(recording, tutorial):
    topics, _ = recording
    ((schema, _, content),) = topics["/map/zones"]
    assert schema.name == "foxglove.GeoJSON"
    shapes = shapely.get_parts(shapely.from_geojson(content["geojson"]))
    wanted = shapely.from_wkb(tutorial.table(TABLES["zones"]).polygon)
    assert all(a.equals(b) for a, b in zip(shapes, wanted, strict=True))
    tracks = tutorial.table(TABLES["tracks"])
    told = tracks.take(tracks.status != "tentative")
    fixes = [fix for _, _, content in topics["/map/tracks"] for fix in content["fixes"]]
    lat, lon, height = degrees_from_ecef(told.state[:, :3])
    np.testing.assert_array_equal([fix["latitude"] for fix in fixes], lat)
    np.testing.assert_array_equal([fix["longitude"] for fix in fixes], lon)
    np.testing.assert_array_equal([fix["altitude"] for fix in fixes], height)
    assert [fix["frame_id"] for fix in fixes] == [f"EXERCISE track {k}" for k in told.track_id]
