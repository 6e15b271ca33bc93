"""Time axes for runs of minutes, hours and days."""

from datetime import UTC, datetime

import numpy as np
import pytest

from mantlet.analysis.report_clock import Clock

EPOCH = datetime(2021, 5, 9, 21, tzinfo=UTC)


@pytest.mark.parametrize("span_s", [0.5, 30.0, 250.0, 7000.0, 90_000.0, 1e6])
@pytest.mark.parametrize("start_s", [0.0, 1234.5])
def test_bins_cover_the_span_in_no_more_than_the_number_allowed(span_s, start_s):
    clock = Clock(EPOCH, start_s, start_s + span_s)
    edges = clock.bins(96)
    assert edges[0] <= start_s and edges[-1] >= clock.end_s
    assert len(edges) - 1 <= 97  # one more where the span starts within a bin
    assert np.allclose(np.diff(edges), edges[1] - edges[0])


@pytest.mark.parametrize(
    ("span_s", "words"), [(250.0, "5 s"), (7000.0, "2 min"), (950_000.0, "3 h")]
)
def test_bin_width_is_told_in_round_words(span_s, words):
    assert Clock(EPOCH, 0.0, span_s).width_words(96) == words


def test_long_runs_are_marked_by_day_at_midnight():
    from mantlet.analysis.figures import blank

    (axes,) = blank(2.0)[1]
    Clock(EPOCH, 0.0, 11 * 86400.0).mark(axes)
    since_midnight_s = (np.array(axes.get_xticks()) + 21 * 3600) % 86400
    assert np.all(since_midnight_s == 0)
    assert axes.get_xticklabels()[0].get_text() == "11 May"
    assert len(axes.get_xticks()) <= 7


def test_short_runs_are_marked_in_minutes_and_seconds():
    from mantlet.analysis.figures import blank

    (axes,) = blank(2.0)[1]
    Clock(EPOCH, 0.0, 240.0).mark(axes)
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        "0:00",
        "1:00",
        "2:00",
        "3:00",
        "4:00",
    ]
