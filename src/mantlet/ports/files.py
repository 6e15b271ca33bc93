"""Files: what is there is whole. On disk, and in memory with faults to order."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """Reads and writes by path. A reader never meets half a file or half a folder."""

    def read(self, path: Path) -> bytes:
        """The whole file; FileNotFoundError if there is none."""

    def write(self, path: Path, content: bytes) -> None:
        """Put a file there, replacing one that was; on failure the old one stays."""

    def names(self, folder: Path) -> list[str]:
        """Names of the files and folders in `folder`, sorted; none if it does not exist."""

    def whole_folder(self, path: Path, *, replace: bool = False) -> AbstractContextManager[Path]:
        """Fill a new folder under a temporary name; it gets its own when the block ends well.

        FileExistsError if `path` is taken and not to be replaced. Whatever ends the block early
        (an exception, Ctrl-C) leaves nothing behind.
        """


def temporary_name(path: Path) -> Path:
    """Where `path` is prepared: beside it, so that a rename moves no data."""
    return path.with_name(f".{path.name}.partial-{os.getpid()}")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write a file that is too large to hold; it gets its name when the block ends well.

    A file that was there stays until then. Whatever ends the block early leaves nothing behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _taken(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


class DiskFiles:
    """The machine's own files.

    Renames make every change whole against a crash of the program. Against a power cut they do
    not: nothing is forced to the platter, which would cost a run more than it protects.
    """

    def read(self, path: Path) -> bytes:
        """The whole file."""
        return path.read_bytes()

    def write(self, path: Path, content: bytes) -> None:
        """Write beside the target, then rename over it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(path)
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def names(self, folder: Path) -> list[str]:
        """Names in `folder`, sorted."""
        return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []

    @contextmanager
    def whole_folder(self, path: Path, *, replace: bool = False) -> Iterator[Path]:
        """A folder that is either there and whole, or not there; one replaced stays until then."""
        if _occupied(path) and not (replace and path.is_dir()):
            raise _taken(path)
        temporary = temporary_name(path)
        temporary.mkdir(parents=True)
        try:
            yield temporary
            if replace and path.is_dir():
                _swap(temporary, path)
            elif _occupied(path):  # it turned up while we were at work
                raise _taken(path)
            else:
                temporary.rename(path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def _occupied(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _swap(new: Path, path: Path) -> None:
    """Put `new` where `path` is. The old folder goes last: if the swap fails it is put back."""
    old = path.with_name(f".{path.name}.replaced-{os.getpid()}")
    path.rename(old)
    try:
        new.rename(path)
    except BaseException:
        old.rename(path)
        raise
    shutil.rmtree(old)


Fault = Callable[[str, Path], None]
"""Called before each operation (`read`, `write`, `rename`) with its path; may raise."""


@dataclass
class MemoryFiles:
    """Files of a test. `fault` is asked before every operation and may raise what a disk would."""

    fault: Fault = lambda operation, path: None
    held: dict[Path, bytes] = field(default_factory=dict)

    def read(self, path: Path) -> bytes:
        """The whole file."""
        self.fault("read", path)
        if path not in self.held:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return self.held[path]

    def write(self, path: Path, content: bytes) -> None:
        """Hold `content` under `path`."""
        self.fault("write", path)
        self.held[path] = bytes(content)

    def names(self, folder: Path) -> list[str]:
        """Names in `folder`, sorted."""
        depth = len(folder.parts)
        return sorted({p.parts[depth] for p in self.held if folder in p.parents})

    @contextmanager
    def whole_folder(self, path: Path, *, replace: bool = False) -> Iterator[Path]:
        """The same promise as on disk, for what is written through this object."""
        if path in self.held or (not replace and self.names(path)):
            raise _taken(path)
        temporary = temporary_name(path)
        try:
            yield temporary
            self.fault("rename", path)
            for old in self._below(path):
                del self.held[old]
            for inside in self._below(temporary):
                self.held[path / inside.relative_to(temporary)] = self.held[inside]
        finally:
            for inside in self._below(temporary):
                del self.held[inside]

    def _below(self, folder: Path) -> list[Path]:
        return [path for path in self.held if folder in path.parents]


def disk_full_after(writes: int) -> Fault:
    """A fault that lets `writes` writes pass and then finds no space left."""
    done = 0

    def fault(operation: str, path: Path) -> None:
        nonlocal done
        if operation == "write":
            done += 1
            if done > writes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    return fault
