"""How well a single object can be known: the posterior Cramer-Rao bound with missed plots.

Seven states (position, velocity, ln of the ballistic coefficient) on a trajectory that is known
to the bound and not to the tracker. Each detection adds the information of its plot; motion
without process noise loses none.

References: P. Tichavsky, C. Muravchik, A. Nehorai, "Posterior Cramer-Rao bounds for discrete-time
nonlinear filtering", IEEE Trans. Signal Processing 46 (5), 1998, eq. 21 (the recursion); A.
Farina, B. Ristic, L. Timmoneri, "Cramer-Rao bound for nonlinear filtering with Pd < 1 and its
application to target tracking", IEEE Trans. Signal Processing 50 (8), 2002 (averaging over
detection sequences); M. Hernandez, B. Ristic, A. Farina, "A comparison of two Cramer-Rao bounds
for nonlinear filtering with Pd < 1", same journal, 52 (9), 2004 (information thinned by Pd is
never larger, hence also a bound, and a looser one).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STATES = 7

PRIOR_SIGMA = (1e5, 1e5, 1e5, 500.0, 500.0, 500.0, 1.0)
"""What is known before the first plot [m, m/s, 1]: next to nothing."""


def plot_information(
    position_m: Floats,
    site_m: Floats,
    axes: Floats,
    sigma_range_m: float,
    sigma_azimuth_rad: float,
    sigma_elevation_rad: float,
) -> Floats:
    """Fisher information of one plot of range, azimuth and elevation, (n, 3, 3) [1/m2].

    Parameters
    ----------
    position_m : (n, 3)
        True positions in the frame of `site_m` [m].
    site_m, axes : (3,), (3, 3)
        Of the radar; rows of `axes` are its east, north and up.
    sigma_range_m, sigma_azimuth_rad, sigma_elevation_rad : float
        Standard deviations of the plot.
    """
    local = np.einsum("ij,kj->ik", position_m - site_m, axes)
    slant2 = (local**2).sum(axis=1)
    level2 = local[:, 0] ** 2 + local[:, 1] ** 2
    slant, level = np.sqrt(slant2), np.sqrt(level2)
    none = np.zeros(len(local))
    gradients = (
        (local.T / slant, sigma_range_m),
        (np.array([local[:, 1], -local[:, 0], none]) / level2, sigma_azimuth_rad),
        (
            np.array([-local[:, 0] * local[:, 2], -local[:, 1] * local[:, 2], level2])
            / (slant2 * level),
            sigma_elevation_rad,
        ),
    )
    total = np.zeros((len(local), 3, 3))
    for gradient, sigma in gradients:
        turned = np.einsum("jk,ji->ik", axes, gradient) / sigma
        total += turned[:, :, None] * turned[:, None, :]
    return total


def cramer_rao(
    transitions: Floats,
    information: Floats,
    detected: Floats,
    *,
    prior_sigma: tuple[float, ...] = PRIOR_SIGMA,
    process_noise: Floats | None = None,
) -> Floats:
    """The bound on the covariance after each scan.

    Parameters
    ----------
    transitions : (n, k, 7, 7)
        Of n objects from scan j - 1 to scan j; entry 0 from where the prior holds.
    information : (n, k, 3, 3)
        What a plot of each scan would tell about position (`plot_information`).
    detected : (n, k)
        1 where there was a plot, 0 where not: the bound for that sequence. A probability thins
        the information: a looser bound for the mean over sequences.
    prior_sigma : seven floats
        Standard deviations before the first scan.
    process_noise : (n, k, 7, 7) or (7, 7), optional
        Added by each transition.

    Returns
    -------
    (n, k, 7, 7)
        Lower bound of the covariance of any unbiased estimator that uses this prior.

    Accuracy
    --------
    Rounding: below 1e-6 of the bound for flights up to some 100 s.
    """
    n, k = detected.shape
    scale = np.asarray(prior_sigma, dtype=np.float64)
    units = np.outer(scale, scale)
    covariance = np.tile(np.eye(STATES), (n, 1, 1))  # in units of the prior: well conditioned
    noise = None
    if process_noise is not None:
        noise = np.broadcast_to(process_noise, (n, k, STATES, STATES)) / units
    found = np.empty((n, k, STATES, STATES))
    for j in range(k):
        step = transitions[:, j] * (scale[None, :] / scale[:, None])
        covariance = np.einsum("nij,njk,nlk->nil", step, covariance, step)
        if noise is not None:
            covariance = covariance + noise[:, j]
        told = detected[:, j, None, None] * information[:, j] * units[:3, :3]
        covariance = _taken_in(covariance, told)
        found[:, j] = covariance * units
    return found


def _taken_in(covariance: Floats, told: Floats) -> Floats:
    """(P^-1 + I)^-1 where I is about position: through the square root of I, nothing cancels."""
    values, vectors = np.linalg.eigh(told)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    across = np.einsum("nij,njk->nik", covariance[:, :, :3], root)  # P H'
    seen = np.einsum("nji,njk->nik", root, across[:, :3]) + np.eye(3)  # H P H' + 1
    gain = np.linalg.solve(seen, across.transpose(0, 2, 1))
    smaller = covariance - np.einsum("nij,njk->nik", across, gain)
    return np.asarray(0.5 * (smaller + smaller.transpose(0, 2, 1)))


def over_sequences(
    transitions: Floats,
    information: Floats,
    detection_probability: float,
    *,
    sequences: int = 100,
    seed: int = 0,
    prior_sigma: tuple[float, ...] = PRIOR_SIGMA,
    process_noise: Floats | None = None,
) -> Floats:
    """The bound averaged over random detection sequences (Farina et al. 2002), (n, k, 7, 7).

    The enumeration bound by Monte Carlo: 2^k sequences are too many, a hundred are enough for
    5 % after the first scans.
    """
    rng = np.random.default_rng(seed)
    shape = information.shape[:2]
    total = np.zeros((*shape, STATES, STATES))
    for _ in range(sequences):
        detected = (rng.random(shape) < detection_probability).astype(np.float64)
        total += cramer_rao(
            transitions,
            information,
            detected,
            prior_sigma=prior_sigma,
            process_noise=process_noise,
        )
    return total / sequences


def transitions_of(
    motion: Callable[[Floats], Floats], states: Floats, step: tuple[float, ...] | None = None
) -> Floats:
    """Transition matrices (n, 7, 7) of any motion, by central differences.

    `motion` takes states (m, 7) to states (m, 7); `step` are the seven differences.
    """
    sizes = np.array(step or (1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 1e-3))
    moved = [
        (motion(states + size * axis) - motion(states - size * axis)) / (2.0 * size)
        for size, axis in zip(sizes, np.eye(STATES), strict=True)
    ]
    return np.stack(moved, axis=2)


def from_start(sensitivities: Floats) -> Floats:
    """Transitions (n, k, 7, 7) from scan to scan, from those (n, k, 7, 7) from the start to each.

    Scans at which a sensitivity is not finite (before the start, after the end) stand still.
    """
    known = np.asarray(np.isfinite(sensitivities).all(axis=(2, 3)))
    found = np.tile(np.eye(STATES), (*known.shape, 1, 1))
    before = np.tile(np.eye(STATES), (len(known), 1, 1))
    for j in range(known.shape[1]):
        rows = np.flatnonzero(known[:, j])
        now = sensitivities[rows, j]
        back = np.linalg.solve(before[rows].transpose(0, 2, 1), now.transpose(0, 2, 1))
        found[rows, j] = back.transpose(0, 2, 1)
        before[rows] = now
    return found


def impact_gradient(to_ground: Floats, velocity_mps: Floats, axes: Floats) -> Floats:
    """How the point of impact, east and north, moves with the state at some time, (n, 2, 7).

    Parameters
    ----------
    to_ground : (n, 7, 7)
        Transition from then to the moment of the true impact.
    velocity_mps, axes : (n, 3), (n, 3, 3)
        Velocity there, and the local east, north, up (rows). An error along the path moves the
        time of impact, not the point.
    """
    local = np.einsum("nij,njk->nik", axes, to_ground[:, :3])
    speed = np.einsum("nij,nj->ni", axes, velocity_mps)
    slope = speed[:, :2] / speed[:, 2:]
    return np.asarray(local[:, :2] - slope[:, :, None] * local[:, 2:])


def of_impact(covariance: Floats, gradient: Floats) -> Floats:
    """The bound on the point of impact, (n, 2, 2) [m2], from that on the state."""
    return np.asarray(np.einsum("nij,njk,nlk->nil", gradient, covariance, gradient))
