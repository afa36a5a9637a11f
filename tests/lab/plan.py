"""The miniature VPC on paper: names and addresses. Nothing in here acts."""

from __future__ import annotations

from dataclasses import dataclass, field

REGION = "us-east-1"
ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
BUCKET = f"prod-{REGION}-starport-layer-bucket"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
REGISTRY_DUAL = f"{ACCOUNT}.dkr-ecr.{REGION}.on.aws"
REGISTRY_FIPS = f"{ACCOUNT}.dkr.ecr-fips.{REGION}.amazonaws.com"
REGISTRY_FIPS_DUAL = f"{ACCOUNT}.dkr-ecr-fips.{REGION}.on.aws"
REGISTRY_VPCE = f"vpce-0abc-xyz.dkr.ecr.{REGION}.vpce.amazonaws.com"
API = f"api.ecr.{REGION}.amazonaws.com"
API_DUAL = f"ecr.{REGION}.api.aws"
API_VPCE = f"vpce-0abc-xyz.api.ecr.{REGION}.vpce.amazonaws.com"
FIPS_APIS = (f"ecr-fips.{REGION}.amazonaws.com", f"api.ecr-fips.{REGION}.amazonaws.com")
S3 = f"{BUCKET}.s3.{REGION}.amazonaws.com"
S3_DUAL = f"{BUCKET}.s3.dualstack.{REGION}.amazonaws.com"

TASK4, TASK6 = "10.20.1.10", "2600:1f18:20:a01::10"
ROUTER4, ROUTER6 = "10.20.1.1", "2600:1f18:20:a01::1"
TASK_LOCAL = "169.254.172.10"  # what reaches the metadata service in an IPv6-only subnet
SUBNET4, SUBNET6 = "10.20.1.0/24", "2600:1f18:20:a01::/64"
VPC4, VPC6 = "10.20.0.0/16", "2600:1f18:20:a00::/56"
NAT4 = "3.80.20.20"
RESOLVER4, RESOLVER6, RESOLVER_LOCAL = "10.20.0.2", "fd00:ec2::253", "169.254.169.253"
CUSTOM_DNS = "10.20.5.53"  # the DNS server of a DHCP option set; nobody is there
IMDS6, POD_IDENTITY6 = "fd00:ec2::254", "fd00:ec2::23"
METADATA, IMDS, POD_IDENTITY = "169.254.170.2", "169.254.169.254", "169.254.170.23"
MIDDLEBOX4, MIDDLEBOX6 = "10.20.9.9", "2600:1f18:20:a09::9"

CLUSTER = f"0123456789ABCDEF0123456789ABCDEF.gr7.{REGION}.eks.amazonaws.com"
LOG_GROUP = "/ecs/lab"
SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:lab/db-AbCdEf"
PARAMETER = "/lab/api-key"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ENV_BUCKET, ENV_KEY = "lab-env-files", "app/prod file.env"
SECRET_VALUE = "VALUE-OF-A-SECRET-EXAMPLE-0123456789"
CREDENTIALS_PATH = "/v2/credentials/11111111-2222-4333-8444-555555555555"
CONTAINER_ID = "0123456789abcdef0123456789abcdef-1234567890"
METADATA_PATH = f"/v4/{CONTAINER_ID}"

ROLE = "arn:aws:iam::123456789012:role/pull-execution-role"
PRINCIPAL = "arn:aws:sts::123456789012:assumed-role/pull-execution-role/0123456789abcdef"
STORAGE_ROLE = (
    f"arn:aws:sts::678901234567:assumed-role/storage-access-role-prod-{REGION}/EXAMPLESESSION"
)
ACCESS_KEY = "ASIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE" + "SESSIONTOKENEXAMPLE/" * 60  # longer than a packet of the internet
OTHER_ROLE = "arn:aws:iam::123456789012:role/team/assumed-role-example"
SESSION = "arn:aws:sts::123456789012:assumed-role/assumed-role-example/"
ASSUMED_KEY = "ASIAASSUMEDEXAMPLE01"
ASSUMED_SECRET = "assumedSECRET/EXAMPLEKEY/EXAMPLEKEYEXAMPLE"
ASSUMED_TOKEN = "IQoJb3JpZ2luX2VjASSUMED" + "ASSUMEDTOKENEXAMPLE/" * 25
EXTERNAL_ID = "external id/EXAMPLE"
ISSUER = f"https://oidc.eks.{REGION}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
SUBJECT = "system:serviceaccount:shop:pullprobe"
ISSUER_KEY = b"issuerKEYEXAMPLE"  # STS knows RS256; between the two of them HS256 is as good
STORAGE_KEY = "ASIASTORAGEEXAMPLE01"
STORAGE_SECRET = "storageSECRET/EXAMPLEKEY/EXAMPLEKEYEXAMPLE"
STORAGE_TOKEN = "FwoGZXIvYXdzEXAMPLE" + "STORAGETOKENEXAMPLE/" * 20


@dataclass(frozen=True)
class Service:
    """One AWS service: its names, and where it can be reached."""

    role: str
    names: tuple[str, ...]
    """names with A records only; a leading `*.` is a wildcard"""
    dual: tuple[str, ...] = ()
    """names with AAAA records too"""
    private4: tuple[str, ...] = ()
    private6: tuple[str, ...] = ()
    public4: tuple[str, ...] = ()
    public6: tuple[str, ...] = ()
    sans: tuple[str, ...] = field(default=())

    def all4(self) -> tuple[str, ...]:
        return self.private4 + self.public4

    def all6(self) -> tuple[str, ...]:
        return self.private6 + self.public6

    def addresses4(self, topology: str) -> tuple[str, ...]:
        return self.private4 if topology == "endpoints" and self.private4 else self.public4

    def addresses6(self, topology: str) -> tuple[str, ...]:
        return self.private6 if topology == "endpoints" and self.private6 else self.public6


def _interface(role: str, at: int, names, dual, public4, sans=()) -> Service:
    """A service with an interface endpoint: one address in each of two zones."""
    return Service(
        role, tuple(names), tuple(dual),
        private4=(f"10.20.2.{at}", f"10.20.3.{at}"),
        private6=(f"2600:1f18:20:a02::{at}", f"2600:1f18:20:a03::{at}"),
        public4=tuple(public4),
        public6=(f"2600:1f28:3d:c000::{at}",),
        sans=tuple(sans),
    )  # fmt: skip


def _plain(role: str, at: int) -> Service:
    """One of the further services that a task start may need."""
    return _interface(
        role, at, [f"{role}.{REGION}.amazonaws.com"], [f"{role}.{REGION}.api.aws"],
        [f"52.94.233.{at}"],
    )  # fmt: skip


SERVICES: dict[str, Service] = {
    service.role: service
    for service in (
        _interface(
            "api", 11,
            [API, f"ecr.{REGION}.amazonaws.com", *FIPS_APIS, f"*.api.ecr.{REGION}.vpce.amazonaws.com"],
            [f"ecr.{REGION}.api.aws", f"ecr-fips.{REGION}.api.aws"],
            ["44.213.79.104", "44.213.79.50"],
        ),
        _interface(
            "dkr", 12,
            [f"*.dkr.ecr.{REGION}.amazonaws.com", f"*.dkr.ecr-fips.{REGION}.amazonaws.com",
             f"*.dkr.ecr.{REGION}.vpce.amazonaws.com"],
            [f"*.dkr-ecr.{REGION}.on.aws", f"*.dkr-ecr-fips.{REGION}.on.aws"],
            ["54.210.113.5", "3.227.11.12"],
        ),
        Service(
            "s3", (S3, f"s3.{REGION}.amazonaws.com"),
            (S3_DUAL, f"s3.dualstack.{REGION}.amazonaws.com"),
            public4=("52.216.0.10", "52.216.60.146", "16.15.176.9"),
            public6=("2600:1fa0:8000::10", "2600:1fa0:8000::11"),
            sans=(f"s3.{REGION}.amazonaws.com", f"*.s3.{REGION}.amazonaws.com",
                  f"*.s3.dualstack.{REGION}.amazonaws.com", "*.s3.amazonaws.com"),
        ),
        *(_plain(role, 13 + i) for i, role in enumerate(
            ("logs", "secretsmanager", "ssm", "kms", "sts", "ssmmessages", "ecs", "eks", "ec2"))),
        _interface("eks-auth", 22, [f"eks-auth.{REGION}.api.aws"], [], ["52.94.233.22"]),
        _interface("cluster", 23, [CLUSTER], [], ["52.94.233.23"]),
        Service(
            "internet",
            ("public.ecr.aws", "www.example.com", "checkip.amazonaws.com"),
            ("aws.amazon.com", "amazon.com", "www.amazon.com", "ecr-public.aws.com"),
            public4=("75.2.101.78", "99.83.145.10"),
            public6=("2600:9000:a51f:27d0::1",),
        ),
        Service("hub", ("registry-1.docker.io",), public4=("44.208.254.194",)),
        Service("hubauth", ("auth.docker.io",), public4=("34.226.69.105",)),
        Service("hubblobs", ("production.cloudflare.docker.com",), public4=("104.16.98.215",)),
        Service("corpauth", ("auth.corp.example",), public4=("198.51.100.20",)),
        Service(
            "others",
            ("registry.corp.example", "basic.corp.example", "open.corp.example",
             "other.corp.example", "blobs.corp.example", "ghcr.io",
             "pkg-containers.githubusercontent.com", "quay.io", "cdn01.quay.io",
             "d5l0dvt14r5h8.cloudfront.net"),
            public4=("140.82.121.33",),
        ),
    )
}  # fmt: skip

S3_PREFIXES4 = ("52.216.0.0/15", "16.15.0.0/16")
S3_PREFIXES6 = ("2600:1fa0:8000::/39",)
ALSO = ("logs", "secretsmanager", "ssm", "kms", "sts", "ssmmessages", "ecs", f"eks={CLUSTER}")
SPOOFABLE = ("api", "dkr", "s3")  # what a middlebox can stand before

# Where the middlebox listens, by role: raw sockets, TLS with a genuine certificate,
# and nginx with certificates that are wrong in one way each.
RAW_PORT = {role: 9000 + i for i, role in enumerate(SPOOFABLE)}
TLS_PORT = {role: 9010 + i for i, role in enumerate(SPOOFABLE)}
PLAIN_PORT = {role: 8080 + i for i, role in enumerate(SPOOFABLE)}
VARIANTS = ("intercepted", "selfsigned", "expired", "notyet", "wrongname", "tls12", "tls11",
            "otherregion", "oldmiddle", "nochain", "clientcert", "wronguse", "sha1", "noname")
VARIANT_PORT = {
    (role, variant): 9100 + 20 * i + j
    for i, role in enumerate(SPOOFABLE)
    for j, variant in enumerate(VARIANTS)
}
DNS_PORT = 5300
FAKE_SERVICES_PORT = 8000
REGISTRY_PORT = 5000
PROXY_PORT = 3128
OTHERS = ("hub", "hubauth", "hubblobs", "corpauth", "others")  # see others.py
PROXY_NAME = "proxy.corp.example"
PROXY_LOGIN = "probe:corp-proxy-PASSWORDEXAMPLE"


@dataclass(frozen=True)
class Plan:
    """One lab: its name, and which kind of subnet the task sits in."""

    name: str = "pp"
    topology: str = "endpoints"
    family: str = "v4"
    delay: int = 0
    """milliseconds that a round trip out of the subnet takes more"""

    @property
    def v4(self) -> bool:
        return self.family in ("v4", "dual")

    @property
    def v6(self) -> bool:
        return self.family in ("v6", "dual")

    def ns(self, part: str) -> str:
        return f"{self.name}-{part}"

    def addresses4(self, role: str) -> tuple[str, ...]:
        return SERVICES[role].addresses4(self.topology)

    def addresses6(self, role: str) -> tuple[str, ...]:
        return SERVICES[role].addresses6(self.topology)

    def resolvers(self) -> tuple[str, ...]:
        return (RESOLVER4,) * self.v4 + (RESOLVER6,) * self.v6

    def host(self, role: str) -> str:
        """The name by which the probe's default image reaches a role."""
        dual = self.family == "v6"
        return {
            "api": API_DUAL if dual else API,
            "dkr": REGISTRY_DUAL if dual else REGISTRY,
            "s3": S3_DUAL if dual else S3,
        }.get(role) or SERVICES[role].names[0]

    def image(self, reference: str) -> str:
        return f"{self.host('dkr')}/{reference}"
