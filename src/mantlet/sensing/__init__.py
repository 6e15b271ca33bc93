"""Sensing: what radars see of the truth. The only stage before the resolver that looks at it."""

from mantlet.sensing.faults import Faults
from mantlet.sensing.objects import Objects
from mantlet.sensing.radar import Radar

__all__ = ["Faults", "Objects", "Radar"]
