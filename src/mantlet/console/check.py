"""`mantlet check`: every mistake of a scenario at once, or what it holds."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario


def check(scenario: str, settings: list[str]) -> None:
    """Load a scenario; print "ok" with a summary, or raise with the list of its mistakes."""
    from mantlet.scenario.load import load_scenario

    print("ok  " + describe(load_scenario(scenario, tuple(settings))))


def describe(scenario: "Scenario") -> str:
    """What a scenario holds, in a few lines; launches and hours are those of seed 1."""
    loaded = sum(battery.interceptors for battery in scenario.batteries)
    launches, simulated_s = _planned(scenario)
    return (
        f"{scenario.name}: {scenario.title}\n"
        f"    {_count(len(scenario.radars), 'radar')}, "
        f"{_count(len(scenario.batteries), 'battery', 'batteries')} "
        f"with {_count(loaded, 'interceptor')}, "
        f"{_count(len(scenario.zones), 'zone')} "
        f"with {scenario.zones.population.sum():,.0f} people\n"
        f"    {_count(len(scenario.raids), 'raid')}, {_count(launches, 'launch', 'launches')}, "
        f"{_span(simulated_s)} to simulate (seed 1)"
    )


def _planned(scenario: "Scenario") -> tuple[int, float]:
    """Launches, and seconds to simulate: both follow from the raids and the seed alone."""
    from mantlet.ports.draws import Draws
    from mantlet.simulation.run import TAIL_S, WARM_UP_S
    from mantlet.threats.salvos import intervals, plan

    salvos = plan(scenario.raids, Draws(1))
    planned = intervals(salvos, WARM_UP_S, TAIL_S)
    launches = sum(salvo.count for salvo in salvos)
    return launches, float((planned.end_s - planned.start_s).sum())


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _span(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"
