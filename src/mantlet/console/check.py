"""`mantlet check`: every mistake of a scenario at once, or what it holds."""


def check(scenario: str, settings: list[str]) -> None:
    """Load a scenario; print "ok" with a summary, or raise with the list of its mistakes."""
    from mantlet.scenario.load import load_scenario

    print("ok  " + load_scenario(scenario, tuple(settings)).summary())
