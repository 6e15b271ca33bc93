"""A little memory for things that many ask for at about the same time."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The latest things worked out, by key; the oldest goes first."""

    def __init__(self, most: int = 256) -> None:
        self._held: dict[Hashable, T] = {}
        self._most = most

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is held under a key; made if it is not."""
        if key not in self._held:
            self._held[key] = make()
            while len(self._held) > self._most:
                self._held.pop(next(iter(self._held)), None)
        return self._held[key]
