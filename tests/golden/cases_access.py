"""One case for each rule of tokens and refusals."""

from __future__ import annotations

from denials import (
    AWS_JSON, CACHE, FOREIGN, GONE, MISMATCH, OTHER, PULL, TOKEN, api_cross_check, denial, no_image,
    pull_denied, token_denied,
)
from doubts import no_experiments, no_words, status
from expect import breaks, likely, proven, undecided, warning
from subnets import oci
from world import PUBLIC, REGION, World


def refused(cause, code, text, **more):
    return World(**more).fail("token", "api", cause, text, status=400, error_code=code,
                              error_text=text, **AWS_JSON)


@breaks(55, proven("auth.clock_skew", "token", "api"),
        warning(proven("auth.clock_skew", "http", "api", rule="clock-off")),
        words=["1200 s", "169.254.169.123"], doubt=status)
def auth_clock_skew():
    return refused("skewed", "InvalidSignatureException",
                   "Signature expired: 20260102T024405Z is now earlier than 20260102T025905Z",
                   passed={("http", endpoint): {"clock_offset": 1200} for endpoint in ("api", "dkr", "s3")})


@breaks(55, proven("auth.clock_skew", "token", "api"), words=["20260102T032405Z"], doubt=status)
def auth_clock_skew_told():
    return refused("skewed", "InvalidSignatureException",
                   "Signature not yet current: 20260102T032405Z is still later than "
                   "20260102T030905Z")


@breaks(53, likely("auth.invalid_credentials", "token", "api", "tls.intercepted"),
        words=["api.ecr.us-east-1.amazonaws.com"])
def auth_signature_proxy():
    world = refused("unauthenticated", "InvalidSignatureException", MISMATCH)
    world.failures[0].seen["via"] = "1.1 proxy.example.com"
    return world


@breaks(53, proven("auth.invalid_credentials", "token", "api"), words=["secret"], doubt=status)
def auth_signature():
    return refused("unauthenticated", "InvalidSignatureException", MISMATCH)


@breaks(59, likely("http.not_the_service", "token", "api", "tls.intercepted auth.invalid_credentials"),
        words=["Authorization header"])
def auth_signature_lost():
    return refused("unauthenticated", "MissingAuthenticationTokenException", "Missing Authentication Token")


@breaks(53, proven("auth.invalid_credentials", "token", "api"),
        words=["UnrecognizedClientException"], doubt=status)
def auth_invalid():
    return refused("unauthenticated", "UnrecognizedClientException",
                   "The security token included in the request is invalid.")


@breaks(54, proven("auth.token_expired", "token", "api"), doubt=status)
def auth_session_expired():
    return refused("expired", "ExpiredTokenException",
                   "The security token included in the request is expired")


@breaks(59, likely("http.not_the_service", "token", "api", "registry.unavailable registry.truncated"))
def token_malformed():
    return World().fail("token", "api", "malformed", "the answer has no token", status=200, **AWS_JSON)


@breaks(57,
        undecided("registry.unavailable",
                  "token", "api",
                  "http.not_the_service auth.invalid_credentials auth.clock_skew auth.token_expired "
                  "auth.throttled"))
def token_failed():
    return refused("status", "InvalidParameterException", "Invalid parameter at 'registryIds'")


@breaks(56, proven("auth.throttled", "token", "api"),
        words=["GetAuthorizationToken", "Rate exceeded"], doubt=status)
def api_throttled():
    return refused("throttled", "ThrottlingException", "Rate exceeded")


@breaks(69, proven("auth.token_expired", "manifest", "dkr"),
        words=["aws ecr get-login-password --region us-east-1"], doubt=status)
def auth_registry_token_expired():
    text = "Your authorization token has expired. Reauthenticate and try again."
    return World().fail("manifest", "dkr", "expired", text, document="index", status=403,
                        error_code="DENIED", error_text=text)


@breaks(69, likely("auth.token_expired", "manifest", "dkr", "http.not_the_service auth.no_credentials"))
def auth_registry_token_refused():
    return World().fail("manifest", "dkr", "unauthenticated", "HTTP status 401", document="index",
                        status=401)


@breaks(69, proven("http.not_the_service", "manifest", "dkr"), doubt=status)
def auth_other_registry():
    challenge = 'Bearer realm="https://mirror.example.com/token",service="mirror"'
    world = World(passed={("http", "dkr"): {"challenge": challenge}})
    return world.fail("manifest", "dkr", "unauthenticated", "HTTP status 401", document="index",
                      status=401)


@breaks(67, proven("ptc.permission", "manifest", "dkr"),
        words=["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], doubt=no_words)
def denied_import():
    facts = denial("ecr:BatchImportUpstreamImage", "identity",
                   "because no identity-based policy allows the action")
    return World(target=CACHE).fail("manifest", "dkr", "denied", facts["error_text"],
                                    document="index", status=403, error_code="DENIED", **facts)


@breaks(64,
        undecided("auth.iam_identity",
                  "manifest", "dkr",
                  "ptc.permission ptc.upstream_auth registry.repo_policy auth.endpoint_policy auth.scp"),
        words=["pull-through cache"])
def denied_cache():
    return World(target=CACHE).fail("manifest", "dkr", "denied", "HTTP status 403",
                                    document="index", status=403)


@breaks(51, proven("auth.endpoint_policy", "token", "api"),
        words=["ecr.api VPC endpoint", '"ecr:GetAuthorizationToken'], doubt=no_words)
def denied_by_endpoint():
    return token_denied("endpoint", f"because no VPC endpoint policy allows the {TOKEN} action")


@breaks(64, proven("auth.iam_identity", "manifest", "dkr"),
        words=["pull-execution-role", "ecr:BatchGetImage", "simulate-principal-policy"],
        doubt=no_words)
def denied_by_identity():
    return pull_denied("identity", "with an explicit deny in an identity-based policy", True)


@breaks(50, proven("auth.iam_identity", "token", "api"),
        words=["aws iam attach-role-policy --role-name pull-execution-role"], doubt=no_words)
def denied_no_allow():
    return token_denied("identity", f"because no identity-based policy allows the {TOKEN} action")


@breaks(64, proven("auth.iam_identity", "manifest", "dkr"),
        words=["permissions boundary", "ecr:GetDownloadUrlForLayer"], doubt=no_words)
def denied_by_boundary():
    return pull_denied("boundary", f"because no permissions boundary allows the {PULL} action")


@breaks(64, proven("auth.iam_identity", "manifest", "dkr"), words=["session policy"], doubt=no_words)
def denied_by_session():
    return pull_denied("session", f"because no session policy allows the {PULL} action")


@breaks(52, proven("auth.scp", "token", "api"),
        words=["service_control_policy/p-examplepolicyid"], doubt=no_words)
def denied_by_scp():
    return token_denied("scp", "with an explicit deny in a service control policy", True,
                        policy_arn="arn:aws:organizations::111122223333:policy/o-exampleorgid/"
                        "service_control_policy/p-examplepolicyid")


@breaks(64, proven("auth.scp", "manifest", "dkr"),
        words=["resource control policy", "123456789012"], doubt=no_words)
def denied_by_rcp():
    return pull_denied("rcp", "with an explicit deny in a resource control policy", True)


@breaks(59, proven("auth.assume_role", "token", "api"))
def denied_by_trust():
    return token_denied("trust", "because no role trust policy allows the sts:AssumeRole action")


@breaks(65, proven("registry.repo_policy", "manifest", "dkr"),
        words=["shop/app", "aws:SourceVpce", "get-repository-policy"], doubt=no_words)
def denied_by_repository():
    return pull_denied("resource", "with an explicit deny in a resource-based policy", True)


@breaks(65, proven("registry.repo_policy", "manifest", "dkr"),
        words=["210987654321", "--registry-id 210987654321"], doubt=no_words)
def denied_no_grant():
    return pull_denied("resource", f"because no resource-based policy allows the {PULL} action",
                       world=World(target=FOREIGN),
                       resource=f"arn:aws:ecr:{REGION}:{OTHER}:repository/shop/app")


@breaks(69, proven("s3.kms", "manifest", "dkr"),
        words=["KMS key", "shop/app"], doubt=no_experiments)
def denied_kms():
    return api_cross_check(pull_denied(), False, "KmsException", "The KMS key is disabled")


@breaks(61, likely("registry.digest_gone", "manifest", "dkr", "registry.archived"),
        words=["sha256:eeeeeeee", "lifecycle policy"])
def denied_digest_gone():
    return no_image(pull_denied(world=World(target=GONE)))


@breaks(67, proven("ptc.upstream_auth", "manifest", "dkr"),
        words=["ecr-pullthroughcache/"], doubt=no_experiments)
def denied_upstream():
    return api_cross_check(pull_denied(world=World(target=CACHE)), False, "UpstreamAccessDenied",
                           "The upstream registry denied the request")


@breaks(66, likely("auth.endpoint_policy", "manifest", "dkr", "registry.repo_policy auth.iam_identity"),
        words=["ecr.dkr", '"ecr:BatchGetImage'])
def denied_only_by_registry():
    return api_cross_check(pull_denied(), True)


@breaks(50, likely("auth.iam_identity", "token", "api", "auth.scp"),
        words=["VPC endpoint"])
def denied_token_no_endpoint():
    return token_denied(world=World(addresses=dict(PUBLIC)))


@breaks(50, undecided("auth.iam_identity", "token", "api", "auth.endpoint_policy auth.scp"))
def denied_token():
    return token_denied()


@breaks(65,
        undecided("registry.repo_policy",
                  "manifest", "dkr", "auth.iam_identity auth.endpoint_policy auth.scp registry.digest_gone"),
        words=["210987654321", "arn:aws:iam::123456789012:root"])
def denied_cross_account():
    return pull_denied(world=World(target=FOREIGN),
                       resource=f"arn:aws:ecr:{REGION}:{OTHER}:repository/shop/app")


@breaks(64,
        undecided("auth.iam_identity",
                  "manifest", "dkr", "registry.repo_policy auth.scp registry.digest_gone"))
def denied_no_endpoint():
    return pull_denied(world=World(addresses=dict(PUBLIC)))


@breaks(64,
        undecided("auth.iam_identity",
                  "manifest", "dkr",
                  "registry.repo_policy auth.endpoint_policy auth.scp registry.digest_gone s3.kms"))
def denied():
    text = "requested access to the resource is denied"
    return World().fail("manifest", "dkr", "denied", text, document="index", status=403,
                        error_code="DENIED", error_text=text)


@breaks(60,
        likely("registry.wrong_registry",
               "manifest", "dkr", "auth.upstream_credentials registry.repo_not_found"),
        words=["Docker Hub", "ACCOUNT.dkr.ecr.REGION.amazonaws.com/shop/app"])
def denied_docker_hub():
    world = oci()
    world.target.update(image="shop/app:1.4", host="registry-1.docker.io")
    world.hosts.update(api="auth.docker.io", dkr="registry-1.docker.io",
                       s3="production.cloudflare.docker.com")
    text = "requested access to the resource is denied"
    return world.fail("manifest", "dkr", "denied", text, document="index", status=401,
                      error_code="UNAUTHORIZED", error_text=text)
