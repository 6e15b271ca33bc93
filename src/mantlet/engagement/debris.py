"""What is left of a threat that was hit: a few light pieces that fall. Truth side.

Notional throughout: how many pieces, how light, how fast they part. They are there because
they fill a radar's picture after an intercept, not to say where real debris falls.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.draw_keys import PIECES, piece_keys
from mantlet.kernels.draws import DEBRIS
from mantlet.kernels.dynamics import DEBRIS as DEBRIS_FAMILY
from mantlet.kernels.flight import LANDED, fly_knots
from mantlet.ports.draws import Draws
from mantlet.tables import Threats
from mantlet.world.air import Air
from mantlet.world.earth import degrees_from_ecef
from mantlet.world.terrain import Terrain
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COEFFICIENT_KGM2 = (80.0, 250.0)
"""Lightest and heaviest ballistic coefficient; whole rockets and shells have thousands."""
SPREAD_MPS = 30.0
"""Standard deviation of the velocity a piece gains along each axis."""
SLOWED = 0.8
"""Share of the threat's velocity a piece keeps."""
RCS_M2 = (0.002, 0.02)
"""Smallest and largest radar cross-section."""
_LONGEST_FALL_S = 900.0


@dataclass(frozen=True)
class Pieces:
    """New true objects: rows to append to those there are."""

    threats: Threats
    trajectories: Trajectories
    rcs_m2: Floats
    draw_key: Ints
    """Whose draws those of each piece are, whatever its identity: see `draw_keys`."""


def break_up(
    threats: Threats,
    rows: Ints,
    times_s: Floats,
    trajectories: Trajectories,
    first_id: int,
    air: Air,
    draws: Draws,
    terrain: Terrain | None = None,
) -> Pieces:
    """The pieces of the threats in `rows`, broken up at `times_s` [s], in the order of the rows.

    Each is thrown a little out of the threat's path and then falls with high drag. Identities
    count up from `first_id`, and so depend on what broke up before; the draws, here and of
    whatever looks at a piece by its `draw_key`, hang on the threat alone.
    """
    parent = np.repeat(rows, PIECES)
    start_s = np.repeat(times_s, PIECES)
    states = trajectories.states_at(rows, times_s)
    chance = [_draw_pieces(int(row), draws) for row in rows]
    kicks = np.array([kick for kick, _, _ in chance]).reshape(-1, 3)
    coefficient = np.array([c for _, c, _ in chance]).reshape(-1)
    rcs_m2 = np.array([r for _, _, r in chance]).reshape(-1)
    starts = np.repeat(states, PIECES, axis=0)
    starts[:, 3:] = SLOWED * starts[:, 3:] + kicks
    n = len(parent)
    none = np.zeros(n)
    status, impact_s, impact, apogee_m, offsets, knots = fly_knots(
        starts, start_s, 1.0 / coefficient, np.full(n, DEBRIS_FAMILY), none, none,
        air.packed, _LONGEST_FALL_S, terrain=None if terrain is None else terrain.packed,
    )  # fmt: skip
    if (status != LANDED).any():
        raise RuntimeError("a piece of debris did not land: its break-up state is not a flight")
    lat, lon, _ = degrees_from_ecef(starts[:, :3])
    impact_lat, impact_lon, _ = degrees_from_ecef(impact[:, :3])
    table = Threats.trusted(
        threat_id=first_id + np.arange(n),
        parent_id=parent,
        class_id=np.full(n, "debris", object),
        raid_id=threats.raid_id[parent],
        launch_time_s=start_s,
        launch_lat_deg=lat,
        launch_lon_deg=lon,
        impact_time_s=impact_s,
        impact_lat_deg=impact_lat,
        impact_lon_deg=impact_lon,
        apogee_m=apogee_m,
        kind=np.full(n, "debris", object),
    )
    return Pieces(table, Trajectories(offsets, knots), rcs_m2, piece_keys(rows))


def _draw_pieces(row: int, draws: Draws) -> tuple[Floats, Floats, Floats]:
    """Velocity changes (PIECES, 3) [m/s], ballistic coefficients [kg/m2], cross-sections [m2]."""
    kicks = SPREAD_MPS * draws.normal(DEBRIS, row, count=3 * PIECES).reshape(PIECES, 3)
    shares = draws.uniform(DEBRIS, row, stream=1, count=2 * PIECES)
    return (
        kicks,
        _between(COEFFICIENT_KGM2, shares[:PIECES]),
        _between(RCS_M2, shares[PIECES:]),
    )


def _between(limits: tuple[float, float], share: Floats) -> Floats:
    """Log-uniform between two limits."""
    low, high = limits
    return np.asarray(low * (high / low) ** share, np.float64)
