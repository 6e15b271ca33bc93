"""What a report's figures rest on: each input, where it comes from, and how far to trust it."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from mantlet.tables import Threats
from mantlet.threats.catalogue import CLASSES, Source, sources
from mantlet.threats.raids import Campaign, Record

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario
    from mantlet.sensing.radar import Radar


@dataclass(frozen=True)
class Ground:
    """One input: what it is, what it rests on, its grade and the ids of its sources."""

    what: str
    basis: str
    grade: str
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A source as listed at the end of a report."""

    source_id: str
    title: str
    date: str
    link: str


def is_in_sample(scenario: "Scenario") -> bool:
    """Whether raids were made from an alert record: agreement with it then proves nothing."""
    return any(isinstance(raid, Record) for raid in scenario.raids)


def grounds_of(scenario: "Scenario", threats: Threats) -> list[Ground]:
    """Everything the figures of a run rest on, the raids first."""
    faults = (_faults(radar) for radar in scenario.radars)
    return [
        *_raids(scenario),
        *_classes(threats),
        *_places(scenario),
        _RELIEF if scenario.terrain is not None else _NO_RELIEF,
        *_FIXED,
        *(fault for fault in faults if fault is not None),
    ]


def references(grounds: list[Ground]) -> list[Reference]:
    """The sources named by `grounds`, in order of their ids."""
    known = {**_own_sources(), **sources()}
    wanted = {source_id for ground in grounds for source_id in ground.source_ids}
    named = [known[source_id] for source_id in sorted(wanted & set(known), key=_id_order)]
    return [Reference(s.source_id, s.title, s.date, s.link) for s in named]


def _id_order(source_id: str) -> tuple[int, str]:
    digits = "".join(c for c in source_id if c.isdigit())
    return int(digits or 0), source_id


def _own_sources() -> dict[str, Source]:
    path = files("mantlet.analysis") / "data" / "report_sources.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["source_id"]: Source(**row) for row in rows}


def _raids(scenario: "Scenario") -> Iterator[Ground]:
    for kind in dict.fromkeys(type(raid) for raid in scenario.raids):
        if kind is Campaign:
            yield Ground(
                "Launches over time",
                "the published cumulative series; which classes, and where they fall: notional",
                "press",
                tuple(s for s in sources() if s.startswith("S8") or s in ("S65", "S66", "S67")),
            )
        elif kind is Record:
            yield Ground(
                "Raids",
                "an alert record supplied by the user (in-sample): only times and places of alerts "
                "are official; classes, counts per burst, falls in the open, at sea and short are "
                "drawn from published totals, as the scenario's notes say",
                "official (alerts), else notional",
            )
        else:
            yield Ground("Raids", "numbers and times as the scenario states them", "notional")


def _classes(threats: Threats) -> Iterator[Ground]:
    for class_id in sorted(set(threats.class_id.tolist())):
        numbers = CLASSES[class_id].numbers
        cited = [number for number in numbers if number.source]
        ids = dict.fromkeys(source for number in cited for source in number.source)
        grades = sorted({number.grade for number in cited})
        yield Ground(
            f"Class: {CLASSES[class_id].title}",
            f"{len(cited)} of {len(numbers)} numbers published, the others notional",
            ", ".join(grades) or "notional",
            tuple(ids),
        )


def _places(scenario: "Scenario") -> Iterator[Ground]:
    document = yaml.load(scenario.resolved, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    bundled = (document.get("places") or {}).get("bundled")
    if not bundled:
        yield Ground("Places, borders", "files of the scenario", "as the scenario states")
        return
    for part, words in (("places", "Places, populations"), ("borders", "Coast and borders")):
        path = files("mantlet.world") / "data" / f"{bundled}-{part}.source.json"
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        basis = f"{made['title']}, {made['version']} ({made['licence']}). {made.get('note', '')}"
        yield Ground(words, basis, "open data")
        if "method" in made:
            yield Ground("Zone outlines, time to shelter", made["method"], "notional")


def _faults(radar: "Radar") -> Ground | None:
    """What the scenario lets go wrong with a radar's plots, in its own words."""
    told = [
        f"{f.name} {getattr(radar.faults, f.name)}"
        for f in fields(radar.faults)
        if getattr(radar.faults, f.name) != f.default
    ]
    if not told:
        return None
    return Ground(f"Faults of radar {radar.id}", ", ".join(told), "notional")


_RELIEF = Ground(
    "Relief",
    "an elevation file of the scenario: flights begin and end on it, it hides what is behind it",
    "as the scenario states",
)
_NO_RELIEF = Ground(
    "Relief", "none: the ground is the ellipsoid, nothing hides behind hills", "notional"
)

_FIXED = (
    Ground("Sites of radars and batteries", "as the scenario states; no real position", "notional"),
    Ground(
        "Radars: range, errors, detection, false plots",
        "a generic search radar; no figure of a real one; rays bend as over 4/3 of the Earth",
        "notional",
    ),
    Ground(
        "Interceptors: reach, time of flight, kill probability, firing doctrine",
        "an envelope and a probability that are inputs: an interception rate that comes out near "
        "a published one confirms nothing; three launchers of twenty per battery are published",
        "notional",
        ("S9b", "S22"),
    ),
    Ground("Kill observations and their errors", "assumed", "notional"),
    Ground(
        "Warning policy",
        "costs of needless and missed alerts are assumed; staying about ten minutes is published",
        "notional",
        ("S130",),
    ),
    Ground(
        "Cost of an interceptor", "35,000 to 100,000 US$ as published", "press",
        ("S22", "S29", "S3b"),
    ),
    Ground(
        "Expected deaths",
        "falls times deaths per fall in published campaigns; in populated zones on the defended "
        "side, all that fell short on the other, as they were published",
        "notional",
        ("S14b", "S53", "S65", "S66", "S67", "S69"),
    ),
)  # fmt: skip
