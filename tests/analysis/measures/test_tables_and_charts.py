"""Measures come as tables and as figures."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mantlet.analysis.measures import Points, consistency, set_distances, siap
from mantlet.analysis.measures.charts import draw_consistency, draw_gospa, draw_misses
from mantlet.analysis.measures.columns import to_arrow
from mantlet.analysis.measures.impact_points import ImpactMisses

RNG = np.random.default_rng(3)
TRUTH = Points.of(np.repeat([1, 2], 20), np.tile(np.arange(20.0), 2), RNG.normal(0, 2e3, (40, 3)))
TRACKS = Points.of(TRUTH.id, TRUTH.time_s, TRUTH.position_m + RNG.normal(0, 30, (40, 3)))


def misses() -> ImpactMisses:
    covariance = np.tile(np.eye(2) * 900.0, (60, 1, 1))
    left = np.linspace(1.0, 59.0, 60)
    return ImpactMisses(left, RNG.normal(0, 30, (60, 2)), covariance, RNG.normal(size=60))


def test_results_become_tables():
    sets = set_distances(TRACKS, TRUTH)
    table = to_arrow(sets)
    assert table.num_rows == 20
    assert table["gospa_m"].to_pylist() == sets.gospa_m.tolist()
    assert to_arrow(siap(TRACKS, TRUTH)).num_rows == 1
    found = misses()
    assert to_arrow(found)["miss_m"].to_pylist() == found.miss_m.tolist()
    with pytest.raises(ValueError, match="not a result"):
        to_arrow({"a": 1})
    with pytest.raises(ValueError, match="no columns of one length"):
        to_arrow(Points.of([1], [0.0], [[0.0, 0, 0]]))


def test_figures_show_what_was_measured():
    axes = Figure().subplots(1, 3)
    sets = set_distances(TRACKS, TRUTH)
    drawn = draw_gospa(sets, axes[0]).get_lines()
    assert [line.get_label() for line in drawn] == ["localisation", "missed", "false", "GOSPA"]
    assert drawn[3].get_ydata().tolist() == sets.gospa_m.tolist()
    held = consistency(RNG.chisquare(6, 400), np.repeat(np.arange(20.0), 20), 6)
    assert draw_consistency(held, axes[1], 6).get_lines()[0].get_ydata().mean() == pytest.approx(
        1.0, abs=0.15
    )
    median, p90 = draw_misses(misses(), axes[2]).get_lines()
    assert (median.get_ydata() <= p90.get_ydata()).all()
