"""Every host name that a plan can hold, against botocore's own endpoint rules.

`hosts` (hosts.c) is linked of the program's own sources and prints what plan_make makes. The rules
are those of Debian's botocore, read at test time. What the table marks as not botocore's must
really be unknown to it, or otherwise spelt in it; everything else must be the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import botocore
import machine
import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

ROOT = Path(__file__).resolve().parents[2]
HOSTS = Path(os.environ.get("HOSTS", ROOT / "build" / "dev" / "hosts"))

LOADER = Loader()
PARTITIONS = LOADER.load_data("partitions")
REGIONS = {
    region: partition["id"]
    for partition in PARTITIONS["partitions"]
    for region in partition["regions"]
    if not region.endswith("-global")
}
SERVICE = {"api": "ecr"}  # else the role's own name
UNKNOWN = {"dkr", "ssmmessages", "eks-auth"}  # roles that botocore has no rules for (of eks-auth: that of Debian 12)
LATER = ["us-isof-south-1", "eu-isoe-west-1", "eusc-de-east-1"]  # partitions of later botocores
RULES = {
    role: EndpointProvider(
        LOADER.load_service_model(SERVICE.get(role, role), "endpoint-rule-set-1"), PARTITIONS)
    for role in ("api", "s3", "logs", "secretsmanager", "ssm", "kms", "sts", "ecs", "eks", "ec2")
}  # fmt: skip


def told(*regions: str) -> list[list[str]]:
    done = subprocess.run([HOSTS, *regions], capture_output=True, text=True, timeout=machine.HANG, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def ruled(role: str, region: str, spelling: str) -> str:
    """The host by botocore's rules; empty when they have none."""
    wish = {"Region": region, "UseFIPS": "fips" in spelling, "UseDualStack": "dual" in spelling}
    if role == "s3":
        # which registry signs with which S3 name is not known: FIPS is left out
        wish |= {"Bucket": f"prod-{region}-starport-layer-bucket", "UseFIPS": False}
    if role == "sts":
        wish["UseGlobalEndpoint"] = False
    try:
        return urlsplit(RULES[role].resolve_endpoint(**wish).url).hostname
    except EndpointProviderError:
        return ""


TOLD = told(*REGIONS)
ROWS = [row for row in TOLD if row[1] != "arn"]


def test_every_region_has_every_name():
    spellings = {"plain", "fips", "dualstack", "fips+dualstack"}
    wanted = {(region, partition, role, spelling)
              for region, partition in REGIONS.items()
              for role in RULES.keys() | UNKNOWN for spelling in spellings}  # fmt: skip
    assert len(REGIONS) > 30
    assert {tuple(row[:4]) for row in ROWS} == wanted
    assert all(row[6] for row in ROWS)


def test_what_is_botocores_is_as_botocore_says():
    wrong = []
    for region, _, role, spelling, again, source, host in ROWS:
        rule = ruled(role, region, spelling) if role in RULES else ""
        # dual-stack in a partition where these rules have none is not theirs to say
        if source == "botocore" and rule and rule != host:
            wrong.append(f"{role} {region} {spelling} {again}: {host}, botocore says {rule}")
        if source == "botocore" and not rule and not ("iso" in region and "dual" in spelling):
            wrong.append(f"{role} {region} {spelling}: {host} is not botocore's")
    assert not wrong, "\n".join(wrong)


def test_of_the_two_fips_names_one_is_botocores():
    for region in REGIONS:
        names = [row[6] for row in ROWS if row[0] == region and row[2:4] == ["api", "fips"]]
        assert ruled("api", region, "fips") == names[0]
        assert len(names) == (2 if REGIONS[region] in ("aws", "aws-us-gov") else 1)
        both = [row[6] for row in ROWS if row[0] == region and row[2:4] == ["api", "fips+dualstack"]]
        assert len(both) == 2 and ruled("api", region, "fips+dualstack") in ("", both[1])


@pytest.mark.skipif(not botocore.__version__.startswith("1.29."),
                    reason="the marks are about Debian 12's botocore")  # fmt: skip
def test_what_is_marked_is_unknown_to_it():
    wrong = set()
    for region, _, role, spelling, _, source, host in ROWS:
        if source != "botocore" and role in RULES and ruled(role, region, spelling) == host:
            wrong.add(f"{role} {spelling} of {region} is botocore's: {host}")
        if source == "botocore" and role in UNKNOWN:
            wrong.add(f"botocore has no rules for {role}")
    assert not wrong, "\n".join(sorted(wrong))


def test_the_arn_of_the_bucket_has_the_partition():
    arns = {region: arn for region, kind, arn in (row for row in TOLD if row[1] == "arn")}
    assert arns == {region: f"arn:{partition}:s3:::prod-{region}-starport-layer-bucket/*"
                    for region, partition in REGIONS.items()}  # fmt: skip
    assert arns["cn-north-1"] == "arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/*"


def test_a_region_that_nobody_knows_is_taken_for_aws_by_both():
    for region, _, role, spelling, _, source, host in (
        row for row in told("xx-east-1") if row[1] != "arn"
    ):
        if role in RULES and source == "botocore" and ruled(role, region, spelling) != host:
            raise AssertionError(f"{role} {spelling}: {host}")


def test_partitions_of_later_botocores_end_as_they_do():
    ends = {"us-isof-south-1": "csp.hci.ic.gov", "eu-isoe-west-1": "cloud.adc-e.uk",
            "eusc-de-east-1": "amazonaws.eu"}  # fmt: skip
    for region in LATER:
        plain = {row[2]: row[6] for row in told(region) if len(row) > 3 and row[3] == "plain"}
        assert plain["api"] == f"api.ecr.{region}.{ends[region]}"
        assert plain["dkr"] == f"123456789012.dkr.ecr.{region}.{ends[region]}"
        assert plain["s3"] == f"prod-{region}-starport-layer-bucket.s3.{region}.{ends[region]}"
