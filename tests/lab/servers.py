"""The real servers: unbound, nginx, docker-registry, and the fake_services that make them AWS."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import time
from pathlib import Path

import images
import machine
import others
import plan as p
from shell import LabError, alive, end, inside, run, spawn

HERE = Path(__file__).resolve().parent
NAMES = ("registry", "registry-token", "registry-basic", "fake_services", "unbound", "nginx")
WIRE = "wire"


def zone(plan: p.Plan) -> str:
    """Every name of the lab as one root zone, so that unbound answers from itself."""
    lines = [
        "$ORIGIN .", "$TTL 60",
        ". SOA ns.lab. host.lab. 1 3600 600 86400 5", ". NS ns.lab.", "ns.lab. A 10.20.0.2",
        f"{p.PROXY_NAME}. A {p.MIDDLEBOX4}",
    ]  # fmt: skip

    def both(name: str, service: p.Service, dual: bool) -> None:
        lines.extend(f"{name}. A {a}" for a in service.addresses4(plan.topology))
        if dual:
            lines.extend(f"{name}. AAAA {a}" for a in service.addresses6(plan.topology))

    for service in p.SERVICES.values():
        if service.role == "s3":  # the bucket's name is an alias, as it is outside
            lines.append(f"{p.S3}. CNAME s3-r-w.{p.REGION}.amazonaws.com.")
            both(f"s3-r-w.{p.REGION}.amazonaws.com", service, False)
            both(f"s3.{p.REGION}.amazonaws.com", service, False)
            both(f"{p.ENV_BUCKET}.s3.{p.REGION}.amazonaws.com", service, False)
            both(p.S3_DUAL, service, True)
            continue
        for name in service.names:
            both(name, service, False)
        for name in service.dual:
            both(name, service, True)
    return "\n".join(lines) + "\n"


def unbound_conf(plan: p.Plan, directory: Path) -> str:
    (directory / "root.zone").write_text(zone(plan))
    return f"""server:
  interface: {p.RESOLVER4}
  interface: {p.RESOLVER_LOCAL}
  interface: {p.RESOLVER6}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  username: ""
  chroot: ""
  directory: "{directory}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  module-config: "iterator"
  num-threads: 1
  do-daemonize: no
  minimal-responses: yes
  rrset-roundrobin: no
  edns-buffer-size: 1232
remote-control:
  control-enable: no
auth-zone:
  name: "."
  zonefile: "root.zone"
  for-upstream: yes
  for-downstream: no
  fallback-enabled: no
"""


def nginx_conf(directory: Path, store: Path) -> str:
    """TLS under AWS names; what to answer is asked of the fake_services, the bytes are nginx's own."""
    blobs = store / "docker/registry/v2/blobs/sha256"

    def server(role: str, listen: list[str], certificate: str = "", extra: str = "") -> str:
        tls = f"ssl_certificate {directory}/{certificate}; {extra}" if certificate else ""
        lines = "\n".join(f"    listen {one}{' ssl' if certificate else ''};" for one in listen)
        return f"""  server {{
{lines}
    {tls}
    {"" if role in ("s3", "internet") else "more_clear_headers Server;"}
    location / {{
      proxy_pass http://127.0.0.1:{p.FAKE_SERVICES_PORT};
      proxy_set_header X-Lab-Role {role};
      include {directory}/proxy.conf;
    }}
    location /.blob/ {{
      internal;
      alias {blobs}/;
      default_type binary/octet-stream;
      etag off;
      add_header x-amz-request-id $upstream_http_x_amz_request_id;
      add_header x-amz-id-2 $upstream_http_x_amz_id_2;
      more_set_headers "Server: AmazonS3";
    }}
  }}
"""

    (directory / "proxy.conf").write_text(
        """proxy_set_header Host $http_host;
proxy_set_header X-Lab-Peer $remote_addr;
proxy_pass_header Server;
proxy_pass_header Date;
proxy_http_version 1.1;
proxy_buffering off;
proxy_buffer_size 64k;
proxy_buffers 4 64k;
proxy_read_timeout 120s;
"""
    )

    def listening(addresses, port: int = 443) -> list[str]:
        return [f"[{a}]:{port}" if ":" in a else f"{a}:{port}" for a in addresses]

    def straight(host: str, port: int) -> str:
        ports = (443, others.HTTPS_PORT)
        listens = [one for port in ports for one in listening(p.SERVICES["others"].all4(), port)]
        lines = "\n".join(f"    listen {one} ssl;" for one in listens)
        return f"""  server {{
    server_name {host};
{lines}
    ssl_certificate {directory}/others.pem;
    location / {{
      proxy_pass http://127.0.0.1:{port};
      include {directory}/proxy.conf;
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
"""

    box = (p.MIDDLEBOX4, p.MIDDLEBOX6)
    blocks = []
    for role, service in p.SERVICES.items():
        blocks.append(server(role, listening(service.all4() + service.all6()), f"{role}.pem"))
        if role in ("s3", "internet"):
            blocks.append(server(role, listening(service.all4() + service.all6(), 80)))
    blocks += [straight(host, port) for host, port in others.DIRECT.items()]
    for role, port in p.PLAIN_PORT.items():
        blocks.append(server(role, [f"127.0.0.1:{port}"]))
    versions = {
        "tls12": "ssl_protocols TLSv1.2;",
        "clientcert": f"ssl_verify_client on; ssl_client_certificate {directory}/ca.pem;",
        "sha1": "ssl_ciphers DEFAULT@SECLEVEL=0;",
        "tls11": "ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;",
    }
    for (role, variant), port in p.VARIANT_PORT.items():
        blocks.append(
            server(role, listening(box, port), f"{variant}-{role}.pem", versions.get(variant, ""))
        )
    paths = "\n  ".join(
        f"{kind}_temp_path {directory}/tmp-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""load_module /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so;
daemon off;
user root;
worker_processes 2;
pid {directory}/nginx.run;
error_log {directory}/nginx-error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log {directory}/nginx-access.log;
  {paths}
  sendfile on;
  tcp_nodelay on;
  keepalive_timeout 30s;
  client_max_body_size 1m;
  ssl_certificate_key {directory}/key.pem;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:tls:1m;
{"".join(blocks)}}}
"""


def registry_conf(store: Path, readonly: bool) -> str:
    keep = "\n  maintenance:\n    readonly:\n      enabled: true" if readonly else ""
    return f"""version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {store}}}
  delete: {{enabled: false}}{keep}
http: {{addr: 127.0.0.1:{p.REGISTRY_PORT}, secret: lab-EXAMPLE}}
"""


def wait_for(namespace: str, address: str, port: int, name: str, directory: Path) -> None:
    """Until a server accepts, or has died."""

    def attempt() -> bool:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.settimeout(1)
            return one.connect_ex((address, port)) == 0

    limit = time.monotonic() + machine.HANG
    while alive(directory, name) and time.monotonic() < limit:
        if inside(namespace, attempt):
            return
        time.sleep(0.02)
    log = directory / f"{name}.log"
    tail = log.read_text(errors="replace").strip().splitlines()[-3:] if log.exists() else []
    raise LabError(f"{name} does not listen on {address}:{port}: {' | '.join(tail)}")


def make_store(plan: p.Plan, directory: Path, cache: Path) -> tuple[Path, dict]:
    """The registry's content, made once for all labs and kept by the hash of its recipe."""
    recipe = hashlib.sha256((HERE / "images.py").read_bytes()).hexdigest()[:12]
    store = cache / f"images-{recipe}"
    listing = store / "images.json"
    if not listing.exists():
        fresh = cache / f".images-{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        (directory / "registry.yml").write_text(registry_conf(fresh, False))
        namespace = plan.ns("aws")
        spawn(directory, "registry", namespace, "docker-registry", "serve",
              str(directory / "registry.yml"))  # fmt: skip
        wait_for(namespace, "127.0.0.1", p.REGISTRY_PORT, "registry", directory)
        found = inside(namespace, lambda: images.fill(p.REGISTRY_PORT))
        end(directory, "registry")
        big = max(fresh.rglob("data"), key=lambda path: path.stat().st_size)
        run("fallocate", "--dig-holes", str(big), check=False)
        (fresh / "images.json").write_text(json.dumps(found, indent=1))
        if not store.exists():
            fresh.rename(store)
        shutil.rmtree(fresh, ignore_errors=True)
    return store, json.loads(listing.read_text())


def start(plan: p.Plan, directory: Path, store: Path) -> None:
    namespace = plan.ns("aws")
    for name, text in (
        ("registry.yml", registry_conf(store, True)),
        ("unbound.conf", unbound_conf(plan, directory)),
        ("nginx.conf", nginx_conf(directory, store)),
    ):
        (directory / name).write_text(text)
    spawn(directory, "registry", namespace, "docker-registry", "serve",
          str(directory / "registry.yml"))  # fmt: skip
    (directory / "htpasswd").write_text(others.HTPASSWD)
    for name in ("token", "basic"):
        (directory / f"registry-{name}.yml").write_text(others.conf(directory, store, name))
        spawn(directory, f"registry-{name}", namespace, "docker-registry", "serve",
              str(directory / f"registry-{name}.yml"))  # fmt: skip
    spawn(directory, "fake_services", namespace, "/usr/bin/python3", "-m", "fake_services", str(directory),
          cwd=HERE)  # fmt: skip
    spawn(directory, "unbound", namespace, "unbound", "-d", "-c",
          str(directory / "unbound.conf"))  # fmt: skip
    spawn(directory, "nginx", namespace, "nginx", "-e", str(directory / "nginx-error.log"),
          "-c", str(directory / "nginx.conf"))  # fmt: skip
    if plan.delay:
        spawn(directory, WIRE, plan.ns(WIRE), "/usr/bin/python3", str(HERE / "wire.py"), "left",
              "right", str(plan.delay))  # fmt: skip
    for name, address, port in (
        ("registry", "127.0.0.1", p.REGISTRY_PORT),
        ("registry-token", "127.0.0.1", others.TOKEN_PORT),
        ("registry-basic", "127.0.0.1", others.BASIC_PORT),
        ("unbound", p.RESOLVER4, 53),
        ("nginx", p.MIDDLEBOX4, max(p.VARIANT_PORT.values())),
        ("fake_services", "127.0.0.1", p.FAKE_SERVICES_PORT),
    ):
        wait_for(namespace, address, port, name, directory)


def stop(directory: Path) -> None:
    for name in (*NAMES, WIRE):
        end(directory, name)
