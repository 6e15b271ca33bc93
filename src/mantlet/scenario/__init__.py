"""Scenario files: YAML in, checked and frozen objects out; bundled scenarios; importers."""
