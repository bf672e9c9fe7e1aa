"""What is in deploy/ works: the image's instructions, the unit, both proxies' configurations."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import select
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlencode

import pytest
from containerfile import FILE, Machine, is_seen, seen, stages
from graph_fixtures import ROOT
from service import running

from kg.cli.serve import serve
from kg.web.http import app, connection

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPLOY: Final = FILE.parent
VENDOR: Final = "src/kg/web/static/vendor"
MOST_WORKERS: Final = 64
"""Workers that `kg serve` may be told to have."""
TIMEOUT: Final = 10.0
"""Seconds that a query may take unless `kg serve` is told otherwise."""


def lacking(program: str) -> NoReturn:
    """Leave out a test whose program is missing; where a change is judged, fail instead."""
    said = f"{program} is not installed (scripts/system.sh installs it)"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


def options(words: list[str]) -> dict[str, object]:
    """Give what the command line makes of options of `kg serve`."""
    return serve.make_context("serve", list(words)).params


def test_a_query_may_take_as_long_as_the_examples_believe() -> None:
    """The default of `--timeout` is the one that the proxies' times are made for."""
    assert options([])["timeout"] == TIMEOUT


# --- the image ----------------------------------------------------------------------------------

STAGES: Final = stages()
FINAL: Final = STAGES[-1]


def test_the_bases_are_tags_that_a_build_may_pin() -> None:
    """Each stage begins from an argument that has a tag, and so may be given a digest."""
    text = FILE.read_text(encoding="utf-8")
    given = dict(re.findall(r"^ARG (\w+)=(\S+)$", text, re.MULTILINE))
    assert {stage.base for stage in STAGES} == {f"${{{name}}}" for name in given}
    assert all(re.fullmatch(r"docker\.io/library/\w+:[\w.-]+", tag) for tag in given.values())
    assert ":3.11-" in given["PYTHON"]
    assert ":20-" in given["NODE"]


def test_every_copied_path_exists() -> None:
    """COPY takes files that the build sees, or what a stage before has made."""
    files = seen()
    made = {("pages", f"/src/{VENDOR}"), ("release", "/opt/dgkg")}
    copies = [(s, i) for s in STAGES for i in s.instructions if i.word == "COPY"]
    assert copies
    for _, instruction in copies:
        *sources, _ = instruction.rest.split()
        for source in sources:
            if "from" in instruction.flags:
                assert (instruction.flags["from"], source) in made
            else:
                assert any(name == source or name.startswith(f"{source}/") for name in files)


def test_the_build_sees_what_it_needs_alone() -> None:
    """Caches, tests and what the build makes itself stay outside; all data and code is seen."""
    files = set(seen())
    needed = {
        path.relative_to(ROOT).as_posix()
        for name in ("data", "ontology", "queries", "src/kg")
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and VENDOR not in path.as_posix()
    }
    assert needed - files == set()
    out = (".git/config", ".venv/bin/kg", "build/current", "node_modules/x/y.js", "tests/x.py")
    made = ("src/kg/__pycache__/names.pyc", f"{VENDOR}/yasgui.min.js", "requirements/test.txt")
    assert [name for name in (*out, *made) if is_seen(name)] == []


def test_all_that_is_installed_is_locked_by_hash() -> None:
    """What pip installs has hashes or no index at all, and nothing comes from elsewhere."""
    lines = [i.rest for s in STAGES for i in s.instructions if i.word == "RUN"]
    installs = [line for line in lines if re.match(r"pip\b.*\binstall\b", line)]
    assert len(installs) == 2
    for line in installs:
        assert ("--require-hashes -r requirements/run.txt" in line) != ("--no-index" in line)
    assert not [line for line in lines if re.search(r"\b(curl|wget|git|apt|apt-get|apk)\b", line)]
    assert not [i for s in STAGES for i in s.instructions if i.word in {"ADD", "VOLUME"}]


def test_the_image_runs_as_nobody_and_keeps_nothing() -> None:
    """The user is a number other than root's, and Python writes no files beside its own."""
    user, group = FINAL.last("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert FINAL.environment["PYTHONDONTWRITEBYTECODE"] == "1"
    assert not [i for i in FINAL.instructions if i.word == "RUN"]


def test_the_image_listens_where_it_says() -> None:
    """The command takes its options, listens on every address, at the port that is exposed."""
    program, word, *words = FINAL.command("ENTRYPOINT")
    assert (Path(program).name, word) == ("kg", "serve")
    found = options(words)
    assert (found["host"], str(found["port"])) == ("0.0.0.0", FINAL.last("EXPOSE"))  # noqa: S104
    assert f"'127.0.0.1', {FINAL.last('EXPOSE')}" in FINAL.command("HEALTHCHECK")[-1]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Give the last stage of the image, after all instructions have run in folders."""
    folder = tmp_path_factory.mktemp("image")
    done: dict[str, Path] = {}
    for number, stage in enumerate(STAGES):
        place = folder / (stage.name or str(number))
        machine = Machine(stage, place, done)
        if stage.name == "release":  # as a layer that was built before: reports of the same data
            reports = ROOT / "build" / "reports"
            if reports.is_dir():
                shutil.copytree(reports, place / "opt" / "dgkg" / "build" / "reports")
        machine.run()
        done[stage.name] = place
    return machine


@contextmanager
def started(image: Machine) -> Iterator[int]:
    """Run the image's command, which may write into no file, and give its port."""
    command = [image.place(word) for word in FINAL.command("ENTRYPOINT")]
    process = subprocess.Popen(
        ["/bin/bash", "-c", 'ulimit -f 0; exec "$@"', "kg", *command, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": os.defpath, "PYTHONUNBUFFERED": "1", **image.environment},
    )
    assert process.stdout is not None
    try:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        address = process.stdout.readline().decode() if ready else ""
        assert address, "the image's command does not start"
        yield int(address.rpartition(":")[2])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stdout.close()


def files_of(folder: Path) -> dict[Path, int]:
    """Give every file of a folder with the time of its last change."""
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


def fetched(port: int, path: str) -> tuple[int, bytes]:
    """Ask the service for a path."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as client:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read()


def test_the_image_serves_and_writes_nothing(image: Machine) -> None:
    """All instructions run; the command answers without their tools, and leaves all as it was."""
    assert [path.name for path in image.folder.iterdir()] == ["opt"]
    tools = {path.name for path in (image.folder / "opt" / "dgkg" / "bin").iterdir()}
    assert not tools & {"pip", "pip3", "node", "npm"}
    before = files_of(image.folder)
    check = [image.place(word) for word in FINAL.command("HEALTHCHECK")]
    with started(image) as port:
        question = urlencode({"concept": "一网通办", "format": "csv"})
        status, rows = fetched(port, f"/queries/regions-sharing-concept?{question}")
        assert (status, rows.count(b"kgr:") > 3) == (200, True)
        vendor = json.loads(fetched(port, "/static/vendor/MANIFEST.json")[1])
        assert fetched(port, f"/static/vendor/{vendor['files'][0]['file']}")[0] == 200
        check[-1] = check[-1].replace(FINAL.last("EXPOSE"), str(port))
        assert subprocess.run(check, check=False, cwd="/").returncode == 0
    assert subprocess.run(check, check=False, cwd="/", stderr=subprocess.DEVNULL).returncode != 0
    assert files_of(image.folder) == before


# --- the unit -----------------------------------------------------------------------------------

UNIT: Final = DEPLOY / "dgkg.service"


def unit() -> dict[str, list[str]]:
    """Give the values of each key of the unit."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def test_the_unit_starts_what_there_is() -> None:
    """The command has options that there are, and the port is the one that may be bound."""
    (line,) = unit()["ExecStart"]
    program, word, *words = shlex.split(line)
    assert (Path(program).name, word, words.pop()) == ("kg", "serve", "$KG_SERVE_OPTIONS")
    assert unit()["SocketBindAllow"] == [f"tcp:{options(words)['port']}"]
    (example,) = re.findall(r"KG_SERVE_OPTIONS=(--.*)", UNIT.read_text(encoding="utf-8"))
    assert options(shlex.split(example))["public_url"] == "https://example.org"


def test_the_unit_lets_workers_set_their_limits() -> None:
    """No limit of a process stands in their way, and there is room for the most of them twice."""
    found = unit()
    limits = {key for key in found if key.startswith("Limit")}
    assert limits == {"LimitNOFILE", "LimitCORE"}
    assert int(found["TasksMax"][0]) >= 2 * (2 * MOST_WORKERS + 1 + 8) + 32
    assert int(found["LimitNOFILE"][0]) >= connection.IN_ALL + 4 * MOST_WORKERS
    assert "@resources" not in " ".join(found["SystemCallFilter"])
    assert found["OOMPolicy"] == ["continue"]


def test_the_unit_waits_for_what_has_begun() -> None:
    """Only the parent is told to end, and has longer than it waits for requests."""
    (grace,) = re.findall(r"timeout_graceful_shutdown=(\d+)", source("server"))
    assert unit()["KillMode"] == ["mixed"]
    assert int(unit()["TimeoutStopSec"][0]) > int(grace)


def source(module: str) -> str:
    """Give the text of a module of the service."""
    return (ROOT / "src" / "kg" / "web" / f"{module}.py").read_text(encoding="utf-8")


HARD: Final = (
    "DynamicUser",
    "LockPersonality",
    "MemoryDenyWriteExecute",
    "NoNewPrivileges",
    "PrivateDevices",
    "PrivateTmp",
    "PrivateUsers",
    "ProtectControlGroups",
    "ProtectHome",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "RestrictNamespaces",
    "RestrictSUIDSGID",
)


def test_the_unit_is_hardened() -> None:
    """It has no rights, writes nothing, and may talk to this machine alone."""
    found = unit()
    assert [key for key in HARD if found[key] != ["yes"]] == []
    assert found["ProtectSystem"] == ["strict"]
    assert found["CapabilityBoundingSet"] == [""]
    assert (found["IPAddressDeny"], found["IPAddressAllow"]) == (["any"], ["localhost"])
    assert found["Restart"] == ["on-failure"]
    assert [key for key in found if key.startswith(("ReadWrite", "StateDir", "CacheDir"))] == []


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Where systemd is installed it finds nothing wrong, and little exposed."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        lacking("systemd-analyze")
    path = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
    verify: list[str | Path] = [analyze, "verify", "--man=no", path]
    done = subprocess.run(verify, check=False, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, told) == (0, [])
    rate: list[str | Path] = [
        analyze,
        "security",
        "--offline=true",
        "--threshold=15",
        "--no-pager",
        path,
    ]
    done = subprocess.run(rate, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# --- behind a proxy -----------------------------------------------------------------------------

NGINX: Final = DEPLOY / "nginx.conf"
CADDY: Final = DEPLOY / "Caddyfile"
HOST: Final = "kg.example.org"


def number(path: Path, name: str) -> int:
    """Give the number that stands behind a word of a configuration."""
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
    (found,) = re.findall(rf"^\s*{name} (?:\d+ )?(\d+)", text, re.MULTILINE)
    return int(found)


def idle_seconds() -> int:
    """Give the seconds after which the service closes an idle connection."""
    (found,) = re.findall(r"timeout_keep_alive=(\d+)", source("server"))
    return int(found)


def test_the_times_of_nginx_fit_the_service() -> None:
    """It waits longer than a query may wait and run, and lets go of connections first."""
    assert number(NGINX, "proxy_read_timeout") > 2 * TIMEOUT
    assert number(NGINX, "keepalive_timeout") < idle_seconds()
    assert number(NGINX, "client_header_timeout") <= connection.HEAD_SECONDS
    assert number(NGINX, "client_body_timeout") <= app.BODY_SECONDS


def test_the_times_of_caddy_fit_the_service() -> None:
    """It waits longer than a query may wait and run, and lets go of connections first."""
    assert number(CADDY, "response_header_timeout") > 2 * TIMEOUT
    assert number(CADDY, "keepalive") < idle_seconds()
    assert number(CADDY, "read_header") <= connection.HEAD_SECONDS
    assert number(CADDY, "read_body") <= app.BODY_SECONDS


def test_the_sizes_of_both_fit_the_service() -> None:
    """They take requests as long as the service takes them, and none longer."""
    assert number(NGINX, "client_max_body_size") << 20 == app.BODY
    assert number(NGINX, "large_client_header_buffers") << 10 == connection.HEAD_BYTES
    assert number(CADDY, "max_header_size") << 10 == connection.HEAD_BYTES


def test_both_keep_clients_apart_and_nothing_for_later() -> None:
    """Clients' own X-Forwarded-For is dropped, and no answer is kept, least of all an error."""
    nginx, caddy = NGINX.read_text(encoding="utf-8"), CADDY.read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert re.findall(r"proxy_cache\w* (\w+);", nginx) == ["off"]
    assert 'Cache-Control "no-store" always' in nginx
    assert "trusted_proxies" not in re.sub(r"#.*", "", caddy)
    assert "header Cache-Control no-store" in caddy


def test_the_host_is_all_that_is_to_be_changed() -> None:
    """The page counts its places; and the way from a clone to https uses both files."""
    page = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    nginx, caddy = (re.sub(r"#.*", "", it.read_text(encoding="utf-8")) for it in (NGINX, CADDY))
    assert (nginx.count(HOST), nginx.count(f"server_name {HOST}"), caddy.count(HOST)) == (5, 2, 1)
    assert nginx.count(f"/etc/letsencrypt/live/{HOST}/") == 2
    way = page.partition("## 从克隆到 https")[2].partition("\n## ")[0]
    assert re.findall(r"^(\d)\. ", way, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    for step in ("/opt/dgkg", "dgkg.service", "certbot certonly --standalone", "deploy/Caddyfile"):
        assert step in way
    assert "issued by itself" not in CADDY.read_text(encoding="utf-8")


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def certificate(folder: Path) -> None:
    """Make a certificate for the example's host that nobody else trusts."""
    openssl = shutil.which("openssl")
    assert openssl is not None, "nginx is tested with a certificate that openssl makes: install it"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    files: list[str | Path] = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)


def as_nginx(folder: Path, upstream: str, port: int) -> list[str | Path]:
    """Write the example for other ports and paths, and give the command that runs it."""
    certificate(folder)
    text = NGINX.read_text(encoding="utf-8")
    text = re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("listen 80", f"listen 127.0.0.1:{free_port()}")
    text = text.replace("127.0.0.1:8000", upstream).replace(
        f"/etc/letsencrypt/live/{HOST}", str(folder)
    )
    (folder / "site.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root; " if os.geteuid() == 0 else ""  # the folder is ours alone
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{places} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    return ["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"]


def as_caddy(folder: Path, upstream: str, port: int) -> list[str | Path]:
    """Write the example for other ports and without TLS, and give the command that runs it."""
    text = CADDY.read_text(encoding="utf-8").replace("\n{\n", "\n{\n\tadmin off\n", 1)
    text = text.replace(f"\n{HOST} {{", f"\nhttp://127.0.0.1:{port} {{")
    path = folder / "Caddyfile"
    path.write_text(text.replace("127.0.0.1:8000", upstream), encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", path]


FRONTS: Final = {"nginx": as_nginx, "caddy": as_caddy}


def installed(name: str) -> str:
    """Give the path of a proxy, or say that it is not there."""
    found = shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if found is None:
        lacking(name)
    return found


class Client(http.client.HTTPSConnection):
    """Asks a proxy on this machine by the example's host name, with TLS where it has it."""

    def __init__(self, name: str, folder: Path, port: int) -> None:
        """Prepare."""
        super().__init__("127.0.0.1", port, timeout=30)
        self.tls: ssl.SSLContext | None = None
        if name == "nginx":
            self.tls = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def connect(self) -> None:
        """Connect by the host's name."""
        http.client.HTTPConnection.connect(self)
        if self.tls is not None:
            self.sock = self.tls.wrap_socket(self.sock, server_hostname=HOST)

    def ask(
        self, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask for a path, and give status, headers and body."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.close()
        host = {} if self.tls is None else {"Host": HOST}
        self.request("GET" if body is None else "POST", path, body, {**host, **told})
        answer = self.getresponse()
        return answer.status, answer.headers, answer.read()


@contextmanager
def in_front(name: str, folder: Path, upstream: str) -> Iterator[Client]:
    """Run a proxy by its example in front of a service, and give what asks it."""
    program = installed(name)
    port = free_port()
    _, *words = FRONTS[name](folder, upstream, port)
    places = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, *words], stdout=log, stderr=log, env={**os.environ, **places}
        )
    try:
        until = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            said = (folder / "log").read_text(encoding="utf-8")
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        with closing(Client(name, folder, port)) as client:
            yield client
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give host and port of a service of a small file."""
    path = tmp_path_factory.mktemp("data") / "small.ttl"
    path.write_text('<urn:x:一网通办> <urn:x:p> "一", "二" .\n', encoding="utf-8")
    with running("--data", path, "--workers", "1") as url:
        yield url.removeprefix("http://")


@pytest.fixture(params=sorted(FRONTS))
def front(request: pytest.FixtureRequest, tmp_path: Path, service: str) -> Iterator[Client]:
    """Give what asks each proxy in front of the service."""
    with in_front(request.param, tmp_path, service) as client:
        yield client


def test_a_proxy_passes_on_what_the_service_says(front: Client) -> None:
    """Answers, their ETags and the service's own errors come through as they are."""
    query = urlencode({"query": "SELECT ?o { <urn:x:一网通办> ?p ?o } ORDER BY ?o"})
    status, headers, body = front.ask(f"/sparql?{query}", Accept="text/csv")
    assert (status, body.decode().split()) == (200, ["o", "一", "二"])
    assert headers["strict-transport-security"] is not None
    status, _, body = front.ask(
        f"/sparql?{query}", Accept="text/csv", If_None_Match=headers["etag"]
    )
    assert (status, body) == (304, b"")
    status, headers, body = front.ask("/sparql?query=SELEC")
    assert (status, headers["cache-control"]) == (400, "no-store")
    assert "did you mean SELECT?" in body.decode()


def test_a_proxy_takes_requests_as_long_as_the_service_does(front: Client) -> None:
    """A long query comes through in the address; a body that is too long does not come in."""
    long = urlencode({"query": f"ASK {{}} #{'x' * 60_000}"})
    assert front.ask(f"/sparql?{long}")[0] == 200
    form = "application/x-www-form-urlencoded"
    assert front.ask("/sparql", long, Content_Type=form)[0] == 200
    assert front.ask("/sparql", "x" * (app.BODY + 1), Content_Type=form)[0] == 413


def test_a_proxy_keeps_the_counts_to_itself(front: Client) -> None:
    """`/metrics` is not for the world; `/health` is."""
    assert front.ask("/metrics")[0] == 404
    assert front.ask("/health")[0] == 200


@pytest.mark.parametrize("name", sorted(FRONTS))
def test_a_proxy_says_that_the_service_is_down(name: str, tmp_path: Path) -> None:
    """Without a service the answer says when to come again, and is kept by nobody."""
    with in_front(name, tmp_path, f"127.0.0.1:{free_port()}") as client:
        status, headers, body = client.ask("/sparql?query=ASK%7B%7D")
    assert status in {502, 503}
    assert (headers["cache-control"], headers["retry-after"]) == ("no-store", "10")
    assert "the service is not available" in body.decode()


class _Echo(BaseHTTPRequestHandler):
    """Tells which X-Forwarded-For came."""

    def do_GET(self) -> None:
        """Answer with the header."""
        body = ", ".join(self.headers.get_all("X-Forwarded-For", [])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("name", sorted(FRONTS))
def test_a_proxy_tells_who_asks(name: str, tmp_path: Path) -> None:
    """The service is told the client's address, not what the client says of itself."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            with in_front(name, tmp_path, f"127.0.0.1:{server.server_port}") as client:
                status, _, body = client.ask("/", X_Forwarded_For="203.0.113.9")
        finally:
            server.shutdown()
            thread.join()
    assert (status, body.rpartition(b",")[2].strip()) == (200, b"127.0.0.1")
