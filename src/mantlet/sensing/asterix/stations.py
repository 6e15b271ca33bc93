"""Who speaks: radars and the codes that ASTERIX knows them by."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from mantlet.world.earth import Site

AREA = 0
"""System area code (SAC) of everything Mantlet writes: 0 is nobody's country."""

TRACKER = 0
"""System identification code (SIC) of the tracker; radars have 1, 2, ... in scenario order."""


class Station(Protocol):
    """What is asked of a radar: a sensing `Radar` has it, and a tracker's `RadarFigures` too."""

    @property
    def id(self) -> str:
        """Name in the tables."""

    @property
    def site(self) -> Site:
        """Where it stands."""

    @property
    def period_s(self) -> float:
        """Time between scans [s]."""

    @property
    def offset_s(self) -> float:
        """Time of scan 0, scenario clock [s]."""


Sources = Mapping[tuple[int, int], str]
"""Radar ids by (SAC, SIC)."""


def own_sources(radars: Sequence[Station]) -> dict[tuple[int, int], str]:
    """The codes Mantlet gives to radars when it writes; ValueError for more than 255."""
    if len(radars) > 255:
        raise ValueError(f"{len(radars)} radars: ASTERIX tells 255 of one area apart")
    return {(AREA, sic): radar.id for sic, radar in enumerate(radars, start=1)}
