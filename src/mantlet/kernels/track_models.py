"""What a track may be: a filter for each kind of drag, and one for a motor still burning.

A confirmed track carries up to six models side by side. Each is an extended (or cubature) Kalman
filter of its own, weighed by how well it foretold the plots, and dropped once it is hundreds of
times less likely than all together; after some ten seconds most tracks have one left. Drag curves
differ only where the Mach number changes, so a wrong curve lies least about now and most about
the impact: that is what the bank is for. A burning motor ends at random, once: the only change of
model (an interacting multiple model with one way). A rough model, vague about wind, air and drag
alike, never goes: where the others turn out to be sure of the wrong thing, it takes over.

References: Y. Bar-Shalom, X. R. Li, T. Kirubarajan (2001), sec. 11.6 (static and interacting
multiple models); H. A. P. Blom, Y. Bar-Shalom, IEEE Trans. AC 33 (8), 1988.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.atmosphere import density_and_sound
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import EARTH, ROCKET, drag_coefficient, ground_height
from mantlet.kernels.track_motion import LN_BETA, STATES, drag_slopes
from mantlet.kernels.tuning import Tuning

Floats = NDArray[np.float64]

# The first four are the drag families of `dynamics`, in its order.
COAST, SHELL, MORTAR, DEBRIS, BOOST, ROUGH = range(6)
MODELS = 6

# Notional: ln of the ballistic coefficient (without drag coefficient) [kg/m2] of each, the middle
# and the spread of mass over area in the generic classes, and how common each is.
_LN_BETA = np.array([8.5, 7.6, 6.75, 5.2, 8.5, 8.0])
_LN_BETA_SIGMA = np.array([0.27, 0.25, 0.3, 0.6, 0.27, 1.0])
ROUGH_SHARE = 0.02
_SHARE = np.array([0.83, 0.03, 0.10, 0.02, 0.0, ROUGH_SHARE])
_LAUNCH_HEIGHT_M, _LOW_DEBRIS = 2_500.0, 0.2  # what climbs from below is seldom debris
_FAST_BOMB_MPS, _FAST_BOMB = 380.0, 0.1  # no bomb leaves its tube faster
_YOUNG_BOMB = 4.0  # one climbing rocket in five is slower just after its launch
_BURNING = 0.08  # of young, low, climbing tracks with the rocket's curve when confirmed
_BURN_HEIGHT_M = 6_000.0
# Of such tracks that begin on two plots: how many still burn, and how many did at the first plot
# only. Generic motors that end before two seconds leave nothing as fast as this.
_LONG_BURN_MPS = 450.0
_BURNING_FAST, _BURNT_FAST = 0.15, 0.35
_BURNING_SLOW, _BURNT_SLOW = 0.02, 0.02
_LONGEST_BURN_S = 2.0  # between two plots
_NEGLIGIBLE = 2e-3
RARE = 0.03
"""Models with less weight are left out of what is shown."""
_ROUGH_LEAST = 1e-2  # the air may turn out other than told at any time


@kernel
def family_of(model: int) -> int:
    """Drag curve of a model."""
    return ROCKET if model >= BOOST else model


@kernel
def law_of(model: int, tuning: Tuning) -> ekf.Law:
    """How sure a model is of its motion."""
    return tuning.rough if model == ROUGH else tuning.law


@kernel
def thrust_of(model: int, tuning: Tuning) -> float:
    """Mean thrust of a model [m/s2]."""
    return tuning.boost_mps2 if model == BOOST else 0.0


@kernel
def likeliest(weight: Floats) -> int:
    """The model with the greatest weight."""
    best = 0
    for m in range(1, MODELS):
        if weight[m] > weight[best]:
            best = m
    return best


@kernel
def spread_models(
    mean: Floats,
    cov: Floats,
    weight: Floats,
    young: bool,
    climb: float,
    height: float,
    pair_s: float,
    boost_mps2: float,
    air: Floats,
) -> None:
    """Turn the one vague filter of a track, in the first row, into the bank, in place.

    It has learned next to nothing of drag from three plots; what it believes of it is replaced by
    each model's prior. `pair_s` [s] between the plots of a track that has but two, else 0;
    `boost_mps2` is the mean thrust.
    """
    speed = math.sqrt(mean[0, 3] ** 2 + mean[0, 4] ** 2 + mean[0, 5] ** 2)
    for m in range(MODELS - 1, -1, -1):
        weight[m] = _SHARE[m]
        ekf.copy_state(mean[0], cov[0], mean[m], cov[m])
        for i in range(STATES):
            cov[m, i, LN_BETA] = 0.0
            cov[m, LN_BETA, i] = 0.0
        mean[m, LN_BETA] = _LN_BETA[m]
        cov[m, LN_BETA, LN_BETA] = _LN_BETA_SIGMA[m] ** 2
        if pair_s > 0.0:
            allow_drag(mean[m], cov[m], m, pair_s, air)
    if climb > 0.0 and height < _LAUNCH_HEIGHT_M:
        weight[DEBRIS] *= _LOW_DEBRIS
    doubt = math.sqrt((cov[0, 3, 3] + cov[0, 4, 4] + cov[0, 5, 5]) / 3.0)
    if speed > _FAST_BOMB_MPS + 2.0 * doubt:
        weight[MORTAR] *= _FAST_BOMB
    elif young and climb > 0.0 and height < _LAUNCH_HEIGHT_M and speed < _FAST_BOMB_MPS:
        weight[MORTAR] *= _YOUNG_BOMB
    if young and climb > 0.0 and height < _BURN_HEIGHT_M:
        burning = _BURNING
        if pair_s > 0.0:
            fast = speed > _LONG_BURN_MPS
            burning = _BURNING_FAST if fast else _BURNING_SLOW
            burnt = _BURNT_FAST if fast else _BURNT_SLOW
            gained = boost_mps2 * min(pair_s, _LONGEST_BURN_S)
            allow_thrust(mean, cov, gained, burnt / (1.0 - burning))
        weight[BOOST] = burning * weight[COAST]
        weight[COAST] -= weight[BOOST]
    prune(weight)


@kernel
def allow_drag(mean: Floats, cov: Floats, model: int, pair_s: float, air: Floats) -> None:
    """Let drag have acted between the two plots that a velocity is from, in place.

    The filter could not: it had no velocity yet, so no drag. What two plots tell is the mean
    velocity between them; drag has taken from the last one for half that time.
    """
    body = (0.0, math.exp(-mean[LN_BETA]), family_of(model))
    x, y, z, _, _ = drag_slopes(mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], body, air)
    slower = (0.5 * pair_s * x, 0.5 * pair_s * y, 0.5 * pair_s * z)
    variance = cov[LN_BETA, LN_BETA]
    for i in range(3):
        mean[3 + i] += slower[i]
        for j in range(3):
            cov[3 + i, 3 + j] += slower[i] * slower[j] * variance
        cov[3 + i, LN_BETA] = -slower[i] * variance
        cov[LN_BETA, 3 + i] = cov[3 + i, LN_BETA]


@kernel
def allow_thrust(mean: Floats, cov: Floats, gained: float, burnt: float) -> None:
    """Let a motor have burnt between the two plots that a velocity is from, in place.

    Two plots tell the mean velocity between them. Under thrust all along, which gained so many
    m/s, the last one is faster by half of that. Where it ended at any time in between, a share
    `burnt` of what coasts, it is faster by a sixth if even, with a tail: a quarter either way.
    """
    hasten(mean[BOOST], cov[BOOST], 0.25 * gained, 0.25 * gained)
    join(mean[COAST], cov[COAST], 1.0 - burnt, mean[BOOST], cov[BOOST])
    hasten(mean[BOOST], cov[BOOST], 0.25 * gained, 0.5 * gained)


@kernel
def hasten(mean: Floats, cov: Floats, faster: float, sigma: float) -> None:
    """Make a state faster by `faster` [m/s] along its velocity, more or less, in place."""
    speed = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
    if speed > 1.0:
        for i in range(3, 6):
            for j in range(3, 6):
                cov[i, j] += (sigma / speed) ** 2 * mean[i] * mean[j]
        for i in range(3, 6):
            mean[i] *= 1.0 + faster / speed


@kernel
def end_boost(mean: Floats, cov: Floats, weight: Floats, duration: float, burn_s: float) -> None:
    """Let the motor end, in place: a share of what burns joins what coasts with its curve."""
    gone = weight[BOOST] * (1.0 - math.exp(-duration / burn_s))
    weight[BOOST] -= gone
    total = weight[COAST] + gone
    if not total > 0.0:
        return
    join(mean[COAST], cov[COAST], weight[COAST] / total, mean[BOOST], cov[BOOST])
    weight[COAST] = total


@kernel
def join(mean: Floats, cov: Floats, share: float, other: Floats, other_cov: Floats) -> None:
    """Mean and covariance of a mixture, in place: `share` of the first, the rest of the other."""
    rest = 1.0 - share
    for i in range(STATES):
        for j in range(i, STATES):
            apart = (other[i] - mean[i]) * (other[j] - mean[j])
            cov[i, j] = share * cov[i, j] + rest * other_cov[i, j] + share * rest * apart
            cov[j, i] = cov[i, j]
    for i in range(STATES):
        mean[i] += rest * (other[i] - mean[i])


@kernel
def predict_models(
    mean: Floats,
    cov: Floats,
    weight: Floats,
    duration: float,
    tuning: Tuning,
    air: Floats,
    work: Floats,
) -> None:
    """Move all models of a track on by `duration` seconds, in place."""
    if weight[BOOST] > 0.0 and duration > 0.0:
        end_boost(mean, cov, weight, duration, tuning.burn_s)
    for m in range(MODELS):
        if weight[m] > 0.0:
            ekf.predict(
                mean[m],
                cov[m],
                duration,
                thrust_of(m, tuning),
                family_of(m),
                law_of(m, tuning),
                air,
                work,
            )


@kernel
def weigh(weight: Floats, ln_likelihood: Floats) -> None:
    """Bayes' rule for the weights of the models, in place; negligible ones go."""
    best = -math.inf
    for m in range(MODELS):
        if weight[m] > 0.0:
            best = max(best, ln_likelihood[m])
    for m in range(MODELS):
        if weight[m] > 0.0:
            weight[m] *= math.exp(ln_likelihood[m] - best)
    prune(weight)


@kernel
def prune(weight: Floats) -> None:
    """Drop the negligible weights and let the others sum to one, in place."""
    total, kept = 0.0, 0.0
    for m in range(MODELS):
        total += weight[m]
    if weight[ROUGH] > 0.0:
        weight[ROUGH] = max(weight[ROUGH], _ROUGH_LEAST * total)
    for m in range(MODELS):
        if weight[m] < _NEGLIGIBLE * total:
            weight[m] = 0.0
        kept += weight[m]
    for m in range(MODELS):
        weight[m] /= kept


@kernel
def copy_models(
    mean: Floats, cov: Floats, weight: Floats, mean_to: Floats, cov_to: Floats, weight_to: Floats
) -> None:
    """Copy the live models of a track."""
    for m in range(MODELS):
        weight_to[m] = weight[m]
        if weight[m] > 0.0:
            ekf.copy_state(mean[m], cov[m], mean_to[m], cov_to[m])


@kernel
def rocket_equivalent(mean: Floats, model: int, air: Floats) -> float:
    """ln(beta) with which the rocket's curve would give the same drag now."""
    if family_of(model) == ROCKET:
        return float(mean[LN_BETA])
    height = ground_height(mean[0], mean[1], mean[2], air[0] != EARTH)
    _, sound = density_and_sound(height, air[1], air[2])
    mach = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2) / sound
    ratio = drag_coefficient(ROCKET, mach) / drag_coefficient(family_of(model), mach)
    return float(mean[LN_BETA] + math.log(ratio))


@kernel
def merge(
    mean: Floats, cov: Floats, weight: Floats, air: Floats, merged: Floats, spread: Floats
) -> None:
    """One mean and covariance for the models of a track, drag by the rocket's curve.

    Those that are rare are left out: the spread of an outlier of one in a hundred would widen what
    is said of the other ninety-nine.
    """
    total = 0.0
    other = np.empty(STATES)
    for m in range(MODELS):
        if weight[m] >= RARE:
            total += weight[m]
            for i in range(STATES):
                other[i] = mean[m, i]
            other[LN_BETA] = rocket_equivalent(mean[m], m, air)
            if total == weight[m]:
                ekf.copy_state(other, cov[m], merged, spread)
            else:
                join(merged, spread, 1.0 - weight[m] / total, other, cov[m])
