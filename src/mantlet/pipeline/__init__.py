"""Tracking, warning and engagement on one scan clock: the only place where stages meet."""
