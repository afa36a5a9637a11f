"""AWS's own service models, as botocore has them: what a request must be, and an answer is."""

from __future__ import annotations

import functools
import re

import botocore.loaders
import botocore.model
import botocore.validate

# values that are newer than Debian's botocore
NEWER = {"Runtime": {"provided.al2023"}}


@functools.cache
def service(name: str) -> botocore.model.ServiceModel:
    found = botocore.loaders.Loader().load_service_model(name, "service-2")
    return botocore.model.ServiceModel(found, name)


def mistakes(name: str, operation: str, request: dict) -> list[str]:
    """What the service would refuse in a request, by its model alone."""
    shape = service(name).operation_model(operation).input_shape
    report = botocore.validate.ParamValidator().validate(request, shape)
    found = [report.generate_report()] if report.has_errors() else []
    return found + list(_values(shape, request, operation))


def _values(shape, value, path: str):
    """Enumerations, patterns and largest sizes, at which ParamValidator does not look."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, inner in value.items():
            if key in shape.members:
                yield from _values(shape.members[key], inner, f"{path}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _values(shape.member, inner, f"{path}[{index}]")
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(shape.value, inner, f"{path}.{key}")
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _text(shape, value, path)


def _text(shape, value: str, path: str):
    meta = shape.metadata
    known = set(shape.enum or ()) | NEWER.get(shape.name, set())
    if shape.enum and value not in known:
        yield f"{path}: {value!r} is none of {sorted(known)}"
    if len(value) > meta.get("max", len(value)):
        yield f"{path}: longer than {meta['max']}"
    if "pattern" in meta and "\\p" not in meta["pattern"] and not re.fullmatch(meta["pattern"], value):
        yield f"{path}: {value!r} does not match {meta['pattern']}"
