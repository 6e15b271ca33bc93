"""Tracking: plots in, tracks and predicted impacts out, by what the radars deliver alone."""
