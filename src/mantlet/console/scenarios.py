"""`mantlet scenarios`: what is bundled, with a line each."""


def scenarios() -> None:
    """Print the bundled scenarios."""
    from mantlet.scenario.bundled import bundled_titles

    titles = bundled_titles()
    width = max(map(len, titles))
    for name, title in titles.items():
        print(f"{name:<{width}}  {title}")
    print("\nRun one with: mantlet run NAME      Own scenarios: mantlet run path/to/file.yaml")
