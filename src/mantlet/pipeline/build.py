"""A scenario's pipeline: the same for the simulation, for replayed plots and for live ones."""

from mantlet.engagement.planner import Planner
from mantlet.pipeline.pipeline import Pipeline
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.model import Scenario
from mantlet.tracking.tracker import Tracker
from mantlet.warning.warner import Warner
from mantlet.world.zones import ZoneMap


def build_pipeline(
    scenario: Scenario, *, engage: bool = True, watch: Stopwatch | None = None
) -> Pipeline:
    """The defence described by a scenario. `engage=False` (live plots) has no batteries at all."""
    planner = None
    if engage and scenario.batteries:
        planner = Planner(scenario.batteries, scenario.doctrine, scenario.zones)
    return Pipeline(
        tracker=Tracker(scenario.figures, scenario.air, terrain=scenario.terrain),
        warner=Warner(scenario.zones, scenario.policy),
        planner=planner,
        zones=ZoneMap(scenario.zones),
        air=scenario.air,
        watch=watch or Stopwatch(),
    )
