"""Frozen values to JSON and back, by their type hints; what is as it was born is left out."""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

import msgspec


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


def fields_of(kind: type, row: Mapping[str, Any]) -> dict[str, Any]:
    """What `to_row` has made of a dataclass, by field and in the fields' types.

    Not strict, since a number may have travelled as a word. Raises LookupError for a field that
    the class has not, ValueError for a value of another type.
    """
    kinds = typing.get_type_hints(kind)
    return {name: msgspec.convert(value, kinds[name], strict=False) for name, value in row.items()}


def _born(field: Field[Any]) -> Any:
    """Its default; of one without, something that nothing equals."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
