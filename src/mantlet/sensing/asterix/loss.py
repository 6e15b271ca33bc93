"""Something of a recording that could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Loss:
    """Octets that could not be read: what was wrong, where in the file, how many."""

    kind: str
    offset: int
    octets: int

    def __str__(self) -> str:
        return f"{self.kind} at offset {self.offset}: {self.octets} octets lost"
