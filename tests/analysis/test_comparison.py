"""Runs side by side: figures, rates with their published interval, and what was set otherwise."""

import json
import math

import pytest

from mantlet.analysis.comparison import FIGURES, compare, share_change
from mantlet.tables.errors import InputError


def folder(path, *, seed=1, schema="1.1", leakers=3, hits=(8, 10), yaml="name: a\n", files=()):
    path.mkdir()
    manifest = {"schema": schema, "scenario": "a", "seed": seed, "mantlet": "0", "kernels": "x"}
    manifest["sha256"] = dict(files)
    rate = {"numerator": hits[0], "denominator": hits[1], "meaning": "destroyed"}
    summary = {"leakers": leakers, "lead_s": {"p50": None}, "rates": {"true, of engaged": rate}}
    (path / "manifest.json").write_text(json.dumps(manifest))
    (path / "summary.json").write_text(json.dumps(summary))
    (path / "scenario.yaml").write_text(yaml)
    return path


def test_the_interval_of_a_difference_is_the_published_one():
    # Newcombe 1998, table II, method 10: 56/70 less 48/80 is 0.2 (0.0524 to 0.3339).
    change, low, high = share_change((48, 80), (56, 70))
    assert change == pytest.approx(0.2)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    # Table II also: 9/10 less 3/10 is 0.6 (0.1705 to 0.8090).
    assert share_change((3, 10), (9, 10)) == pytest.approx((0.6, 0.1705, 0.8090), abs=5e-5)
    assert math.isnan(share_change((0, 0), (1, 2))[0])


def test_figures_stand_beside_each_other_and_missing_ones_stay_missing(tmp_path):
    made = compare([folder(tmp_path / "a"), folder(tmp_path / "b", leakers=5, hits=(4, 10))])
    figures = dict(made.figures)
    assert figures[FIGURES["leakers"]] == (3.0, 5.0)
    assert figures[FIGURES["lead_s.p50"]] == (None, None)
    rate = next(rate for rate in made.rates if rate.name == "true, of engaged")
    assert rate.counts == ((8, 10), (4, 10))
    assert rate.changes[0][0] == pytest.approx(-0.4)
    assert (made.settings, made.files) == ((), ())


def test_settings_are_told_apart_by_id_so_that_one_added_shifts_no_others(tmp_path):
    one = "radars: [{id: b, site: {lat: 1}}]\nwarning: {cost_ratio: 0.1}\n"
    other = (
        "radars: [{id: a, site: {lat: 2}}, {id: b, site: {lat: 1}}]\nwarning: {cost_ratio: 0.2}\n"
    )
    made = compare(
        [
            folder(tmp_path / "a", yaml=one, files={"input-z.csv": "1", "plots.parquet": "1"}),
            folder(tmp_path / "b", yaml=other, files={"input-z.csv": "2", "plots.parquet": "2"}),
        ]
    )
    assert dict(made.settings) == {
        "radars[a].id": (None, "a"),
        "radars[a].site.lat": (None, 2),
        "warning.cost_ratio": (0.1, 0.2),
    }
    assert made.files == ("input-z.csv",)


def test_three_runs_are_held_against_the_first(tmp_path):
    made = compare([folder(tmp_path / name, seed=k) for k, name in enumerate("abc")])
    assert made.seeds == (0, 1, 2)
    assert all(len(rate.changes) == 2 for rate in made.rates)


def test_what_cannot_be_compared_is_refused(tmp_path):
    first = folder(tmp_path / "a")
    with pytest.raises(InputError, match="two run folders or more"):
        compare([first])
    with pytest.raises(InputError, match=r"b: schema 2\.0, but .*a has 1\.1"):
        compare([first, folder(tmp_path / "b", schema="2.0")])
    with pytest.raises(InputError, match=r"not a run folder\n    fix"):
        compare([first, tmp_path])
    (first / "summary.json").write_text("[1")
    with pytest.raises(InputError, match=r"not a run folder\n    fix"):
        compare([first, first])
