"""What an importer leaves behind: whole files or none, and a report of what it did."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from mantlet.tables.errors import InputError


@dataclass(frozen=True)
class ImportReport:
    """The files written and what there is to say about them, one sentence a line."""

    files: tuple[Path, ...]
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*self.lines, *[f"wrote {path}" for path in self.files]])


def today() -> str:
    """The date of an import, for its source file."""
    return datetime.now(UTC).date().isoformat()


def publish(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write all of `texts` (name -> UTF-8 text) into `folder`.

    Every file is first written under a temporary name beside its place; only when all are whole
    are they renamed, so a failure or an interrupt leaves what was there before.

    Raises
    ------
    InputError
        If the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as clean:
            staged = []
            for name, text in texts.items():
                with NamedTemporaryFile(
                    "w", dir=folder, prefix=f".{name}.", encoding="utf-8", newline="", delete=False
                ) as file:
                    clean.callback(Path(file.name).unlink, missing_ok=True)
                    file.write(text)
                staged.append((Path(file.name), folder / name))
            for temporary, final in staged:
                temporary.chmod(0o644)
                temporary.replace(final)
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise InputError(
            f"{folder}: {reason}\n    fix: give a folder that can be written"
        ) from None
    return tuple(final for _, final in staged)
