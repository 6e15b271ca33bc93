"""Truth and the event loop around the pipeline: one run."""
