import numpy as np
import pytest

from mantlet.threats.catalogue import CLASSES
from mantlet.threats.families import family


@pytest.mark.parametrize("name", ["rocket-20", "mortar-81", "shell-155"])
def test_paths_run_from_ground_to_ground_over_the_ranges_of_the_class(name):
    kind, paths = CLASSES[name], family(name, 8)
    assert len(paths) == 8
    for along_km, height_km in paths:
        assert along_km[0] == pytest.approx(0.0, abs=1e-6)
        assert height_km[[0, -1]] == pytest.approx([0.0, 0.0], abs=1e-3)
        assert (np.diff(along_km) > 0.0).all()
        assert (height_km[1:-1] > 0.0).all()
    ends = [along_km[-1] for along_km, _ in paths]
    assert ends == sorted(ends)
    # The sphere that measures distance differs from the ellipsoid by up to 0.5 %.
    assert ends[0] > kind.range_min_km * 0.99 - 0.51
    assert ends[-1] < kind.range_max_km * 1.01 + 0.51


def test_debris_has_no_family():
    with pytest.raises(KeyError):
        family("debris")
