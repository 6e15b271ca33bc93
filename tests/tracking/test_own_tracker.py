"""The tracker that docs/tracking.md shows is whole, conforms, and can be benched."""

import re
from pathlib import Path

import numpy as np
import pytest

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.bench.scoring import score
from mantlet.analysis.bench.trackers import tracker_named
from mantlet.tracking.conformance import check_tracker

PAGE = Path(__file__).parents[2] / "docs" / "tracking.md"


@pytest.fixture(scope="module")
def alpha_beta(tmp_path_factory):
    (code,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
        if "class AlphaBeta" in block
    ]
    place = tmp_path_factory.mktemp("own") / "mine.py"
    place.write_text(code)
    return tracker_named(f"{place}:AlphaBeta")


def test_the_tracker_in_the_docs_conforms(alpha_beta):
    check_tracker(alpha_beta)


def test_the_tracker_in_the_docs_is_scored_beside_the_bound(alpha_beta):
    scene = CASES["sparse"].make(1)
    figures = score(scene, run_tracker(alpha_beta, scene))
    assert figures["coverage"] > 0.7
    # A fixed-gain filter is well above the bound, and says nothing true of its errors.
    assert figures["position_rms_m"] > 1.3 * figures["position_rms_bound_m"]
    assert np.isfinite(figures["impact_20s_m"])
