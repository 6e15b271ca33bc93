"""The files a scenario names: found beside it, read once, carried along under their own name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from mantlet.scenario.document import Document
from mantlet.scenario.errors import Mistake, ScenarioErrors
from mantlet.scenario.errors import Path as Place
from mantlet.tables.errors import InputError
from mantlet.world.features import FeatureErrors

PREFIX = "input-"
"""Companion files carry it in a run folder, where they lie among the results."""

T = TypeVar("T")


@dataclass
class Companions:
    """What has been read so far: `contents` by the name that the resolved scenario uses."""

    document: Document
    folder: Path
    contents: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """From the name in the file as given to the name in `contents`."""

    def read(self, place: Place, name: str, reader: Callable[[Path], T]) -> T | None:
        """What `reader` makes of a file, or None with its mistakes noted."""
        path = self.folder / name
        try:
            if not path.is_file():
                problem = "is a folder" if path.is_dir() else "no such file"
                self.document.mistake(
                    place, f"{path}: {problem}", "the path starts at the scenario's own folder"
                )
                return None
            value = reader(path)
            self._keep(name, path)
            return value
        except FeatureErrors as errors:
            self.document.mistakes += [
                Mistake(str(path), 0, _feature_field(p.feature, p.field), p.problem, p.fix)
                for p in errors.problems
            ]
        except ScenarioErrors as errors:
            self.document.mistakes += errors.mistakes
        except (InputError, OSError) as error:
            problem, _, fix = str(error).partition("\n    fix: ")
            self.document.mistake(place, problem, fix)
        return None

    def _keep(self, name: str, path: Path) -> None:
        if name in self.names:
            return
        plain = PREFIX + path.name.removeprefix(PREFIX)
        stem, suffix = Path(plain).stem, Path(plain).suffix
        count = 1
        while plain in self.contents:
            count += 1
            plain = f"{stem}-{count}{suffix}"
        self.names[name] = plain
        self.contents[plain] = path.read_bytes()


def _feature_field(feature: int, name: str) -> str:
    return f"features[{feature}].{name}" if feature >= 0 else name
