"""taskdefs/kubernetes.yaml against the schemas that Kubernetes publishes, as its Python client has them."""

from __future__ import annotations

import re
from functools import cache

import definitions as d
import pytest
import yaml

client = pytest.importorskip("kubernetes.client", reason="python3-kubernetes is not installed (make setup)")
TEXT = (d.FOLDER / "kubernetes.yaml").read_text()
TYPES = {"str": str, "int": int, "bool": bool, "float": float}


@cache
def documents() -> dict[str, dict]:
    return {one["kind"]: one for one in yaml.safe_load_all(TEXT)}


def mistakes(value, kind: str, path: str) -> list[str]:
    """Unknown keys, missing ones, and values of another type."""
    if found := re.fullmatch(r"list\[(.*)\]", kind):
        if not isinstance(value, list):
            return [f"{path}: no list"]
        return [m for i, one in enumerate(value) for m in mistakes(one, found[1], f"{path}[{i}]")]
    if found := re.fullmatch(r"dict\(str, (.*)\)", kind):
        return [m for key, one in value.items() for m in mistakes(one, found[1], f"{path}.{key}")]
    if kind in TYPES:
        return [] if type(value) is TYPES[kind] else [f"{path}: {value!r} is no {kind}"]
    model = getattr(client, kind)
    types = {model.attribute_map[name]: inner for name, inner in model.openapi_types.items()}
    said = [f"{path}.{key}: unknown" for key in value if key not in types]
    said += [m for key, one in value.items() if key in types for m in mistakes(one, types[key], f"{path}.{key}")]
    try:
        model(**{name: value.get(key) for name, key in model.attribute_map.items()})  # its own validation
    except ValueError as error:
        said.append(f"{path}: {error}")
    return said


def pod(kind: str) -> dict:
    return documents()[kind]["spec"]["template"]["spec"]


@pytest.mark.parametrize("kind", ["Job", "DaemonSet"])
def test_it_keeps_to_the_schemas(kind):
    assert mistakes(documents()[kind], f"V1{kind}", kind) == []


def test_the_schemas_do_refuse():
    wrong = yaml.safe_load(TEXT.split("---")[0].replace("hostNetwork: true", "hostNetwork: 'yes'")
                           .replace("backoffLimit", "backofLimit"))  # fmt: skip
    said = "\n".join(mistakes(wrong, "V1Job", "Job"))
    assert "backofLimit: unknown" in said and "hostNetwork" in said


@pytest.mark.parametrize("kind", ["Job", "DaemonSet"])
def test_it_stands_where_the_kubelet_does_and_may_do_nothing(kind):
    spec, (container,) = pod(kind), pod(kind)["containers"]
    options = {one["name"]: one["value"] for one in container["env"]}["PULLPROBE_OPTIONS"]
    assert spec["hostNetwork"] and spec["dnsPolicy"] == "Default" and not spec["automountServiceAccountToken"]
    assert spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["runAsUser"] == 65532
    assert "USER 65532" in (d.FOLDER.parent / "Dockerfile").read_text()
    assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                            "capabilities": {"drop": ["ALL"]}}  # fmt: skip
    assert not spec.get("volumes") and f"--summary {container['terminationMessagePath']}" in options


def test_both_are_the_same_but_for_where_they_run():
    job, everywhere = dict(pod("Job")), dict(pod("DaemonSet"))
    assert (job.pop("restartPolicy"), everywhere.pop("restartPolicy")) == ("Never", "Always")
    assert job.pop("nodeName") == "NODE_NAME" and job == everywhere
    for kind, run in (("Job", "once"), ("DaemonSet", "everywhere")):
        labels = documents()[kind]["metadata"]["labels"]
        assert labels == documents()[kind]["spec"]["template"]["metadata"]["labels"] == {"app": "pullprobe", "run": run}
    assert documents()["DaemonSet"]["spec"]["selector"]["matchLabels"] == labels
