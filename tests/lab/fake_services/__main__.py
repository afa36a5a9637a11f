"""python3 -m fake_services DIRECTORY: serve until ended."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
from aiohttp import web

import plan as p

from . import api, bucket, local, others, registry, start, sts
from .dns import Injector
from .middlebox import Middlebox
from .world import World

PORTAL = "<html><head><title>Example</title></head><body>An ordinary page.</body></html>\n"


async def dispatch(world: World, request: web.Request) -> web.StreamResponse:
    """What nginx forwards: the role is the server block's own."""
    role = request.headers.get("X-Lab-Role", "")
    if role == "api":
        return await api.answer(world, request, "ecr")
    if role == "dkr":
        return await registry.answer(world, request)
    if role == "s3" and request.headers.get("Host", "").startswith(p.ENV_BUCKET):
        return await start.envfile(world, request)
    if role == "s3":
        return await bucket.answer(world, request)
    if role in p.OTHERS or others.host_of(request) == "public.ecr.aws":
        return await others.answer(world, request)
    if role == "sts":
        return await sts.answer(world, request)
    if role == "internet":
        return world.reply(200, PORTAL, {"Content-Type": "text/html"})
    return await api.answer(world, request, role)


async def serve(directory: Path) -> None:
    world = World(directory)
    settings = json.loads((directory / "lab.json").read_text())
    plan = p.Plan(**settings["plan"])
    world.client = aiohttp.ClientSession(auto_decompress=False)

    async def behind_nginx(request: web.BaseRequest) -> web.StreamResponse:
        return await dispatch(world, request)

    async def link_local(request: web.BaseRequest) -> web.StreamResponse:
        return await local.answer(world, request, plan)

    await Injector(world).start()
    await Middlebox(world, plan).start()
    for handler, addresses, port in (  # the fake_services' own port last: it says that all is ready
        (link_local, (p.METADATA, p.POD_IDENTITY, p.IMDS, p.POD_IDENTITY6, p.IMDS6), 80),
        (behind_nginx, ("127.0.0.1",), p.FAKE_SERVICES_PORT),
    ):
        runner = web.ServerRunner(web.Server(handler, access_log=None))
        await runner.setup()
        for address in addresses:
            await web.TCPSite(runner, address, port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
