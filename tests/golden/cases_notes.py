"""One case for each warning and note, and for a run that came to no end."""

from __future__ import annotations

from expect import breaks, likely, note, proven, undecided, unknown, warning, works
from subnets import ALL, MY_CA, PROXY, nat, oci, silent
from world import PUBLIC, World


@breaks(22, likely("s3.no_route", "tcp", "s3", "s3.security_group net.nacl", rule="tcp-s3-no-route"),
        undecided("net.timeout", "http", "logs", "net.mtu_blackhole http.not_the_service"))
def no_answer():
    return silent(World(also=["logs"]).fail("http", "logs", "timeout", "no answer"), "s3")


@unknown(99, warning(proven("unsettled", "manifest", "dkr")), words=["--deadline"])
def unsettled():
    return World(deadline_at="manifest")


@unknown(3, warning(proven("probe.unable", "tcp", "dkr")),
         words=["No file descriptors available", "ulimit -n"])
def probe_unable():
    return nat().fail("tcp", "dkr", "exhausted", "No file descriptors available", errno="EMFILE")


@works(warning(proven("dns.timeout", "dns", "api")), words=["10.9.0.53", "10.20.0.2"])
def resolver_silent():
    return World(passed={("dns", endpoint): {"server": "10.20.0.2", "silent_servers": ["10.9.0.53"]}
                         for endpoint in ALL},
                 vantage={"resolvers": ["10.9.0.53", "10.20.0.2"]})


@works(warning(proven("auth.clock_skew", "http", "api")), words=["180 s"])
def clock_off():
    return World(passed={("http", endpoint): {"clock_offset": -180} for endpoint in ALL})


@works(note(proven("auth.clock_skew", "dns", "api")))
def clock_unsynchronized():
    return World(vantage={"clock_status": "NOT_SYNCHRONIZED"})


@works(note(proven("proxy.not_used", "dns", "api")), words=["http://proxy.example.com:3128"])
def proxy_configured():
    return World(passed={("credentials", "caller"): PROXY})


@works(note(proven("auth.iam_identity", "credentials", "caller")), words=["kubelet", "hostNetwork"])
def pod_role():
    return World(passed={("credentials", "caller"): {"source": "irsa"}})


@works(note(likely("tls.intercepted", "tls", "api", "tls.untrusted")),
       words=["CN=Corp TLS Root,O=Corp", "Fargate"])
def anchor_added():
    return World(passed={("tls", endpoint): {"anchor": "added", "issuer": MY_CA} for endpoint in ALL})


@works(note(proven("tls.untrusted", "tls", "dkr")))
def anchor_added_other():
    return oci(passed={("tls", "dkr"): {"anchor": "added", "issuer": MY_CA}})


@works(note(proven("net.no_egress_route", "tcp", "api")),
       words=["44.213.79.104", "com.amazonaws.us-east-1.ecr.api"])
def half_private():
    world = World()
    world.addresses["api"] = list(PUBLIC["api"])
    return world


@works(note(likely("net.loss", "tcp", "dkr", "registry.slow s3.slow")), words=["1.0 s", "sent again"])
def packet_lost():
    return nat(took={("tcp", "dkr"): 1030000}, passed={("tcp", "dkr"): {"repeats": 1, "late": True}})


@works(note(likely("net.loss", "tcp", "dkr", "registry.slow s3.slow")), words=["0.8 s"])
def connection_late():
    return nat(took={("tcp", "dkr"): 800000}, passed={("tcp", "dkr"): {"late": True}})


@works(note(proven("registry.slow", "manifest", "dkr")), words=["3.2 s"])
def registry_slow():
    return World(took={("manifest", "dkr"): 3200000})


@works(note(proven("s3.slow", "layers", "s3")), words=["3.2 s"])
def layers_slow():
    return World(took={("layers", "s3"): 3200000})


def manifest_of(**facts):
    return World(passed={("manifest", "dkr"): facts})


@works(warning(proven("image.unsupported_manifest", "manifest", "dkr")), words=["23.0", "invalid tar header"])
def docker_zstd():
    return manifest_of(puller="ecs-docker",
                       layer_types=["application/vnd.oci.image.layer.v1.tar+zstd"])


@works(warning(proven("image.unsupported_manifest", "manifest", "dkr")), words=["125", "max depth"])
def docker_layers():
    return manifest_of(puller="docker", layer_count=126)


@works(warning(proven("image.disk_full", "manifest", "dkr")), words=["20 GiB", "ephemeralStorage"])
def storage_needed():
    return manifest_of(puller="fargate", layer_bytes=11 << 30)


@works(note(proven("http.not_the_service", "layers", "s3")), words=["right bytes", "works"])
def blob_from_cache():
    return World(passed={("layers", "s3"): {"request_id": ""}})


@works(warning(proven("s3.slow", "layers", "s3")), words=["bandwidth"])
def blob_slow_at():
    return World(full=True, passed={("layers", "s3"): {"rate": 9000}})
