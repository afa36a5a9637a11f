"""Evidence as a walk writes it (docs/evidence.md), made from what fails in it.

A World is a subnet where a pull works. `fail` and `experiment` change it; `report` walks it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STAGES = ["dns", "tcp", "tls", "http", "credentials", "token", "manifest", "layers", "start"]
CONNECTIVITY = STAGES[:4]
ACCOUNT, REGION = "123456789012", "us-east-1"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/pull-execution-role"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/pull-execution-role/0123456789abcdef"
S3_ROLE = "arn:aws:sts::999999999999:assumed-role/storage-access-role-prod-us-east-1/EXAMPLE"
INDEX, IMAGE, CONFIG, LAYER = (f"sha256:{digit * 64}" for digit in "1234")
WRONG = f"sha256:{'e' * 64}"
BUCKET = "prod-us-east-1-starport-layer-bucket"
HOSTS = {
    "api": "api.ecr.us-east-1.amazonaws.com",
    "dkr": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com",
    "s3": f"{BUCKET}.s3.us-east-1.amazonaws.com",
    "logs": "logs.us-east-1.amazonaws.com",
    "secretsmanager": "secretsmanager.us-east-1.amazonaws.com",
    "caller": "169.254.170.2",
    "ssm": "ssm.us-east-1.amazonaws.com",
    "eks-auth": "eks-auth.us-east-1.api.aws",
    "cluster": "0123456789abcdef0123456789abcdef.gr7.us-east-1.eks.amazonaws.com",
    "envfile": "env-files.s3.us-east-1.amazonaws.com",
    "control": "public.ecr.aws",
    "proxy": "proxy.example.com",
}
ORDER = {"caller": 1, "api": 1, "secretsmanager": 2, "ssm": 2, "envfile": 3, "dkr": 4, "s3": 4,
         "logs": 5}  # fmt: skip
NEEDS = {
    "secretsmanager": ("secretsmanager:GetSecretValue",
                       f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/db-AbCdEf"),
    "ssm": ("ssm:GetParameters", "/shop/api-key"),
    "envfile": ("s3:GetObject", "env-files/shop/prod.env"),
    "logs": ("logs:CreateLogStream", "/ecs/shop"),
}
PRIVATE = {
    "api": ["10.20.2.11", "10.20.3.11"],
    "dkr": ["10.20.2.12", "10.20.3.12"],
    "s3": ["52.216.0.10", "16.15.176.9"],
    "logs": ["10.20.2.13"],
    "secretsmanager": ["10.20.2.14"],
    "ssm": ["10.20.2.15"],
    "eks-auth": ["10.20.2.16"],
    "cluster": ["10.20.2.17", "10.20.3.17"],
    "envfile": ["52.216.0.10"],
}
PUBLIC = {**PRIVATE, "api": ["44.213.79.104", "44.213.79.50"], "dkr": ["54.210.113.5"],
          "logs": ["44.202.79.10"], "secretsmanager": ["44.202.79.20"],
          "cluster": ["44.202.79.30", "44.202.79.31"]}  # fmt: skip
DATE = "Fri, 02 Jan 2026 03:04:05 GMT"
FIRST_PORT = 40000
SUSPECT = 1000000  # a fifth of --timeout: experiments begin while the step they are about still waits
PROXY_PEER = "10.20.9.9:3128"


@dataclass
class Failure:
    stage: str
    endpoint: str
    cause: str
    detail: str
    only: list[str]  # of tcp: these addresses
    document: str  # of manifest and layers
    seen: dict
    host: str = ""
    peer: str | None = None


@dataclass
class Experiment:
    asks: str
    after: tuple[str, str]  # stage and role of the failure that it follows
    outcome: str
    cause: str
    seen: dict
    endpoint: str = ""
    host: str = ""
    peer: str = ""
    detail: str = ""


@dataclass
class World:
    addresses: dict = field(default_factory=lambda: dict(PRIVATE))
    hosts: dict = field(default_factory=lambda: dict(HOSTS))
    target: dict = field(default_factory=dict)
    vantage: dict = field(default_factory=dict)
    also: list = field(default_factory=list)
    passed: dict = field(default_factory=dict)  # (stage, role): facts of passed steps
    took: dict = field(default_factory=dict)  # (stage, role): microseconds
    redirect: str = ""  # another layer host
    respelt: str = ""  # the API's first name, which does not exist; the walk goes on by the other
    stage: str = ""
    deadline_at: str = ""  # the stage at which time was up
    proxy: str = ""  # of --proxy; failures of stage "connect" are its answers
    excepted: tuple = ()  # endpoints that NO_PROXY exempts from it
    task: list = field(default_factory=list)  # of --also-from: the names of NEEDS
    execution_role: str = ROLE_ARN
    index: bool = True
    full: bool = False
    failures: list = field(default_factory=list)
    experiments: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    ports: int = FIRST_PORT

    # what is wrong

    def fail(self, stage, endpoint, cause, detail="", only=(), document="", host="", peer=None, **seen):
        self.failures.append(
            Failure(stage, endpoint, cause, detail, list(only), document, seen, host, peer))
        return self

    def experiment(self, asks, after, passed, cause="", endpoint="", host="", peer="", detail="",
                   **seen):
        self.experiments.append(
            Experiment(asks, after, "passed" if passed else "failed",
                       "none" if passed else cause or "timeout", seen, endpoint, host, peer, detail))
        return self

    # the walk

    def endpoints(self):
        return ["api", "dkr", "s3", *self.also, *self.task]

    def wrong(self, stage, endpoint, document=""):
        for one in self.failures:
            here = one.host in ("", self.hosts[endpoint])
            if (one.stage, one.endpoint) == (stage, endpoint) and one.document in ("", document) and here:
                return one
        return None

    def write(self, stage, endpoint, outcome="passed", cause="none", peer="", detail="", host="",
              took=None, **seen):
        seen = {key: value for key, value in seen.items() if value not in ("", [])}
        outcome = "skipped" if cause == "exhausted" else outcome
        self.steps.append({
            "stage": stage, "endpoint": endpoint, "outcome": outcome, "cause": cause,
            "host": host or self.hosts[endpoint], "peer": peer, "detail": detail,
            "began_us": 1000 * len(self.steps),
            "took_us": took if took is not None
            else 5000000 if cause == "timeout" else self.took.get((stage, endpoint), 1500),
            "experiment": False, "asks": "", "follows": None, "seen": seen})

    def skip(self, stage, endpoint, why, cause="dependency"):
        self.write(stage, endpoint, "skipped", cause, detail=why, took=0)

    def follow(self, stage):
        made = []
        for one in self.experiments:
            if one.after[0] == stage:
                follows = next(i for i, step in enumerate(self.steps)
                               if (step["stage"], step["endpoint"]) == one.after
                               and step["outcome"] == "failed" and not step["experiment"])
                made.append((follows, one))
        if stage == "dns" and self.respelt:
            follows = next(i for i, step in enumerate(self.steps) if step["endpoint"] == "api")
            self.respelt = ""
            self.dns("api")
            self.steps[-1].update(experiment=True, asks="dns_other_spelling", follows=follows)
        for follows, one in sorted(made, key=lambda pair: pair[0]):
            failed = self.steps[follows]
            self.write("dns" if one.asks.startswith("dns_") else stage, one.endpoint or one.after[1],
                       one.outcome, one.cause, one.peer or failed["peer"], one.detail,
                       one.host or failed["host"], **one.seen)
            self.steps[-1].update(experiment=True, asks=one.asks, follows=follows,
                                  began_us=failed["began_us"] + min(failed["took_us"], SUSPECT))

    def connectivity(self):
        stopped = {}
        for stage in CONNECTIVITY:
            if self.proxy and stage in ("dns", "tcp") and not stopped and self.to_proxy(stage):
                why = f"{stage} to {self.hosts['proxy']} failed: {self.wrong(stage, 'proxy').cause}"
                stopped = dict.fromkeys(self.endpoints(), why)
            for endpoint in self.endpoints():
                if self.deadline_at and STAGES.index(stage) >= STAGES.index(self.deadline_at):
                    self.skip(stage, endpoint, "the deadline has passed", "deadline")
                    stopped.setdefault(endpoint, "the deadline has passed")
                elif endpoint in stopped:
                    self.skip(stage, endpoint, stopped[endpoint])
                elif getattr(self, stage)(endpoint):
                    wrong = self.wrong(stage, endpoint)
                    cause = wrong.cause if wrong else "the proxy does not lead there"
                    stopped[endpoint] = f"{stage} to {self.hosts[endpoint]} failed: {cause}"
            self.follow(stage)
        return stopped

    def to_proxy(self, stage):
        """The proxy's own name and connection; True when one fails."""
        peer, facts = {
            "dns": ("10.20.0.2:53", {"addresses": ["10.20.9.9"], "server": "10.20.0.2", "transport": "udp",
                                     "record": "both", "a_cause": "none", "aaaa_cause": "nodata"}),
            "tcp": (PROXY_PEER, {"local": self.local("10.20.9.9")}),
        }[stage]  # fmt: skip
        one = self.wrong(stage, "proxy")
        if one:
            facts = {key: facts[key] for key in facts if key not in ("addresses", "a_cause")} | one.seen
        self.write(stage, "proxy", "failed" if one else "passed", one.cause if one else "none", peer,
                   one.detail if one else "", proxy=self.proxy, **facts)
        return bool(one)

    def by_proxy(self, endpoint):
        return "" if endpoint in self.excepted else self.proxy

    def not_asked(self, stage, endpoint, why):
        self.write(stage, endpoint, "skipped", "not_asked", detail=why, took=0, proxy=self.proxy)

    def connect(self, endpoint):
        """The proxy is asked for a tunnel; True when it gives none."""
        one = self.wrong("connect", endpoint)
        self.not_asked("tcp", endpoint, "the proxy makes this connection")
        self.write("http", "proxy", "failed" if one else "passed", one.cause if one else "none",
                   PROXY_PEER, one.detail if one else "", self.hosts[endpoint], proxy=self.proxy,
                   **(one.seen if one else {"status": 200}))
        return bool(one)

    def dns(self, endpoint):
        if self.by_proxy(endpoint):
            self.not_asked("dns", endpoint, "the proxy resolves this name")
            return False
        one = self.wrong("dns", endpoint)
        server = {"server": "10.20.0.2"}
        if endpoint == "api" and self.respelt:
            self.write("dns", endpoint, "failed", "nxdomain", "10.20.0.2:53", "NXDOMAIN", self.respelt,
                       **server, transport="udp", record="both", a_cause="nxdomain",
                       aaaa_cause="nxdomain")
            return False
        if one:
            peer = "10.20.0.2:53" if one.peer is None else one.peer
            seen = {"server": peer.rsplit(":", 1)[0].strip("[]"), "transport": "udp",
                    "record": "both", "a_cause": one.cause, "aaaa_cause": one.cause, **one.seen}
            self.write("dns", endpoint, "failed", one.cause, peer, one.detail, **seen)
            return True
        addresses = self.addresses[endpoint]
        v4 = any("." in a for a in addresses)
        self.write("dns", endpoint, peer="10.20.0.2:53", addresses=addresses, transport="udp",
                   record="both", a_cause="none" if v4 else "nodata",
                   aaaa_cause="none" if any(":" in a for a in addresses) else "nodata",
                   **{**server, **self.passed.get(("dns", endpoint), {})})
        return False

    def local(self, address):
        self.ports += 7
        own = self.vantage.get("addresses", ["10.20.1.10"])
        return f"[{own[-1]}]:{self.ports}" if ":" in address else f"{own[0]}:{self.ports}"

    def tcp(self, endpoint):
        if self.by_proxy(endpoint):
            return self.connect(endpoint)
        one = self.wrong("tcp", endpoint)
        reached = False
        if one and one.cause == "no_address":
            self.write("tcp", endpoint, "failed", one.cause, detail=one.detail, **one.seen)
            return True
        for address in self.addresses[endpoint]:
            peer = f"[{address}]:443" if ":" in address else f"{address}:443"
            if one and (not one.only or address in one.only):
                local = {} if "local" in one.seen or one.cause == "local" else {
                    "local": self.local(address)}
                self.write("tcp", endpoint, "failed", one.cause, one.peer or peer, one.detail,
                           **{**local, **one.seen})
            else:
                reached = True
                self.write("tcp", endpoint, peer=peer, local=self.local(address),
                           **self.passed.get(("tcp", endpoint), {}))
        return not reached

    def peer(self, endpoint):
        if self.by_proxy(endpoint):
            return PROXY_PEER
        one = self.wrong("tcp", endpoint)
        dead = one.only if one else []
        address = next((a for a in self.addresses[endpoint] if a not in dead), "")
        return f"[{address}]:443" if ":" in address else f"{address}:443"

    def certificate(self, endpoint):
        names = {"api": [self.hosts["api"]], "dkr": ["*.dkr.ecr.us-east-1.amazonaws.com"],
                 "s3": ["*.s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"]}
        names = names.get(endpoint, [self.hosts[endpoint]])
        return {"version": "TLSv1.3", "cipher": "TLS_AES_128_GCM_SHA256", "subject": f"CN={names[0]}",
                "issuer": "CN=Amazon RSA 2048 M01,O=Amazon,C=US", "names": names,
                "chain": [f"CN={names[0]}", "CN=Amazon RSA 2048 M01,O=Amazon,C=US"],
                "not_before": "2025-06-01T00:00:00Z", "not_after": "2026-06-30T23:59:59Z",
                "anchor": "amazon"}

    def tls(self, endpoint):
        one = self.wrong("tls", endpoint)
        hello = {"sent_name": self.hosts[endpoint], "hello_bytes": 1560}
        if one:
            seen = {**hello, "peer_bytes": 0, **one.seen}
            if one.cause in ("untrusted", "expired", "not_yet_valid", "name_mismatch"):
                seen = {**hello, "peer_bytes": 3900, **self.certificate(endpoint), "anchor": "",
                        **one.seen}
            self.write("tls", endpoint, "failed", one.cause, self.peer(endpoint), one.detail, **seen)
            return True
        self.write("tls", endpoint, peer=self.peer(endpoint), **{
            **hello, "peer_bytes": 4200, **self.certificate(endpoint), "proxy": self.by_proxy(endpoint),
            **self.passed.get(("tls", endpoint), {})})
        return False

    def http(self, endpoint):
        one = self.wrong("http", endpoint)
        facts = {
            "dkr": {"status": 401, "date": DATE, "clock_offset": 0, "content_type": "text/plain",
                    "challenge": f'Basic realm="https://{self.hosts["dkr"]}/",'
                                 'service="ecr.amazonaws.com"', "bytes": 15},
            "s3": {"status": 403, "date": DATE, "clock_offset": 0, "server": "AmazonS3",
                   "request_id": "EXAMPLE0123456789", "content_type": "application/xml",
                   "bytes": 243},
        }.get(endpoint, {"status": 400, "date": DATE, "clock_offset": 0,
                     "request_id": "11111111-2222-3333-4444-EXAMPLE",
                     "content_type": "application/x-amz-json-1.1", "bytes": 80})
        if one:
            self.write("http", endpoint, "failed", one.cause, self.peer(endpoint), one.detail, **one.seen)
            return True
        self.write("http", endpoint, peer=self.peer(endpoint), proxy=self.by_proxy(endpoint),
                   **{**facts, **self.passed.get(("http", endpoint), {})})
        return False

    def step(self, stage, endpoint, document="", **facts):
        """A step of the pull itself; True when it failed."""
        one = self.wrong(stage, endpoint, document)
        peer = "" if endpoint == "caller" else self.peer(endpoint)
        given = {"document": document, **facts}
        if one:
            kept = {key: given[key] for key in ("document", "digest", "size") if given.get(key)}
            self.write(stage, endpoint, "failed", one.cause, peer, one.detail,
                       **({**kept, **one.seen} if stage in ("manifest", "layers") else one.seen))
            return True
        self.write(stage, endpoint, peer=peer, **{**given, **self.passed.get((stage, endpoint), {})})
        return False

    def pull(self, stopped):
        steps = [
            ("credentials", "caller", {"source": "container", "uri": "http://169.254.170.2/v2",
                                       "passed_over": ["environment: AWS_ACCESS_KEY_ID is not set"],
                                       "principal": ROLE_ARN, "expires": "2026-01-02T09:04:05Z"}),
            ("token", "api", {"status": 200, "date": DATE, "clock_offset": 0,
                              "request_id": "22222222-EXAMPLE", "expires": "2026-01-02T15:04:05Z"}),
        ]
        why = ""
        for stage, endpoint, facts in steps:
            why = why or stopped.get(endpoint, "")
            if self.time_is_up(stage):
                self.skip(stage, endpoint, "the deadline has passed", "deadline")
                why = why or "the deadline has passed"
            elif why:
                self.skip(stage, endpoint, why)
            elif self.step(stage, endpoint, **facts):
                why = {"credentials": "there are no credentials",
                       "token": "there is no registry token"}[stage]
            self.follow(stage)
        self.image(stopped, why or stopped.get("dkr", ""))

    def time_is_up(self, stage):
        return bool(self.deadline_at) and STAGES.index(stage) >= STAGES.index(self.deadline_at)

    def manifests(self):
        kind = "application/vnd.oci.image."
        if self.index:
            yield "index", {"status": 200, "media_type": kind + "index.v1+json", "digest": INDEX,
                            "bytes": 640, "platforms": ["linux/amd64", "linux/arm64"]}
        yield "image", {"status": 200, "media_type": kind + "manifest.v1+json", "digest": IMAGE,
                        "bytes": 680, "layer_count": 1, "layer_bytes": 3408729}

    def image(self, stopped, why):
        if self.time_is_up("manifest"):
            self.skip("manifest", "dkr", "the deadline has passed", "deadline")
            why = "the deadline has passed"
        elif why:
            self.skip("manifest", "dkr", why)
        else:
            for document, facts in self.manifests():
                if not why and self.step("manifest", "dkr", document, **facts):
                    why = "there is no manifest of an image"
        self.follow("manifest")
        self.layers(stopped, why)

    def blobs(self):
        return [("config", CONFIG, 1470), ("layer", LAYER, 3408729)]

    def layers(self, stopped, why):
        cause = "deadline" if self.time_is_up("layers") else "dependency"
        if why or cause == "deadline":
            self.skip("layers", "dkr", why or "the deadline has passed", cause)
            self.skip("layers", "s3", why or "the deadline has passed", cause)
            return
        host = self.redirect or self.hosts["s3"]
        redirected = []
        for document, digest, size in self.blobs():
            failed = self.step("layers", "dkr", document, digest=digest, size=size, status=307,
                               location=f"https://{host}/1234-{ACCOUNT}-example/{document}",
                               query_names=["X-Amz-Algorithm", "X-Amz-Expires", "X-Amz-Signature"])
            if not failed:
                redirected.append((document, digest, size))
        self.serve(stopped, redirected)
        self.follow("layers")

    def serve(self, stopped, redirected):
        if self.redirect:
            self.hosts["s3"] = self.redirect
            self.failures = [f for f in self.failures
                             if f.endpoint != "s3" or f.stage == "layers" or f.host]
            stopped.pop("s3", None)
            for stage in ("dns", "tcp", "tls"):
                if "s3" in stopped:
                    self.skip(stage, "s3", stopped["s3"])
                elif getattr(self, stage)("s3"):
                    cause = self.wrong(stage, "s3").cause
                    stopped["s3"] = f"{stage} to {self.redirect} failed: {cause}"
        if "s3" in stopped or not redirected:
            self.skip("layers", "s3", stopped.get("s3", "the registry did not redirect"))
            return
        for document, digest, size in redirected:
            whole = self.full or document == "config"
            self.step("layers", "s3", document, digest=digest, size=size,
                      bytes=size if whole else 1, status=200 if whole else 206, server="AmazonS3",
                      request_id="EXAMPLE0123456789", date=DATE)
        wrong = self.wrong("manifest", "dkr", "config")
        if wrong:
            self.write("manifest", "dkr", "failed", wrong.cause, self.peer("dkr"), wrong.detail,
                       document="config", digest=CONFIG, **wrong.seen)

    def start(self, stopped):
        """What the start of a known task asks for, with --also-calls."""
        needs = sorted(["api", "dkr", "s3", *self.task], key=lambda endpoint: ORDER[endpoint])
        self.write("start", "caller", execution_role=self.execution_role,
                   needs=[f"{ORDER[endpoint]} {endpoint} {self.hosts[endpoint]}" for endpoint in needs])
        for endpoint in self.task:
            one = self.wrong("start", endpoint)
            asked = dict(zip(("call", "wanted"), NEEDS[endpoint]))
            if endpoint in stopped:
                self.write("start", endpoint, "skipped", "dependency", detail=stopped[endpoint], took=0,
                           **asked)
            elif one:
                peer = self.peer(endpoint) if one.peer is None else one.peer
                self.write("start", endpoint, "failed", one.cause, peer, one.detail,
                           **asked, **one.seen)
            else:
                self.write("start", endpoint, peer=self.peer(endpoint), status=200, **asked)
        for step in self.steps:
            if not step["experiment"]:
                step["seen"]["order"] = ORDER.get(step["endpoint"], 7)

    def report(self):
        stopped = self.connectivity()
        self.pull(stopped)
        if self.task:
            self.start(stopped)
        target = {"image": f"{HOSTS['dkr']}/shop/app:1.4", "host": HOSTS["dkr"], "account": ACCOUNT,
                  "region": REGION, "fips": False, "dualstack": False, "repository": "shop/app",
                  "reference": "1.4", "tag": "", "registry": "ecr", "partition": "aws",
                  "reference_kind": "tag", "platform": "linux/amd64", **self.target}
        vantage = {"label": "us-east-1a 10.20.1.0/24", "launch_type": "FARGATE",
                   "task_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/shop/0123456789abcdef",
                   "availability_zone": "us-east-1a", "subnet_cidr": "10.20.1.0/24",
                   "subnet_cidr6": "", "addresses": ["10.20.1.10"], "resolvers": ["10.20.0.2"],
                   "mtu": 9001, "principal": ROLE_ARN, "credential_source": "container",
                   "clock_error_ms": 1, "clock_status": "SYNCHRONIZED", **self.vantage}
        return {"schema": "pullprobe.report.v1", "tool": {"name": "pullprobe", "version": "0.1.0"},
                "started_at": "2026-01-02T03:04:05Z", "took_us": 5100000,
                "interrupted": bool(self.deadline_at), "full": self.full, "timeout_us": 5000000,
                "stage": self.stage, "target": target, "vantage": vantage, "steps": self.steps}
