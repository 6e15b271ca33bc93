"""Finished runs: figures of merit with intervals, the report, the replay. Reads tables only."""
