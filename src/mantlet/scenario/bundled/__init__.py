"""The scenarios that come with the package, and the files they name."""

from pathlib import Path

FOLDER = Path(__file__).parent


def bundled_paths() -> dict[str, Path]:
    """Name and file of every bundled scenario, in the order of the tour."""
    order = {"tutorial": 0}
    found = sorted(FOLDER.glob("*.yaml"), key=lambda path: (order.get(path.stem, 1), path.stem))
    return {path.stem: path for path in found}


def bundled_titles() -> dict[str, str]:
    """Name and title (one line) of every bundled scenario."""
    from mantlet.scenario.document import parse, read_text

    return {
        name: parse(read_text(path), str(path)).values["title"]
        for name, path in bundled_paths().items()
    }
