"""Radars known only by their figures: somebody else's, whose plots are to be tracked."""

from pathlib import Path

from pydantic import ValidationError

from mantlet.scenario import components, schema
from mantlet.scenario.document import read_mapping
from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.problems import note_validation
from mantlet.scenario.references import check_ids
from mantlet.tracking.figures import RadarFigures


def load_given_radars(path: str | Path) -> tuple[RadarFigures, ...]:
    """The radars of a file that holds a `radars:` list of `kind: given` (the default there).

    Raises
    ------
    ScenarioErrors
        With every mistake found, as for a scenario.
    """
    document = read_mapping(Path(path), "start with radars:")
    try:
        schema.GivenRadars.model_validate(document.values)
    except ValidationError as error:
        note_validation(document, error, schema.GivenRadars)
    check_ids(document)
    made = [
        components.built(document, place, components.given_radar, given)
        for place, given in components.blocks(document, "radars", schema.GivenRadarBlock)
    ]
    if document.mistakes:
        raise ScenarioErrors(document.mistakes)
    return tuple(figures for figures in made if figures is not None)
