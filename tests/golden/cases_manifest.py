"""One case for each rule of repositories, tags and manifests."""

from __future__ import annotations

from denials import CACHE, FOREIGN, GONE, api_cross_check, no_image
from doubts import denied, garbage, no_experiments, other_account, status
from expect import breaks, likely, proven, undecided
from subnets import OCI, oci
from world import ACCOUNT, IMAGE, REGION, WRONG, World


def not_found(target=None, cause="manifest_unknown", world=None, **more):
    code = {"manifest_unknown": "MANIFEST_UNKNOWN", "repository_unknown": "NAME_UNKNOWN"}[cause]
    text = {"manifest_unknown": "Requested image not found",
            "repository_unknown": "The repository does not exist in the registry"}[cause]
    return (world or World(target=target or {})).fail(
        "manifest", "dkr", cause, text, document="index", status=404, error_code=code,
        error_text=text, **more)


def tags(world, found, nearest=""):
    return world.experiment("tags", ("manifest", "dkr"), True, status=200, found=found,
                            nearest=nearest or (found[0] if found else ""))


def described(world, status="", missing=False):
    if missing:
        return api_cross_check(world, False, "ImageNotFoundException", "The image does not exist",
                               "api_describe_image")
    return api_cross_check(world, True, "", "", "api_describe_image", image_status=status)


@breaks(69, proven("ref.bad_reference", "manifest", "dkr"), words=["/NAME:TAG"])
def repository_is_a_host():
    host = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    return not_found({"repository": f"{host}/shop/app", "image": f"{host}/{host}/shop/app:1.4"},
                     "repository_unknown")


@breaks(69, likely("ref.bad_reference", "manifest", "dkr",
                   "ptc.upstream_auth ptc.permission registry.repo_not_found"), words=["library/"])
def cache_library():
    return api_cross_check(
        not_found({"repository": "docker-hub/nginx"}), False,
        "UnableToGetUpstreamImageException", "The upstream registry refused the credentials")


@breaks(61, likely("registry.digest_gone", "manifest", "dkr",
                   "ptc.permission ptc.upstream_auth registry.repo_not_found"),
        words=["by digest alone does not fill a cache", "by its tag"])
def cache_by_digest():
    return not_found({**CACHE, "reference": WRONG, "reference_kind": "digest"}, "repository_unknown")


@breaks(67, proven("ptc.upstream_auth", "manifest", "dkr"),
        words=["ecr-pullthroughcache/"], doubt=no_experiments)
def cache_upstream_denied():
    return api_cross_check(not_found(CACHE), False, "UnableToGetUpstreamImageException",
                           "The upstream registry refused the credentials")


@breaks(68, proven("registry.rate_limited", "manifest", "dkr"), doubt=no_experiments)
def cache_upstream_busy():
    return api_cross_check(not_found(CACHE), False, "UpstreamTooManyRequests",
                           "The upstream registry limits the rate")


@breaks(68, proven("registry.unavailable", "manifest", "dkr"), doubt=no_experiments)
def cache_upstream_unavailable():
    return api_cross_check(not_found(CACHE), False, "UpstreamUnavailable",
                           "The upstream registry is unavailable")


@breaks(67, likely("ptc.permission", "manifest", "dkr", "registry.repo_not_found ptc.upstream_auth"),
        words=["ecr:CreateRepository"])
def cache_not_filled():
    return not_found(CACHE, "repository_unknown")


@breaks(67,
        likely("ptc.permission",
               "manifest", "dkr",
               "registry.tag_not_found ptc.upstream_auth registry.archived registry.rate_limited "
               "registry.unavailable"),
        words=["ecr:BatchImportUpstreamImage"])
def cache_not_imported():
    return tags(not_found(CACHE), ["3.19"])


@breaks(60, likely("registry.repo_not_found", "manifest", "dkr", "registry.repo_policy"),
        words=["210987654321", "123456789012"])
def repository_unknown_cross():
    return not_found(FOREIGN, "repository_unknown")


@breaks(60, proven("registry.repo_not_found", "manifest", "dkr"),
        words=["shop/api"], doubt=other_account)
def repository_near():
    return not_found({}, "repository_unknown").experiment(
        "repositories", ("manifest", "dkr"), True, status=200, found=["shop/api", "shop/web"],
        nearest="shop/api")


@breaks(60, proven("registry.repo_not_found", "manifest", "dkr"),
        words=["shop/app", "123456789012"], doubt=other_account)
def repository_unknown():
    return not_found({}, "repository_unknown")


@breaks(60, likely("registry.repo_not_found", "manifest", "dkr", "auth.upstream_credentials"))
def repository_unknown_other():
    return not_found(cause="repository_unknown", world=oci())


@breaks(62, proven("registry.archived", "manifest", "dkr"),
        words=["archived", "update-image-storage-class"], doubt=no_experiments)
def image_archived():
    return described(not_found(), "ARCHIVED")


@breaks(62, proven("registry.archived", "manifest", "dkr"), words=["ACTIVE"], doubt=no_experiments)
def image_activating():
    return described(not_found(), "ACTIVATING")


@breaks(61, proven("registry.digest_gone", "manifest", "dkr"),
        words=["linux/amd64", "sha256:222222222222"], doubt=denied)
def index_child_gone():
    return World().fail("manifest", "dkr", "manifest_unknown", "Requested image not found",
                        document="image", status=404, error_code="MANIFEST_UNKNOWN", digest=IMAGE,
                        error_text="Requested image not found")


@breaks(61, proven("registry.digest_gone", "manifest", "dkr"),
        words=["sha256:eeeeeeee", "lifecycle policy"], doubt=no_experiments)
def digest_gone():
    return described(no_image(not_found(GONE)), missing=True)


@breaks(61, likely("registry.digest_gone", "manifest", "dkr", "registry.archived"))
def digest_unknown():
    return not_found(GONE)


@breaks(61, likely("registry.digest_gone", "manifest", "dkr", "registry.repo_not_found"))
def digest_unknown_other():
    return not_found(world=oci(target={**OCI, "reference": WRONG, "reference_kind": "digest",
                                       "image": f"ghcr.io/shop/app@{WRONG}"}))


@breaks(62, likely("registry.archived", "manifest", "dkr", "registry.tag_not_found"),
        words=["1.4"])
def tag_listed():
    return tags(not_found(), ["1.4", "1.3"])


@breaks(61, undecided("registry.tag_not_found", "manifest", "dkr", "registry.archived http.not_the_service"))
def registry_and_api_differ():
    return api_cross_check(tags(not_found(), ["1.3"]), True)


@breaks(61, proven("registry.tag_not_found", "manifest", "dkr"),
        doubt=no_experiments)
def repository_empty():
    return described(tags(not_found(), []), missing=True)


@breaks(61, proven("registry.tag_not_found", "manifest", "dkr"),
        words=["1.3, 1.2, latest"], doubt=no_experiments)
def tag_near():
    return described(tags(not_found(), ["1.3", "1.2", "latest"]), missing=True)


@breaks(61, proven("registry.tag_not_found", "manifest", "dkr"), words=["1.4"], doubt=no_experiments)
def tag_gone():
    return described(no_image(not_found()), missing=True)


@breaks(61, likely("registry.tag_not_found", "manifest", "dkr", "registry.archived"),
        words=["1.3, 1.2, latest"])
def tag_near_likely():
    return tags(not_found(), ["1.3", "1.2", "latest"])


@breaks(61, likely("registry.tag_not_found", "manifest", "dkr", "registry.archived"),
        words=["1.4", "archived"])
def tag_unknown():
    return not_found()


@breaks(61, likely("registry.tag_not_found", "manifest", "dkr", "registry.repo_not_found"))
def tag_unknown_other():
    return not_found(world=oci())


@breaks(63, proven("registry.platform_mismatch", "manifest", "dkr"),
        words=["linux/amd64", "docker buildx build --platform linux/arm64"], rule="platform-missing")
def platform_missing_single():
    world = World(index=False, target={"platform": "linux/arm64"})
    return world.fail("manifest", "dkr", "platform_missing", "the image is for linux/amd64",
                      document="config", platforms=["linux/amd64"])


@breaks(63, proven("registry.platform_mismatch", "manifest", "dkr"),
        words=["linux/amd64, linux/arm64", "linux/s390x"])
def platform_missing():
    return World(target={"platform": "linux/s390x"}).fail(
        "manifest", "dkr", "platform_missing", "the index has no such platform", document="index",
        status=200, platforms=["linux/amd64", "linux/arm64"])


@breaks(69, proven("registry.digest_mismatch", "manifest", "dkr"),
        words=["sha256:222222222222", "sha256:eeeeeeeeeeee"])
def manifest_digest_mismatch():
    return World().fail("manifest", "dkr", "digest_mismatch", "the bytes hash to something else",
                        document="image", status=200, found_digest=WRONG)


def unfit(cause, document, detail, puller, **more):
    return World().fail("manifest", "dkr", cause, detail, document=document, puller=puller, **more)


@breaks(63, proven("image.unsupported_manifest", "manifest", "dkr"),
        words=["does not support an image index", "--provenance=false"])
def puller_index():
    return unfit("unsupported", "index", "AWS Lambda does not support an image index", "lambda")


@breaks(63, proven("image.unsupported_manifest", "manifest", "dkr"),
        words=["rootfs.diff.tar.zstd", "oci-mediatypes=true"])
def puller_layer_type():
    return unfit("unsupported", "image", "AWS Fargate does not know the layer type "
                 "application/vnd.docker.image.rootfs.diff.tar.zstd", "fargate")


@breaks(63, proven("image.disk_full", "manifest", "dkr"), words=["24000 MiB", "ephemeralStorage"])
def puller_storage():
    return unfit("no_space", "image", "the compressed layers have 24000 MiB, and AWS Fargate has room "
                 "for 20480 MiB", "fargate", layer_bytes=24000 << 20)


@breaks(63, proven("image.unsupported_manifest", "manifest", "dkr"),
        words=["manifest.v1+prettyjws"], doubt=garbage)
def manifest_unsupported():
    return World().fail("manifest", "dkr", "unsupported", "schema 1", document="index", status=200,
                        media_type="application/vnd.docker.distribution.manifest.v1+prettyjws")


@breaks(63, likely("image.unsupported_manifest", "manifest", "dkr", "http.not_the_service"))
def manifest_malformed():
    return World().fail("manifest", "dkr", "malformed", "the JSON is cut", document="image",
                        status=200, media_type="application/vnd.oci.image.manifest.v1+json")


@breaks(69, likely("ref.bad_reference", "manifest", "dkr", "http.not_the_service"), words=["TAG_INVALID"])
def reference_rejected():
    return World().fail("manifest", "dkr", "status", "Invalid parameter at 'tag'", document="index",
                        status=400, error_code="TAG_INVALID", error_text="Invalid parameter at 'tag'")


def limited(world):
    return world.fail("manifest", "dkr", "throttled", "Rate exceeded", document="index", status=429,
                      error_code="TOOMANYREQUESTS", error_text="Rate exceeded")


@breaks(68, proven("registry.rate_limited", "manifest", "dkr"),
        words=["ghcr.io", "pull-through cache"], doubt=status)
def registry_rate_limited():
    return limited(oci())


@breaks(68, proven("registry.rate_limited", "manifest", "dkr"), words=["BatchGetImage"], doubt=status)
def ecr_rate_limited():
    return limited(World())


@breaks(69, proven("registry.truncated", "manifest", "dkr"), words=["200 of 680 bytes"])
def registry_truncated():
    return World().fail("manifest", "dkr", "truncated", "the connection was closed",
                        document="image", status=200, bytes=200, size=680)


@breaks(68,
        undecided("registry.unavailable",
                  "manifest", "dkr",
                  "http.not_the_service net.timeout registry.rate_limited auth.token_expired"))
def failed():
    return World().fail("manifest", "dkr", "status", "HTTP status 405", document="index", status=405)
