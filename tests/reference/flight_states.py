"""Starts on the ground for flight tests, and one call that flies them."""

import numpy as np

from mantlet.kernels.flight import fly
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

SITE = Site(31.5, 34.45)


def launch(speed, climb_deg, heading_deg=0.0, site=SITE):
    """ECEF states on the ground, shape (n, 6)."""
    v, e, h = np.broadcast_arrays(
        np.atleast_1d(speed), np.radians(climb_deg), np.radians(heading_deg)
    )
    local = np.stack([np.cos(e) * np.sin(h), np.cos(e) * np.cos(h), np.sin(e)], axis=1)
    return np.hstack([np.tile(site.ecef_m, (len(v), 1)), v[:, None] * (local @ site.axes)])


def flat_launch(speed, climb_deg, heading_deg=0.0, height=0.0):
    v, e, h = np.broadcast_arrays(
        np.atleast_1d(speed), np.radians(climb_deg), np.radians(heading_deg)
    )
    zero = np.zeros_like(v, dtype=float)
    level = v * np.cos(e)
    return np.stack(
        [zero, zero, zero + height, level * np.sin(h), level * np.cos(h), v * np.sin(e)], axis=1
    )


def flown(states, drag=0.0, family=0, boost=0.0, boost_s=0.0, air=STANDARD_AIR, **options):
    n = len(states)
    return fly(
        states,
        np.zeros(n),
        np.broadcast_to(np.asarray(drag, float), n).copy(),
        np.broadcast_to(np.asarray(family), n).copy(),
        np.broadcast_to(np.asarray(boost, float), n).copy(),
        np.broadcast_to(np.asarray(boost_s, float), n).copy(),
        air.packed,
        **options,
    )
