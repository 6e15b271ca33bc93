"""The report: one page a person can read on a phone, on paper, and years later, offline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np

import mantlet
from mantlet.analysis.alert_quality import AlertQuality, alert_quality, falls_of
from mantlet.analysis.figures import COLOURS
from mantlet.analysis.grounds import grounds_of, is_in_sample, references
from mantlet.analysis.registration import described, set_words
from mantlet.analysis.report_clock import Clock
from mantlet.analysis.report_figures import lead_times, magazines, over_time, prediction_errors
from mantlet.analysis.report_map import ground_map
from mantlet.analysis.towns import TOWNS_FILE, towns_csv, towns_of
from mantlet.tables import Towns
from mantlet.tables.run import RunTables
from mantlet.world.earth import Site

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario


def write_report(
    tables: RunTables, scenario: "Scenario", summary: dict[str, Any], seed: int, path: Path
) -> None:
    """Write the report of a run as one self-contained HTML page, and `towns.csv` beside it.

    Parameters
    ----------
    tables : RunTables
        Everything the run left behind.
    scenario : Scenario
        What was run.
    summary : dict
        From `summarise`.
    seed : int
        Of the run.
    path : Path
        The file to write. The same inputs give the same bytes.
    """
    warned, towns = _warned(tables, scenario)
    page = _page(tables, scenario, summary, seed, warned, towns)
    path.write_text(page, encoding="utf-8", newline="\n")
    path.with_name(TOWNS_FILE).write_text(towns_csv(towns), encoding="utf-8", newline="\n")


def report_page(tables: RunTables, scenario: "Scenario", summary: dict[str, Any], seed: int) -> str:
    """The page `write_report` writes, as text."""
    return _page(tables, scenario, summary, seed, *_warned(tables, scenario))


def _warned(tables: RunTables, scenario: "Scenario") -> tuple[AlertQuality, Towns]:
    falls = falls_of(tables.threats, tables.zones)
    warned = alert_quality(
        falls, tables.threats, tables.outcomes, tables.alerts, tables.zones, scenario.policy
    )
    return warned, towns_of(warned, falls, tables.threats, tables.outcomes, tables.zones)


def _page(
    tables: RunTables,
    scenario: "Scenario",
    summary: dict[str, Any],
    seed: int,
    warned: AlertQuality,
    towns: Towns,
) -> str:
    grounds = grounds_of(scenario, tables.threats)
    clock = _clock(tables, scenario.epoch)
    return _template().render(
        scenario=scenario,
        seed=seed,
        version=mantlet.__version__,
        in_sample=is_in_sample(scenario),
        start=_moment(scenario.epoch, clock.start_s),
        end=_moment(scenario.epoch, clock.end_s),
        s=summary,
        mixture=_mixture(summary["threats_by_kind"]),
        figures=_figures(tables, scenario, summary, clock, warned),
        registration=_registration(summary["registration"]),
        towns=_shown(towns),
        towns_file=TOWNS_FILE,
        fates=_bars(summary["fates"]),
        rates=summary["rates"],
        grounds=grounds,
        references=references(grounds),
    )


def _figures(
    tables: RunTables,
    scenario: "Scenario",
    summary: dict[str, Any],
    clock: Clock,
    warned: AlertQuality,
) -> dict[str, str]:
    """Every figure as inline SVG, by the name the template knows it by."""
    threats, alerts = tables.threats, tables.alerts
    sites: dict[str, list[Site]] = {
        "radar": [radar.site for radar in scenario.radars],
        "battery": [battery.site for battery in scenario.batteries],
    }
    drawn = {
        "map": ground_map(tables, scenario.surface, sites),
        "over_time": over_time(
            threats.launch_time_s[threats.parent_id < 0],
            alerts.time_s[alerts.kind == "alert"],
            clock,
        ),
    }
    if len(warned.lead_s):
        drawn["leads"] = lead_times(warned)
    if any(each["predictions"] for each in summary["impact_error_m"]):
        drawn["errors"] = prediction_errors(summary["impact_error_m"])
    if scenario.batteries:
        drawn["magazines"] = magazines(scenario.batteries, tables.shots, clock)
    return drawn


def _registration(found: dict[str, Any] | None) -> list[dict[str, str]]:
    """Lines for the radars: what is set, what the plots say, alone and against another."""
    if found is None:
        return []
    rows = [
        {"who": row["radar"], "told": described(row), "set": set_words(found["set"][row["radar"]])}
        for row in found["radars"]
    ]
    return rows + [
        {"who": f"{row['radar']} against {row['against']}", "told": described(row), "set": ""}
        for row in found["pairs"]
    ]


TOWNS_SHOWN = 20
"""So many places in the page; the file beside it has all."""


def _shown(towns: Towns) -> list[dict[str, Any]]:
    """The first rows for the page, None for what is not known."""
    concerned = (towns.headed > 0) | (towns.alerts > 0)
    some = towns.take(np.flatnonzero(concerned)[:TOWNS_SHOWN])
    rows = [
        dict(zip(Towns.columns(), row, strict=True)) for row in zip(*_columns(some), strict=True)
    ]
    return [{k: None if v != v else v for k, v in row.items()} for row in rows]


def _columns(towns: Towns) -> list[list[Any]]:
    return [getattr(towns, name).tolist() for name in Towns.columns()]


def _clock(tables: RunTables, epoch: datetime) -> Clock:
    spans = tables.intervals
    if not len(spans):
        return Clock(epoch, 0.0, 60.0)
    return Clock(epoch, float(spans.start_s.min()), float(spans.end_s.max()))


def _moment(epoch: datetime, time_s: float) -> str:
    return f"{epoch + timedelta(seconds=round(time_s)):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart drawn with the page's own boxes."""

    words: str
    count: int
    share: float
    colour: str


def _bars(counts: dict[str, int]) -> list[Bar]:
    total = max(sum(counts.values()), 1)
    order = [fate for fate in COLOURS if fate in counts]
    return [Bar(fate, counts[fate], counts[fate] / total, COLOURS[fate]) for fate in order]


def _template() -> jinja2.Template:
    folder = files("mantlet.analysis") / "templates"
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["n"] = _number
    environment.filters["whole"] = _whole
    environment.filters["percent"] = _percent
    environment.filters["people"] = _people
    environment.filters["millions"] = _millions
    environment.globals["style"] = (folder / "report.css").read_text(encoding="utf-8")
    return environment.from_string((folder / "report.html").read_text(encoding="utf-8"))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 10 or float(value).is_integer() else f"{value:,.1f}"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _people(count: int) -> str:
    return _number(count) if count < 1_000_000 else f"{count / 1e6:.1f} million"


def _millions(value: float) -> str:
    """Millions, to two figures."""
    return f"{value / 1e6:,.2g}" if value < 100e6 else f"{value / 1e6:,.0f}"


_PLURALS = {"rocket": "rockets", "mortar": "mortar bombs", "shell": "shells"}


def _mixture(by_kind: dict[str, int]) -> str:
    """How many of each kind, in words."""
    return ", ".join(f"{_number(n)} {_PLURALS.get(kind, kind)}" for kind, n in by_kind.items())
