"""One lab: up, down, faults in and out, and commands run as the task."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import certs
import images
import net
import others
import plan as p
import servers
from shell import LabError, alive, write_down
from switch import Switch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASE = ROOT / "build" / "lab"
CACHE = BASE / ".cache"
OWNER = "owner"  # a lab that has one goes with it
TOOLS = ("ip", "nft", "ethtool", "unbound", "nginx", "docker-registry")
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Lab:
    """A lab by its plan; `Lab.open` finds one that is up."""

    def __init__(self, plan: p.Plan):
        self.plan = plan
        self.directory = BASE / plan.name
        self.current = Switch()

    @classmethod
    def open(cls, name: str) -> Lab:
        try:
            settings = json.loads((BASE / name / "lab.json").read_text())
        except (OSError, ValueError):
            raise LabError(f"no lab named {name} is up") from None
        lab = cls(p.Plan(**settings["plan"]))
        if (lab.directory / "switch.json").exists():
            lab.current = Switch(**json.loads((lab.directory / "switch.json").read_text()))
        return lab

    @property
    def images(self) -> dict[str, dict]:
        return json.loads((self.directory / "lab.json").read_text())["images"]

    @property
    def ca_file(self) -> Path:
        return self.directory / "ca.pem"

    def is_up(self) -> bool:
        return net.exists(self.plan) and all(alive(self.directory, n) for n in servers.NAMES)

    def up(self, owner: int = 0) -> None:
        """Bring it up, unless it is up with the same plan already. Should the process `owner` die
        before the lab is down, `sweep` takes it down."""
        try:
            same = Lab.open(self.plan.name).plan == self.plan
        except LabError:
            same = False
        if same and self.is_up():
            return
        self.down()
        missing = [tool for tool in TOOLS if not shutil.which(tool, path=SYSTEM_PATH)]
        if missing:
            raise LabError(f"{missing[0]} is not installed: apt-get install --no-install-recommends "
                           f"$(cat {HERE.relative_to(ROOT)}/packages)")
        self.directory.mkdir(parents=True)
        if owner:
            write_down(self.directory, OWNER, owner)
        CACHE.mkdir(parents=True, exist_ok=True)
        try:
            net.create(self.plan)
            with locked():
                shutil.copytree(certs.made(CACHE), self.directory, dirs_exist_ok=True)
                store, found = servers.make_store(self.plan, self.directory, CACHE)
            settings = {"plan": asdict(self.plan), "images": found,
                        "repositories": images.repositories(), "store": str(store)}  # fmt: skip
            (self.directory / "lab.json").write_text(json.dumps(settings, indent=1))
            self._write_state({})
            self._write_resolv(self.plan.resolvers())
            servers.start(self.plan, self.directory, store)
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        if self.directory.exists():
            servers.stop(self.directory)
        net.destroy(self.plan)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _write_state(self, state: dict) -> None:
        self._write("state.json", json.dumps(state, indent=1))

    def _write_resolv(self, addresses) -> None:
        lines = [f"nameserver {a}\n" for a in addresses]
        self._write("resolv.conf", "search ec2.internal\n" + "".join(lines), replace=False)

    def _write(self, name: str, text: str, replace: bool = True) -> None:
        path = self.directory / name
        if not replace:  # it is bind mounted: keep the inode
            path.write_text(text)
            return
        fresh = path.with_suffix(".new")
        fresh.write_text(text)
        os.replace(fresh, path)

    def apply(self, switch: Switch) -> None:
        """Make the lab healthy but for what `switch` changes."""
        old = self.current
        base = net.base_routes(self.plan)
        for part in net.PARTS:
            before, after = (
                {k: v for k, v in (base[part] | s.routes.get(part, {})).items() if v is not None}
                for s in (old, switch)
            )
            net.set_routes(self.plan, part, before, after)
        places = ("raw", "forward", "dnat", "endpoint", "answer")
        rules = {place: list(getattr(switch, place)) for place in places}
        for part, text in net.ruleset(self.plan, rules).items():
            net.load_rules(self.plan, part, text)
        net.forget_connections(self.plan)
        if old.per_packet != switch.per_packet:
            net.offload(self.plan, not switch.per_packet)
        self._write_state(switch.state)
        self._write_resolv(switch.resolvers or self.plan.resolvers())
        files = self.directory / "files"
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir()
        for name, text in switch.files.items():
            (files / name).write_bytes(text.encode("latin-1"))
        self.current = switch
        self._write("switch.json", json.dumps(asdict(switch), indent=1))

    def heal(self) -> None:
        self.apply(Switch())

    def environment(self) -> dict[str, str]:
        """What a Fargate container finds, and the lab's CA."""
        found: dict[str, str | None] = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "HOSTNAME": "ip-10-20-1-10.ec2.internal",
            "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
            "AWS_REGION": p.REGION,
            "AWS_DEFAULT_REGION": p.REGION,
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": p.CREDENTIALS_PATH,
            "ECS_CONTAINER_METADATA_URI": f"http://{p.METADATA}/v3/{p.CONTAINER_ID}",
            "ECS_CONTAINER_METADATA_URI_V4": f"http://{p.METADATA}{p.METADATA_PATH}",
            "ECS_AGENT_URI": f"http://{p.METADATA}/api/{p.CONTAINER_ID}",
            "AWS_CA_BUNDLE": str(self.ca_file),
        }
        return {k: v for k, v in (found | self.current.env).items() if v is not None}

    def task_command(self, command: list[str], variables: dict[str, str] | None = None) -> list[str]:
        """The command line that runs `command` as the task: own network, names and environment.

        `ip netns exec` gives the command a mount namespace of its own, so that the mount of
        resolv.conf is seen by nobody else.
        """
        mount = (
            'mount --bind "$1/resolv.conf" /etc/resolv.conf || exit 3; '
            'if [ -d "$1/files" ]; then mount -t tmpfs none /mnt && mount --bind "$1/files" /mnt; '
            'fi; shift; exec env -i "$@"'
        )
        environment = self.environment() | (variables or {})
        assignments = [f"{key}={value}" for key, value in environment.items()]
        return ["ip", "netns", "exec", self.plan.ns("task"), "sh", "-c", mount, "sh",
                str(self.directory), *assignments, *command]  # fmt: skip

    def run(self, command: list[str], **options) -> subprocess.CompletedProcess:
        return subprocess.run(self.task_command(command, options.pop("variables", None)),
                              check=False, **options)  # fmt: skip

    def secrets(self) -> list[str]:
        """Every secret that the lab has planted or handed out."""
        both = base64.b64encode(f"{others.USER}:{others.PASSWORD}".encode()).decode()
        known = [others.PASSWORD, both, p.ACCESS_KEY, p.SECRET_KEY, p.SESSION_TOKEN, p.STORAGE_KEY,
                 p.STORAGE_TOKEN,
                 p.PROXY_LOGIN.split(":")[1], p.SECRET_VALUE,
                 p.ASSUMED_KEY, p.ASSUMED_SECRET, p.ASSUMED_TOKEN]
        log = self.directory / "secrets.log"
        return known + (log.read_text().split() if log.exists() else [])


@contextlib.contextmanager
def locked():
    """One process at a time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sweep() -> None:
    """Take down the labs whose owner is dead."""
    with locked():
        for path in BASE.glob(f"*/{OWNER}.pid"):
            if not alive(path.parent, OWNER):
                Lab(p.Plan(path.parent.name)).down()


def complain(error: Exception) -> int:
    print(f"lab: {error}", file=sys.stderr)
    return 1
