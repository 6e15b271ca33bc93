"""Runs side by side: what was run, and what came of it."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mantlet.engagement.ledger import wilson
from mantlet.tables.errors import InputError

FIGURES = {
    "simulated_h": "hours simulated",
    "threats": "launched",
    "threatening": "of them headed for a populated zone",
    "leakers": "came down in their zone",
    "intercepted": "destroyed in mid-air",
    "engaged": "fired at",
    "shots": "interceptors spent",
    "shots_at_debris": "of them at debris",
    "shots_at_false_tracks": "of them at nothing",
    "cost_usd.usual": "their cost, US$ (published prices)",
    "debris_in_zones": "pieces of debris in zones",
    "alerts": "zone alerts",
    "needless_alerts": "of them needless",
    "missed_alerts": "falls in zones without an alert",
    "people_alerted": "people alerted at least once",
    "lead_s.p10": "lead, shortest tenth, s",
    "lead_s.p50": "lead, median, s",
    "tracks_confirmed": "confirmed tracks",
    "tracks_false": "of them false",
    "track_completeness": "share of flight time followed",
    "track_continuity": "share of threats in one track",
    "plots": "plots",
    "false_plots": "of them false",
}
"""The figures compared: their place in `summary.json`, and in words."""

RATES = (
    "true, of threatening",
    "true, of engaged",
    "observed, of engaged",
    "needless, of alerts",
    "in time, of needed alerts",
    "unwarned, of landed",
)


@dataclass(frozen=True)
class RateChange:
    """A rate in every run, and how it differs from that in the first.

    `counts` is (numerator, denominator) of each run; `changes` (difference, low, high) of each but
    the first, with Newcombe's 95 % interval for two independent shares; NaN if nothing was counted.
    """

    name: str
    meaning: str
    counts: tuple[tuple[int, int], ...]
    changes: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Comparison:
    """Runs held against the first of them.

    `figures` are rows of words and a value for each run (None where there is none). `settings` are
    rows of a path in the scenario and its value in each run, of those that are not all equal.
    """

    folders: tuple[Path, ...]
    scenarios: tuple[str, ...]
    seeds: tuple[int, ...]
    versions: tuple[str, ...]
    figures: tuple[tuple[str, tuple[float | None, ...]], ...]
    rates: tuple[RateChange, ...]
    settings: tuple[tuple[str, tuple[Any, ...]], ...]
    files: tuple[str, ...]
    """Companion files of the scenarios that are not the same."""


def compare(folders: Sequence[Path]) -> Comparison:
    """Compare the summaries and scenarios of run folders.

    Raises
    ------
    InputError
        If there are fewer than two, one is no run folder, or their schemas differ.
    """
    if len(folders) < 2:
        raise InputError("one run alone\n    fix: name two run folders or more")
    manifests = [_read(folder, "manifest.json") for folder in folders]
    summaries = [_read(folder, "summary.json") for folder in folders]
    _check_schemas(folders, manifests)
    return Comparison(
        tuple(folders),
        tuple(str(manifest["scenario"]) for manifest in manifests),
        tuple(int(manifest["seed"]) for manifest in manifests),
        tuple(f"{m['mantlet']} ({str(m.get('kernels', ''))[:8]})" for m in manifests),
        tuple((words, tuple(_at(s, key) for s in summaries)) for key, words in FIGURES.items()),
        tuple(_rate(name, summaries) for name in RATES),
        tuple(_differences([_scenario(folder) for folder in folders])),
        _other_files(manifests),
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        needed = ("schema", "scenario", "seed", "mantlet") if name.startswith("man") else ("rates",)
        if all(key in content for key in needed):
            return dict(content)
    except (OSError, ValueError, TypeError):
        pass
    raise InputError(f"{folder}: not a run folder\n    fix: make one with mantlet run")


def _check_schemas(folders: Sequence[Path], manifests: list[dict[str, Any]]) -> None:
    first = manifests[0]["schema"]
    for folder, manifest in zip(folders, manifests, strict=True):
        if manifest["schema"] != first:
            raise InputError(
                f"{folder}: schema {manifest['schema']}, but {folders[0]} has {first}\\n"
                "    fix: run both scenarios with the same version of Mantlet"
            )


def _at(summary: dict[str, Any], key: str) -> float | None:
    value: Any = summary
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) else None


def _rate(name: str, summaries: list[dict[str, Any]]) -> RateChange:
    found = [summary["rates"].get(name) for summary in summaries]
    counts = tuple((r["numerator"], r["denominator"]) if r else (0, 0) for r in found)
    meaning = next((r["meaning"] for r in found if r), "")
    changes = tuple(share_change(counts[0], later) for later in counts[1:])
    return RateChange(name, meaning, counts, changes)


def share_change(first: tuple[int, int], later: tuple[int, int]) -> tuple[float, float, float]:
    """Difference of two shares (later less first) and its 95 % interval; NaN without any trial.

    Reference: R. G. Newcombe, Stat. Med. 17 (1998), 873-890, method 10: the Wilson intervals of
    both, squared and added. For independent counts; runs of one seed are more alike than that, so
    the interval is rather too wide for them.
    """
    a, b = wilson(*first), wilson(*later)
    change = b.share - a.share
    low = change - math.hypot(b.share - b.low, a.high - a.share)
    high = change + math.hypot(b.high - b.share, a.share - a.low)
    return change, low, high


def _scenario(folder: Path) -> dict[str, Any]:
    from mantlet.scenario.document import read_mapping

    values: dict[str, Any] = read_mapping(folder / "scenario.yaml", "run it again").values
    return values


def _differences(scenarios: list[dict[str, Any]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    flat = [dict(_leaves(values, "")) for values in scenarios]
    paths = dict.fromkeys(path for each in flat for path in each)
    for path in paths:
        values = tuple(each.get(path) for each in flat)
        if any(value != values[0] for value in values[1:]):
            yield path, values


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value with its path; list members by id, so that an added one shifts no others."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{inner.get('id', index)}]")
    else:
        yield path, value


def _other_files(manifests: list[dict[str, Any]]) -> tuple[str, ...]:
    held = [
        {name: digest for name, digest in m.get("sha256", {}).items() if name.startswith("input-")}
        for m in manifests
    ]
    names = sorted({name for each in held for name in each})
    return tuple(name for name in names if len({each.get(name) for each in held}) > 1)
