"""Frozen values to JSON and back, by their type hints; what is as it was born is left out."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any


def to_row(value: Any) -> Any:
    """Plain dicts, lists, strings and numbers; what is no finite number travels as a word."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: to_row(inner)
            for each in fields(value)
            if (inner := getattr(value, each.name)) != _born(each)
        }
    if isinstance(value, Mapping):
        return {str(name): to_row(inner) for name, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [to_row(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def of_row(kind: Any, row: Any) -> Any:
    """What `to_row` has made of a value of that type."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: of_row(hints[name], value) for name, value in row.items()})
    if origin in (typing.Union, types.UnionType):
        return None if row is None else of_row(inner[0], row)
    if origin is tuple and inner[-1] is not Ellipsis:
        return tuple(of_row(each, value) for each, value in zip(inner, row, strict=True))
    if origin in (tuple, list, set, frozenset):
        return origin(of_row(inner[0], value) for value in row)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {name: of_row(inner[1], value) for name, value in row.items()}
    return float(row) if kind is float else row


def _born(field: Field[Any]) -> Any:
    """Its default; of one without, something that nothing equals."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
