"""Subnets that many cases begin with, and what follows a silent address in them."""

from __future__ import annotations

from world import ACCOUNT, HOSTS, PUBLIC, World

MY_CA = "CN=Corp TLS Root,O=Corp"
OCI = {"image": "ghcr.io/shop/app:1.4", "host": "ghcr.io", "account": "", "region": "",
       "registry": "oci", "partition": "", "repository": "shop/app"}
OCI_HOSTS = {**HOSTS, "api": "ghcr.io", "dkr": "ghcr.io", "s3": "pkg-containers.githubusercontent.com"}
OCI_ADDRESSES = {"api": ["140.82.121.33"], "dkr": ["140.82.121.33"], "s3": ["185.199.108.154"]}
V6 = {"addresses": ["2600:1f18:aa:bb01::10"], "resolvers": ["fd00:ec2::253"], "subnet_cidr": "",
      "subnet_cidr6": "2600:1f18:aa:bb01::/64", "label": "us-east-1a v6"}
MIRROR = "layers.example.com"
PROXY = {"proxy": "http://proxy.example.com:3128"}


def nat(**more):
    return World(addresses=dict(PUBLIC), **more)


def oci(**more):
    more.setdefault("target", dict(OCI))
    return World(hosts=dict(OCI_HOSTS), addresses=dict(OCI_ADDRESSES), **more)


def tcp_retries(world, after, passed=(), failed=("1032", "20018", "33008", "61008")):
    return world.experiment("tcp_again", after, bool(passed), tries=4,
                            passed_tries=len(passed), passed_ports=list(passed),
                            failed_ports=list(failed))


def controls(world, after, s3=False, public=False):
    world.experiment("tcp_control_s3", after, s3, endpoint="control", host="s3.us-east-1.amazonaws.com",
                     peer="52.217.10.20:443")
    return world.experiment("tcp_control_public", after, public, endpoint="control",
                            host="public.ecr.aws", peer="75.2.101.78:443")


def silent(world, *endpoints, s3=False, public=False, **more):
    """These endpoints time out, and so do the tries that follow."""
    for endpoint in endpoints:
        world.fail("tcp", endpoint, "timeout", "no answer to the SYN", **more)
    for endpoint in endpoints:
        tcp_retries(world, ("tcp", endpoint))
    return controls(world, ("tcp", endpoints[0]), s3, public)


ALL = ("api", "dkr", "s3")


def hosts_of(region):
    return {"api": f"api.ecr.{region}.amazonaws.com",
            "dkr": f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com",
            "s3": f"prod-{region}-starport-layer-bucket.s3.{region}.amazonaws.com",
            "caller": "169.254.170.2", "control": "public.ecr.aws"}


def elsewhere(region, **target):
    hosts = hosts_of(region)
    return World(hosts=hosts, target={"image": f"{hosts['dkr']}/shop/app:1.4", "host": hosts["dkr"],
                                      "region": region, **target})
