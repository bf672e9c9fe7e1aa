"""The tutorials: what they tell readers to type works, as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest
from graph_fixtures import ROOT, open_engine, real_project
from service import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TUTORIALS: Final = ROOT / "docs" / "tutorials"
ADDRESS: Final = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the real graph."""
    build = real_project(tmp_path_factory).build
    with running("--root", ROOT, "--build-dir", build, "serve") as url:
        yield url


def test_the_page_for_r_runs(
    url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each block but that of Parquet runs, finds nine regions and hubs, and draws a picture."""
    text = (TUTORIALS / "r.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```r\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    plain = [block for block in blocks if "library(arrow)" not in block]
    assert len(plain) == len(blocks) - 1 >= 5
    with open_engine(real_project(tmp_path_factory)) as graph:
        graph.export("graphml", tmp_path / "network.graphml")
    script = tmp_path / "page.R"
    script.write_text("\n".join(plain).replace(ADDRESS, url), encoding="utf-8")
    program = shutil.which("Rscript")
    assert program, "Rscript is missing: apt-get install r-base-core"
    ran = subprocess.run(
        [program, str(script)],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8", "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("[1] 9\n")
    assert "深化“一网通办”" in ran.stdout
    assert ran.stdout.rstrip().splitlines()[-1].startswith(' [1] "广西" "河北" "江苏"')
    assert (tmp_path / "targets.png").read_bytes().startswith(b"\x89PNG")
