"""Scenario files in, checked scenarios out: `load_scenario`."""

from collections.abc import Sequence
from pathlib import Path

from mantlet.scenario import overrides as override
from mantlet.scenario.build import build_scenario
from mantlet.scenario.bundled import bundled_paths
from mantlet.scenario.document import read_mapping
from mantlet.scenario.errors import Mistake, ScenarioErrors, suggest
from mantlet.scenario.model import Scenario


def load_scenario(name_or_path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Load, change, check and build a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A bundled scenario's name, or the path of a YAML file. Files it names are looked for from
        its own folder.
    overrides : sequence of str
        `path=value` texts applied before checking, as in `--set batteries.b1.interceptors=40`.

    Raises
    ------
    ScenarioErrors
        With every mistake found, each with its file, line, field and a fix.
    """
    path = _find(str(name_or_path))
    document = read_mapping(path, "start with name: ... and title: ...")
    override.apply(document, overrides)
    return build_scenario(document, path.parent)


def _find(name: str) -> Path:
    known = bundled_paths()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return path
    fix = f"{suggest(name, list(known))} (or give the path of a .yaml file)"
    raise ScenarioErrors([Mistake(name, 0, "", "no bundled scenario of that name", fix)])
