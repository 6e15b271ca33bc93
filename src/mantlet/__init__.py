"""Mantlet: an open model of a short-range rocket and shell defence, for protection and analysis."""

__version__ = "0.1.0"
