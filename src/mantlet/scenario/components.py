"""Blocks of the file into the components that take them, one by one.

Each block is tried for itself, so that a mistake in one does not hide those in another.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from mantlet.engagement.assessment import Observation
from mantlet.engagement.battery import Battery, Envelope
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.resolver import Lethality
from mantlet.scenario import schema
from mantlet.scenario.document import Document
from mantlet.scenario.errors import Path as Place
from mantlet.scenario.errors import ScenarioErrors
from mantlet.sensing.equation import RadarEquation
from mantlet.sensing.faults import Faults
from mantlet.sensing.interference import ClutterRegion, Jamming
from mantlet.sensing.radar import Radar
from mantlet.tracking.figures import RadarFigures
from mantlet.warning.policy import WarningPolicy
from mantlet.world.air import Air
from mantlet.world.earth import Site

B = TypeVar("B", bound=schema.Block)
C = TypeVar("C")

SAME_FIGURES = (
    "period_s",
    "offset_s",
    "range_min_m",
    "range_max_m",
    "elevation_min_deg",
    "elevation_max_deg",
    "azimuth_centre_deg",
    "azimuth_width_deg",
    "tolerance_range_m",
    "tolerance_azimuth_rad",
    "tolerance_elevation_rad",
)

CERTAIN = 0.999
"""Highest detection probability a tracker is told: none of them is certain."""


def blocks(document: Document, key: str, model: type[B]) -> Iterator[tuple[Place, B]]:
    """The members of a list in the file that are right by themselves, with their places."""
    raw = document.values.get(key)
    for index, value in enumerate(raw if isinstance(raw, list) else []):
        if (found := valid(model, value)) is not None:
            yield (key, index), found


def block(document: Document, key: str, model: type[B]) -> B | None:
    """A single block that is right by itself, or None; one that is left out is all defaults."""
    value = document.values.get(key)
    return valid(model, {} if value is None else value)


def valid(model: type[B], value: object) -> B | None:
    """A block if it is right by itself; if not, that was noted when the whole was validated."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def built(document: Document, place: Place, build: Callable[..., C], *given: Any) -> C | None:
    """What `build` makes of a block, or None with its complaint noted at the block's place."""
    try:
        return build(*given)
    except ScenarioErrors:
        raise
    except ArithmeticError:
        document.mistake(place, "values too extreme to compute with", "write ordinary values")
        return None
    except ValueError as error:
        if not document.faulty(place):  # else it only repeats what is known more exactly
            problem, _, fix = str(error).partition("\n    fix: ")
            document.mistake(place, problem, fix or "change one of the values named")
        return None


def site(place: schema.SiteBlock) -> Site:
    """A site."""
    return Site(place.lat, place.lon, place.height_m)


def radar(given: schema.SearchRadarBlock) -> Radar:
    """A simulated radar."""
    values = given.given(without=("site", "equation", "clutter", "jamming", "faults"))
    if given.equation is not None:
        _refuse_both(values, ("reference_range_m", "reference_snr_db"), "equation")
        values |= {"reference_range_m": math.nan, "reference_snr_db": math.nan}
        values["equation"] = RadarEquation(**given.equation.given())
    if given.false_alarms == "by-cell":
        _refuse_both(values, ("false_plots_per_scan",), "false_alarms: by-cell")
        values["false_plots_per_scan"] = math.nan
    clutter = tuple(ClutterRegion(**region.given()) for region in given.clutter or ())
    jamming = Jamming(**given.jamming.given()) if given.jamming else None
    return Radar(
        site=site(given.site),
        clutter=clutter,
        jamming=jamming,
        faults=faults(given.faults),
        **values,
    )


def _refuse_both(values: dict[str, Any], keys: tuple[str, ...], other: str) -> None:
    for key in keys:
        if key in values:
            raise ValueError(f"both {key} and {other} given\n    fix: give one of them")


def faults(given: schema.FaultsBlock | None) -> Faults:
    """What goes wrong with a radar's plots."""
    values = {} if given is None else given.given()
    spans = tuple((span[0], span[1]) for span in values.pop("outages", ()))
    return Faults(outages=spans, **values)


def radar_and_figures(given: schema.SearchRadarBlock) -> tuple[Radar, RadarFigures]:
    """A simulated radar, and what the tracker may know about it."""
    made = radar(given)
    return made, figures(made)


def figures(made: Radar) -> RadarFigures:
    """What the tracker may know about a simulated radar: its data sheet."""
    sheet = made.nominal()
    detected = min(sheet.pop("detection_probability"), CERTAIN)
    return RadarFigures(
        made.id,
        made.site,
        detection_probability=detected,
        **sheet,
        **{key: getattr(made, key) for key in SAME_FIGURES},
    )


def given_radar(given: schema.GivenRadarBlock) -> RadarFigures:
    """A radar known only by its figures."""
    return RadarFigures(site=site(given.site), **given.given(without=("site", "kind")))


def battery(given: schema.BatteryBlock) -> Battery:
    """A battery; its flyout table may be left out, then the envelope must fit the default one."""
    envelope: dict[str, Any] = given.envelope.given() if given.envelope else {}
    envelope = {key: tuple(v) if isinstance(v, list) else v for key, v in envelope.items()}
    return Battery(
        site=site(given.site),
        envelope=Envelope(**envelope),
        **given.given(without=("site", "envelope")),
    )


def policy(given: schema.WarningBlock) -> WarningPolicy:
    """When zones are alerted."""
    return WarningPolicy(**given.given(without=("policy",)))


def doctrine(given: schema.EngagementBlock) -> Doctrine:
    """When shots are fired."""
    return Doctrine(**given.given(without=("policy", "defend")))


def lethality(given: schema.LethalityBlock) -> Lethality:
    """What shots do."""
    return Lethality(**given.given())


def observation(given: schema.ObservationBlock) -> Observation:
    """What is seen of it."""
    return Observation(**given.given())


def air(given: schema.AirBlock) -> Air:
    """The atmosphere."""
    levels = [(w.height_m, w.east_mps, w.north_mps) for w in given.wind or []]
    return Air(**given.given(without=("wind",)), wind=tuple(levels))
