"""Faults of the manifest: what the registry answers for a tag or a digest."""

from __future__ import annotations

import json

import plan as p

from .base import ANY, CONTEXTS, PROVEN, UNSURE, Fault, http, seen, state

ACTION = "ecr:BatchGetImage"
JSON = {"Content-Type": "application/json; charset=utf-8"}
GONE = "sha256:" + "e" * 64
PTC = "ecr-public/docker/library/alpine"
FOREIGN = f"{p.OTHER_ACCOUNT}.dkr.ecr.{p.REGION}.amazonaws.com"
SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
OLD = json.dumps({"schemaVersion": 1, "name": "app", "tag": "old", "architecture": "amd64",
                  "fsLayers": [{"blobSum": GONE}], "history": []})  # fmt: skip
AMZ = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "33333333-EXAMPLE"}
UPSTREAM = json.dumps({"__type": "UnableToGetUpstreamImageException",
                       "message": "The upstream registry refused the credentials"})  # fmt: skip
HELM = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.example.thing.v1+json",
                   "things": []})  # fmt: skip


def denied(context: str, host: str = "", name: str = "") -> Fault:
    text, cls = CONTEXTS[context]
    sentence = text.replace("{action}", ACTION) or f"is not authorized to perform: {ACTION}"
    return Fault(
        f"manifest-denied-{name or context}",
        f"403 DENIED: {text.replace(' {action}', '') or 'without a reason'}",
        state(deny={ACTION: text}),
        (seen("403 DENIED", "manifest", "app", "multi", host=host),
         seen("yes", "manifest_says", "app", "multi", sentence, host=host), seen("200", "api")),
        "manifest", "dkr", cls, certainty=UNSURE if context == "none" else ANY,
        also=("auth.endpoint_policy", "auth.scp", "registry.repo_policy") if not text else (),
        host=host,
    )  # fmt: skip


def error(name: str, says: str, status: int, code: str, message: str, cls: str, *also: str,
          certainty=ANY) -> Fault:  # fmt: skip
    body = json.dumps({"errors": [{"code": code, "message": message}]})
    answer = {"status": status, "body": body, "headers": JSON}
    return Fault(f"manifest-{name}", says, state(answers={"dkr.manifests": answer}),
                 (seen(f"{status} {code}", "manifest", "app", "multi"),
                  seen("401", "http_get", "dkr", "/v2/")),
                 "manifest", "dkr", cls, also=also, certainty=certainty)  # fmt: skip


def swap(**change):
    return state(manifest_swap={"app:multi": change})


ROWS = [
    *(denied(context) for context in CONTEXTS),
    denied("resource", FOREIGN, "cross-account"),
    Fault("manifest-no-repository", "the repository does not exist", state(),
          (seen("404 NAME_UNKNOWN", "manifest", "apq", "multi"), seen("200", "manifest", "app", "multi")),
          "manifest", "dkr", "registry.repo_not_found", image="apq:multi", certainty=ANY),
    Fault("manifest-no-tag", "the tag was never pushed", state(),
          (seen("404 MANIFEST_UNKNOWN", "manifest", "app", "mutli"), seen("200", "manifest", "app", "multi")),
          "manifest", "dkr", "registry.tag_not_found", image="app:mutli", certainty=ANY),
    Fault("manifest-empty-repository", "the repository holds no image at all", state(),
          (seen("404 MANIFEST_UNKNOWN", "manifest", "empty", "latest"),),
          "manifest", "dkr", "registry.tag_not_found", image="empty:latest", certainty=ANY),
    Fault("manifest-digest-gone", "the pinned digest is not there any more", state(),
          (seen("404 MANIFEST_UNKNOWN", "manifest", "app", GONE),),
          "manifest", "dkr", "registry.digest_gone", image=f"app@{GONE}", certainty=ANY),
    Fault("manifest-archived", "the image was archived",
          state(untagged=["app:multi"], archived=["app:multi"]),
          (seen("404 MANIFEST_UNKNOWN", "manifest", "app", "multi"),
           seen("200", "api", "DescribeImages", repositoryName="app", imageIds=[{"imageTag": "multi"}])),
          "manifest", "dkr", "registry.archived", certainty=ANY),
    Fault("manifest-cache-no-create",
          "a pull-through cache's first pull, and the caller may not create the repository", state(),
          (seen("404 NAME_UNKNOWN", "manifest", PTC, "latest"),),
          "manifest", "dkr", "ptc.permission", also=("registry.repo_not_found",),
          image=f"{PTC}:latest", certainty=UNSURE),
    Fault("manifest-cache-no-import",
          "a pull-through cache's new tag, and the caller may not import it", state(),
          (seen("404 MANIFEST_UNKNOWN", "manifest", "ecr-public/docker/library/busybox", "1.99"),),
          "manifest", "dkr", "ptc.permission", also=("registry.tag_not_found",),
          image="ecr-public/docker/library/busybox:1.99", certainty=UNSURE),
    Fault("manifest-cache-upstream-denied",
          "a pull-through cache whose upstream credentials are wrong",
          state(answers={"api.BatchGetImage": {"status": 400, "body": UPSTREAM, "headers": AMZ}}),
          (seen("404 MANIFEST_UNKNOWN", "manifest", "ecr-public/docker/library/busybox", "1.99"),
           seen("400 UnableToGetUpstreamImageException", "api", "BatchGetImage")),
          "manifest", "dkr", "ptc.upstream_auth",
          image="ecr-public/docker/library/busybox:1.99", certainty=ANY),
    Fault("manifest-host-twice", "the reference names the registry twice", state(),
          (seen("404 NAME_UNKNOWN", "manifest", f"{p.REGISTRY}/app", "multi"),
           seen("200", "manifest", "app", "multi")),
          "manifest", "dkr", "ref.bad_reference", image=f"{p.REGISTRY}/app:multi"),
    Fault("manifest-401", "the registry does not take the token", state(refuse_token=True),
          (seen("401", "manifest", "app", "multi"), seen("200", "api")),
          "manifest", "dkr", "auth.token_expired",
          also=("auth.invalid_credentials", "http.not_the_service"), certainty=ANY),
    Fault("manifest-stale-token", "the registry says that the token has expired",
          state(stale_token=True),
          (seen("403 DENIED", "manifest", "app", "multi"),
           seen("yes", "manifest_says", "app", "multi", "authorization token has expired")),
          "manifest", "dkr", "auth.token_expired", certainty=ANY),
    error("throttled", "the registry throttles", 429, "TOOMANYREQUESTS", "Rate exceeded",
          "registry.rate_limited", "auth.throttled"),
    error("503", "the registry is unavailable for manifests", 503, "UNAVAILABLE",
          "service unavailable", "registry.unavailable"),
    error("500", "the registry fails on its side", 500, "UNKNOWN", "unknown error",
          "registry.unavailable"),
    error("denied-plainly", "a refusal without any reason", 403, "DENIED",
          "requested access to the resource is denied", "auth.iam_identity",
          "auth.endpoint_policy", "auth.scp", "registry.repo_policy", certainty=UNSURE),
    Fault("manifest-altered", "a middlebox alters the manifest's bytes", swap(pad=1),
          (seen("200 altered", "manifest", "app", "multi"), seen("200", "manifest", "app", "single")),
          "manifest", "dkr", "registry.digest_mismatch", certainty=ANY),
    Fault("manifest-no-platform", "an index without the platform", state(),
          (seen("arm64 unknown", "platforms", "app", "armindex"),),
          "manifest", "dkr", "registry.platform_mismatch", image="app:armindex",
          options=("--platform", "linux/amd64"), certainty=PROVEN),
    Fault("manifest-wrong-platform", "a single image, built for the other architecture", state(),
          (seen("arm64", "platforms", "app", "arm"),),
          "manifest", "dkr", "registry.platform_mismatch", image="app:arm",
          options=("--platform", "linux/amd64"), certainty=PROVEN, stages=("layers",)),
    Fault("manifest-schema-1", "an image of the oldest schema", swap(kind=SCHEMA1, body=OLD),
          (seen(("200 altered v1", "200 v1"), "manifest", "app", "multi"),),
          "manifest", "dkr", "image.unsupported_manifest"),
    Fault("manifest-index-for-lambda", "an index, and Lambda takes none", state(),
          (seen("amd64 arm64 unknown", "platforms", "app", "multi"),),
          "manifest", "dkr", "image.unsupported_manifest", exit=63, options=("--for", "lambda"),
          tells=("--provenance=false",)),
    Fault("manifest-arm64-v7", "an index whose only arm64 is of a variant that does not exist", state(),
          (seen("arm64 unknown", "platforms", "app", "armv7index"),),
          "manifest", "dkr", "registry.platform_mismatch", image="app:armv7index",
          options=("--platform", "linux/arm64")),
    Fault("manifest-docker-zstd", "a layer of a type that containerd does not know", state(),
          (seen("amd64", "platforms", "app", "zstd"),),
          "manifest", "dkr", "image.unsupported_manifest", exit=63, image="app:zstd"),
    Fault("manifest-strange-type", "not an image but something else",
          swap(kind="application/vnd.example.thing.v1+json", body=HELM, digest=""),
          (seen("200 altered", "manifest", "app", "multi"),),
          "manifest", "dkr", "image.unsupported_manifest", also=("registry.digest_mismatch",),
          certainty=ANY),
    Fault("manifest-truncated", "the manifest's last bytes never come",
          http("dkr", match="/manifests/", body="close", after=200),
          (seen("closed", "manifest", "app", "multi"), seen("401", "http_get", "dkr", "/v2/")),
          "manifest", "dkr", "registry.truncated", also=("net.reset",), certainty=ANY),
    Fault("manifest-stall", "the manifest stops in the middle",
          http("dkr", match="/manifests/", body="stall", after=200),
          (seen("timeout", "manifest", "app", "multi"), seen("401", "http_get", "dkr", "/v2/")),
          "manifest", "dkr", "registry.slow",
          also=("net.timeout", "net.mtu_blackhole", "registry.truncated"), certainty=ANY),
    Fault("manifest-too-large", "a manifest of more than four megabytes", swap(pad=5_000_000),
          (seen("200 altered", "manifest", "app", "multi"),),
          "manifest", "dkr", "image.unsupported_manifest",
          also=("registry.digest_mismatch", "registry.truncated"), certainty=ANY),
    Fault("manifest-not-json", "the manifest is a web page",
          swap(kind="text/html", body="<html>Welcome to the guest network</html>"),
          (seen("200 altered", "manifest", "app", "multi"),),
          "manifest", "dkr", "http.not_the_service",
          also=("registry.digest_mismatch", "image.unsupported_manifest"), certainty=ANY),
]  # fmt: skip
