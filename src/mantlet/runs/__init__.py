"""One run, from a scenario to a whole run folder."""
