"""The page on networks: its examples run, and it names every attribute, measure and source."""

from __future__ import annotations

import doctest
import re
from typing import TYPE_CHECKING, Final

import pytest
from graph_fixtures import ROOT, open_engine, real_project

from kg.networks import NETWORKS
from kg.networks.attributes import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph

PAGE: Final = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(real_project(tmp_path_factory)) as graph:
        yield graph


def test_the_examples_of_the_page_run(graph: KnowledgeGraph) -> None:
    """Each gives what stands there, and none is skipped."""
    assert "+SKIP" not in PAGE
    plain = re.sub(r"^```.*$", "", PAGE, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(plain, {"graph": graph}, "networks.md", None, 0)
    told: list[str] = []
    failed, tried = doctest.DocTestRunner().run(test, out=told.append)
    assert failed == 0, "".join(told)
    assert tried > 10


def test_the_page_names_every_network_and_attribute() -> None:
    """Those of values of lists once, without the endings of their labels."""
    named = set(re.findall(r"`([a-z_-]+)`", PAGE))
    plain = {name for name in ATTRIBUTES if not re.search("_(zh|en)$", name)}
    beside = {"key", "property"}  # what formats call the key of an edge
    assert sorted(plain - named - beside) == []
    assert set(NETWORKS) <= named


def test_the_page_lists_every_work_that_the_code_cites() -> None:
    """And no other."""
    files = [path for path in (ROOT / "src/kg/networks").glob("*.py") if path.stem != "layout"]
    cited = {doi for path in files for doi in re.findall(r"10\.\d{4,}/[^\s,;]+", path.read_text())}
    listed = set(re.findall(r"10\.\d{4,}/[^\s,;]+", PAGE))
    assert {doi.rstrip(").:") for doi in cited} == {doi.rstrip(").:") for doi in listed}
    assert len(listed) > 15
