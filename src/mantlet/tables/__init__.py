"""Typed columnar batches: what one stage hands to the next, and what a run folder holds."""

from mantlet.tables.base import SCHEMA_VERSION, Table, column, for_kernel
from mantlet.tables.decisions import (
    Alerts,
    Assessments,
    Decisions,
    Impacts,
    Plots,
    Shots,
    Tracks,
    Zones,
)
from mantlet.tables.recorder import Recorder
from mantlet.tables.registration import Registrations
from mantlet.tables.towns import Towns
from mantlet.tables.truth import Intervals, Outcomes, PlotOrigins, States, Threats

__all__ = [
    "SCHEMA_VERSION",
    "Alerts",
    "Assessments",
    "Decisions",
    "Impacts",
    "Intervals",
    "Outcomes",
    "PlotOrigins",
    "Plots",
    "Recorder",
    "Registrations",
    "Shots",
    "States",
    "Table",
    "Threats",
    "Towns",
    "Tracks",
    "Zones",
    "column",
    "for_kernel",
]
