"""`mantlet check`: every mistake of a scenario at once, or what it holds."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario


def check(scenario: str, settings: list[str]) -> None:
    """Load a scenario; print "ok" with a summary, or raise with the list of its mistakes."""
    from mantlet.scenario.load import load_scenario

    print("ok  " + describe(load_scenario(scenario, tuple(settings))))


def describe(scenario: "Scenario") -> str:
    """What a scenario holds, in two lines."""
    loaded = sum(battery.interceptors for battery in scenario.batteries)
    people = scenario.zones.population.sum()
    return (
        f"{scenario.name}: {scenario.title}\n"
        f"    {_count(len(scenario.radars), 'radar')}, "
        f"{_count(len(scenario.batteries), 'battery', 'batteries')} with {loaded:,} interceptors, "
        f"{_count(len(scenario.zones), 'zone')} with {people:,.0f} people, "
        f"{_count(len(scenario.raids), 'raid')}"
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
