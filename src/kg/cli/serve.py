"""The command that serves the graph: serve."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

if TYPE_CHECKING:
    from kg.cli import Settings

__all__ = ["serve"]

PUBLIC: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")
"""An address under which others see the service."""


class ServeOptions(TypedDict):
    """What `kg serve` may be told."""

    host: str
    port: int
    workers: int | None
    timeout: float
    max_rows: int
    max_bytes: int
    memory: int
    public_url: str | None
    data: Path | None
    proxies: tuple[str, ...]


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Hold a public address to what can stand before a path in every document."""
    if value is not None and not PUBLIC.fullmatch(value):
        raise click.BadParameter(
            "应为 http 或 https 网址，不带 ? 与 # | an http or https address without ? or #"
        )
    return value


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 Address.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="端口，0 为任选 Port; 0 takes a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="同时回答的进程数（默认每核 4 个） Processes that answer (default: 4 a core).",
)
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="每个查询的秒数上限 Seconds for a query.",
)
@click.option(
    "--max-rows",
    default=100_000,
    show_default=True,
    type=click.IntRange(1),
    help="每个答案的行数上限 Rows of an answer.",
)
@click.option(
    "--max-bytes",
    default=32 << 20,
    show_default=True,
    type=click.IntRange(1024),
    help="每个答案的字节上限 Bytes of an answer.",
)
@click.option(
    "--memory",
    default=512,
    show_default=True,
    type=click.IntRange(64),
    help="每个查询的内存上限（MiB） Memory for a query, in MiB.",
)
@click.option(
    "--public-url",
    callback=_address,
    help="对外的网址 The address under which others see the service.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    default=("127.0.0.1", "::1"),
    show_default=True,
    help="可信的反向代理地址 Proxies whose X-Forwarded-For is believed.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="改为提供此文件（.ttl .nt .nq .trig .jsonld） Serve this file as it is instead.",
)
@click.pass_obj
def serve(settings: Settings, **wanted: Unpack[ServeOptions]) -> None:
    """提供 SPARQL 端点与网页 · Serve a SPARQL endpoint, saved questions and linked data.

    \b
    kg serve                        http://127.0.0.1:8000/sparql
    kg serve --port 0 --data my.trig

    Writes its address to stdout when it answers. Read-only: updates, SERVICE and graphs that
    the dataset does not have are refused; a query that goes beyond its bounds is stopped.
    """  # noqa: D301 -- \b is for click
    from kg.project import current_release, find  # noqa: PLC0415 -- help is quick
    from kg.web.limits import Limits  # noqa: PLC0415
    from kg.web.server import Listening, address, bind  # noqa: PLC0415
    from kg.web.server import serve as run  # noqa: PLC0415
    from kg.web.workers.holding import Plan  # noqa: PLC0415

    project = find(settings.root, settings.build)
    data = wanted["data"]
    limits = Limits(
        wanted["timeout"], wanted["memory"] << 20, wanted["max_rows"], wanted["max_bytes"]
    )
    sock = bind(wanted["host"], wanted["port"])
    public_url = wanted["public_url"] or address(sock)
    source = data.resolve() if data else current_release(project.build)
    plan = Plan(project.root, source, data is None, public_url.rstrip("/"), limits)
    workers = wanted["workers"] or 4 * len(os.sched_getaffinity(0))
    listening = Listening(sock, workers, wanted["proxies"])
    run(plan, listening, None if data else project.build)
