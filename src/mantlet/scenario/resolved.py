"""A scenario written out again: every default explicit, the same text for the same scenario."""

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

import yaml
from pydantic import BaseModel

from mantlet.scenario.document import scalar


class _Dumper(yaml.SafeDumper):
    """Quotes every text that would be read back as something else."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if isinstance(scalar(value), str) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.SequenceNode:
    numbers = all(isinstance(item, int | float) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=numbers)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def to_yaml(values: dict[str, Any]) -> str:
    """Plain values as YAML text, in the order given."""
    return str(yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def filled(block: BaseModel, component: object) -> dict[str, Any]:
    """A block's values, with those left out taken from the component that was built of it."""
    values: dict[str, Any] = {}
    for key in type(block).model_fields:
        given, made = getattr(block, key), getattr(component, key, None)
        value = made if given is None else _filled_within(given, made)
        if value is not None:
            values[key] = plain(value)
    return {key: value for key, value in values.items() if not _is_no_number(value)}


def _filled_within(given: Any, made: Any) -> Any:
    """A value of the file; blocks in it filled as far as they have components of their own."""
    if isinstance(given, BaseModel) and is_dataclass(made):
        known = plain(given) | filled(given, made)
        return {key: known[key] for key in type(given).model_fields if key in known}
    if isinstance(given, list) and isinstance(made, tuple) and len(given) == len(made):
        return [_filled_within(*pair) for pair in zip(given, made, strict=True)]
    return given


def plain(value: Any) -> Any:
    """Models, tuples and mappings as what YAML knows."""
    if isinstance(value, BaseModel):
        return {key: plain(v) for key, v in value if v is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value


def _is_no_number(value: object) -> bool:
    """NaN and infinity stand for "none" inside; in a file the key is simply left out."""
    return isinstance(value, float) and not math.isfinite(value)
