"""A name leads to its thing, whichever of its names it is; other names lead to near ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graph_fixtures import small_release
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.engines import ENGINES
from kg.errors import KgError, NamingError, UsageError
from kg.lookup import EVERYWHERE, Found, Scope, resolve
from kg.names import KIND_OF_CLASS, KINDS, expand, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.engines import Engine
    from kg.graph import KnowledgeGraph


pytest_plugins = ["open_graphs"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give the default engine over the small graph."""
    opened = ENGINES["oxigraph"](small_release(tmp_path_factory.mktemp("lookup")).path)
    yield opened
    opened.close()


def curie(engine: Engine, name: str, *classes: str) -> str:
    """Give the CURIE of the thing that a name means."""
    return shorten(resolve(engine, name, Scope(classes) if classes else EVERYWHERE).iri)


@pytest.mark.parametrize(
    "name",
    [
        "shanghai",
        "kgr:shanghai",
        "https://w3id.org/dgkg/id/region/shanghai",
        "CN-SH",
        "310000",
        "上海",
        "上海市",
        "沪",
        "Shanghai",
        "SHANGHAI",
        "Shanghai Municipality",
        "shanghai municipality",
        "shang hai",
        "Shang Hai",
        " 上海 ",
        "“上海”",
        "「上海」",
        '"上海"',
        "'Shanghai'",
    ],
)
def test_every_name_of_a_region_leads_to_it(engine: Engine, name: str) -> None:
    """Key, IRI, CURIE, codes, short and official name, abbreviation, English, pinyin, quoted."""
    assert curie(engine, name) == "kgr:shanghai"


@pytest.mark.parametrize(
    "name",
    [
        "yi-wang-tong-ban",
        "kgc:yi-wang-tong-ban",
        "一网通办",
        "一网通办理",
        "“一网通办”",
        "Yiwang Tongban",
        "yi wang tong ban",
        "yiwangtongban",
        "YiWangTongBan",
        "All services through one network (Yiwang Tongban)",
    ],
)
def test_every_name_of_a_concept_leads_to_it(engine: Engine, name: str) -> None:
    """Key, CURIE, label, variant, English and pinyin with blanks and without."""
    assert curie(engine, name) == "kgc:yi-wang-tong-ban"


@pytest.mark.parametrize("name", ["随申办", "“随申办”", "《随申办》", "Suishenban", "sui shen ban"])
def test_a_platform_is_found_with_its_quotation_marks_and_without(
    engine: Engine, name: str
) -> None:
    """Quotation marks that belong to a label need not be typed, and others may."""
    assert curie(engine, name) == "kgp:sui-shen-ban"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("kgcl:shanghai-one", "kgcl:shanghai-one"), ("one", "kgs:one"), ("第二份", "kgs:two")],
)
def test_claims_and_sources_have_names_too(engine: Engine, name: str, expected: str) -> None:
    """A claim's code, and a source's key or label, lead to them."""
    assert curie(engine, name) == expected


def test_a_node_without_a_label_is_found_by_its_code(engine: Engine) -> None:
    """A piece of evidence has no name of its own: its code stands for it."""
    code = "kge:shanghai-one.1"
    assert resolve(engine, code) == Found(expand(code), "kg:Evidence", code, code)


def test_a_node_without_a_label_is_no_thing_of_a_class(engine: Engine) -> None:
    """Where a region is looked for, the code of a piece of evidence is unknown."""
    with pytest.raises(NamingError):
        resolve(engine, "kge:shanghai-one.1", Scope(("kg:Region",)))


def test_what_is_found_has_class_and_labels(engine: Engine) -> None:
    """A found thing tells its class and its name in both languages."""
    assert resolve(engine, "kgr:shanghai") == Found(
        expand("kgr:shanghai"), "kg:Region", "上海", "Shanghai"
    )


# --- variants -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["一网通办理", "Yiwang Tongban", "上海市", "沪"])
def test_a_variant_says_that_it_is_one(engine: Engine, name: str) -> None:
    """Another label than the preferred one is told to be a variant, and which."""
    found = resolve(engine, name)
    assert (found.is_variant, found.label) == (True, name)


@pytest.mark.parametrize(
    "name",
    [
        "一网通办",
        "“一网通办”",
        "yi-wang-tong-ban",
        "yi wang tong ban",
        "CN-SH",
        "随申办",
        "Shanghai",
    ],
)
def test_the_preferred_name_is_no_variant(engine: Engine, name: str) -> None:
    """Preferred label, key, code and pinyin are no variants, nor is a label without its quotes."""
    assert not resolve(engine, name).is_variant


# --- homonyms -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("五个一", ["kgc:wu-ge-yi-guangxi", "kgc:wu-ge-yi-shanxi"]),
        ("Five ones", ["kgc:wu-ge-yi-guangxi", "kgc:wu-ge-yi-shanxi"]),
        ("wugeyi", ["kgc:wu-ge-yi-guangxi", "kgc:wu-ge-yi-shanxi"]),
        ("shan xi", ["kgr:shaanxi", "kgr:shanxi"]),
    ],
)
def test_a_homonym_is_ambiguous(engine: Engine, name: str, candidates: list[str]) -> None:
    """A name of several things is an error that lists them, each with its code."""
    with pytest.raises(NamingError, match="means 2 things") as caught:
        resolve(engine, name)
    assert sorted(item.split(" ")[0] for item in caught.value.near) == candidates


@pytest.mark.parametrize("name", ["kgc:wu-ge-yi-shanxi", "wu-ge-yi-shanxi"])
def test_a_code_from_the_list_tells_homonyms_apart(engine: Engine, name: str) -> None:
    """What the error lists can be typed."""
    assert curie(engine, name) == "kgc:wu-ge-yi-shanxi"


def test_a_key_wins_over_pinyin(engine: Engine) -> None:
    """`shanxi` is a key; that another region is written so in pinyin does not matter."""
    assert curie(engine, "shanxi") == "kgr:shanxi"


def test_one_things_label_that_is_anothers_variant_is_ambiguous(engine: Engine) -> None:
    """A homonym is never guessed, whichever of its labels is the preferred one."""
    with pytest.raises(NamingError) as raised:
        resolve(engine, "政务服务")
    assert {name.split()[0] for name in raised.value.near} == {
        "kgc:yi-wang-tong-guan",
        "kgc:zheng-wu-fu-wu",
    }


def test_the_likelier_class_wins(engine: Engine) -> None:
    """A name that a concept and a platform bear means the concept, unless a platform is asked."""
    assert curie(engine, "一网统管") == "kgc:yi-wang-tong-guan"
    assert curie(engine, "一网统管", "kg:Platform") == "kgp:sui-shen-ban"


# --- classes ------------------------------------------------------------------------------------


def test_only_things_of_the_class_are_found(engine: Engine) -> None:
    """A region is not found among concepts."""
    with pytest.raises(NamingError):
        resolve(engine, "上海", Scope(("kg:PlatformConcept",)))


def test_a_code_of_another_class_is_not_found(engine: Engine) -> None:
    """The IRI of a region is no concept either."""
    with pytest.raises(NamingError):
        resolve(engine, "kgr:shanghai", Scope(("kg:PlatformConcept",)))


def test_every_class_has_a_kind_of_key() -> None:
    """Each class that is looked in has keys of a kind that exists."""
    assert set(KIND_OF_CLASS.values()) <= set(KINDS)


# --- unknown names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("一网通", "一网通办"),
        ("一网统办", "一网统管"),
        ("上海市民", "上海市"),
        ("Shangai", "Shanghai"),
        ("Yiwang Tonban", "Yiwang Tongban"),
    ],
)
def test_an_unknown_name_gives_near_ones(engine: Engine, name: str, near: str) -> None:
    """A misspelt or cut name is told with those that may be meant."""
    with pytest.raises(NamingError, match="nothing is called") as caught:
        resolve(engine, name)
    assert near in caught.value.near


@pytest.mark.parametrize("name", ["一网通版", "一网通伴", "一网同办", "以网通办"])
def test_what_sounds_alike_stands_first(real_graph: KnowledgeGraph, name: str) -> None:
    """Who writes another sign of the same sound is offered the name that was meant."""
    with pytest.raises(NamingError) as caught:
        real_graph.resolve(name, Scope(("kg:PlatformConcept",)))
    assert caught.value.near[0] == "一网通办"


@pytest.mark.parametrize(
    ("scope", "where"),
    [
        (Scope(("kg:PlatformConcept",)), "/id/concept"),
        (Scope(("kg:Target",)), "/id/claim"),
        (Scope(("kg:Value",), "kg:list-theme"), "/ontology"),
        (EVERYWHERE, "/id"),
    ],
)
def test_a_name_like_nothing_leads_to_the_list(engine: Engine, scope: Scope, where: str) -> None:
    """Where nothing is near, the error says where all names are."""
    with pytest.raises(NamingError) as caught:
        resolve(engine, "量子香蕉", scope)
    assert f"网页 {where}，" in caught.value.zh
    assert f"the page {where}, and kg find" in caught.value.en


def test_near_names_are_of_the_class(engine: Engine) -> None:
    """Where a concept is looked for, near regions are not offered."""
    with pytest.raises(NamingError) as caught:
        resolve(engine, "上海市民", Scope(("kg:PlatformConcept",)))
    assert "上海市" not in caught.value.near


def test_few_near_names_are_given(engine: Engine) -> None:
    """Five at most, none of them twice."""
    with pytest.raises(NamingError) as caught:
        resolve(engine, "一")
    assert len(caught.value.near) == len(set(caught.value.near)) <= 5


def test_a_name_like_nothing_says_so(engine: Engine) -> None:
    """Where nothing is near the error is short, in both languages."""
    with pytest.raises(NamingError) as caught:
        resolve(engine, "qqqqqq")
    assert caught.value.near == ()
    assert caught.value.zh.startswith("没有找到“qqqqqq”；")
    assert caught.value.en.startswith("nothing is called “qqqqqq”; names are listed")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        '"',
        '" } #',
        "\\",
        "{}",
        "<a>",
        "kgr:",
        "kgr:上海",
        "kgr:a b",
        "http://a b/",
        "a\nb",
    ],
)
def test_a_strange_name_is_unknown(engine: Engine, name: str) -> None:
    """Signs that mean something in SPARQL are signs of a name and nothing more."""
    with pytest.raises(NamingError, match="nothing is called"):
        resolve(engine, name)


def test_bytes_that_are_no_text_are_refused(engine: Engine) -> None:
    """A name that came in bytes other than UTF-8 is a usage error."""
    with pytest.raises(UsageError, match="is not text in UTF-8"):
        resolve(engine, "上海\udcff")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text())
def test_any_text_is_found_or_named_unknown(engine: Engine, name: str) -> None:
    """Whatever is typed, the answer is a thing or an error of ours."""
    try:
        found = resolve(engine, name)
    except KgError as error:
        assert isinstance(error, NamingError)  # noqa: PT017 -- either outcome is fine
    else:
        assert found.iri.startswith("https://w3id.org/dgkg/id/")


# --- the real data ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海", "kgr:shanghai"),
        ("内蒙古自治区", "kgr:neimenggu"),
        ("蒙", "kgr:neimenggu"),
        ("CN-NM", "kgr:neimenggu"),
        ("Guangxi Zhuang Autonomous Region", "kgr:guangxi"),
        ("440000", "kgr:guangdong"),
        ("一网通办", "kgc:yi-wang-tong-ban"),
        ("赣服通", "kgp:gan-fu-tong"),
        ("津云政务云", "kgp:jin-yun-zheng-wu-yun"),
        ("“津云政务云”", "kgp:jin-yun-zheng-wu-yun"),
        ("“皖（万）事如意”", "kgi:anhui-wan-shi-ru-yi"),
        ("“Touring Liaoning with one phone”", "kgi:liaoning-one-phone-tourism"),
        ("“Three lists”", "kgc:san-qing-dan"),
    ],
)
def test_names_of_the_real_data(real_graph: KnowledgeGraph, name: str, expected: str) -> None:
    """Names that users know lead to the things that they mean."""
    assert shorten(real_graph.resolve(name).iri) == expected


def test_a_name_of_another_class_is_told(real_graph: KnowledgeGraph) -> None:
    """Who asks for a framework by the name of a concept is told so, in both languages."""
    with pytest.raises(NamingError) as caught:
        real_graph.resolve("政务云", Scope(("kg:Framework",)))
    assert "这里要的是框架，叫这个名称的是平台概念 kgc:zheng-wu-yun" in caught.value.zh
    assert "a Framework; of that name there is: Platform concept kgc:zheng-wu-yun" in str(
        caught.value
    )
    with pytest.raises(NamingError) as caught:
        real_graph.resolve("无此名称", Scope(("kg:Framework",)))
    assert "这里要的" not in caught.value.zh


def test_the_five_ones_of_the_real_data_are_ambiguous(real_graph: KnowledgeGraph) -> None:
    """五个一 of 广西 and of 山西 are told apart, never guessed."""
    with pytest.raises(NamingError) as caught:
        real_graph.resolve("五个一", Scope(("kg:PlatformConcept",)))
    assert {item.split(" ")[0] for item in caught.value.near} >= {
        "kgc:wu-ge-yi-guangxi",
        "kgc:wu-ge-yi-shanxi",
    }


def test_a_key_that_is_pinyin_of_another_says_so(engine: Engine) -> None:
    """山西 is answered for by its key, and 陕西, which sounds alike, is named."""
    found = resolve(engine, "shanxi", Scope(("kg:Region",)))
    assert (found.zh, found.also) == ("山西", (("陕西", "Shaanxi"),))


@pytest.mark.parametrize("name", ["山西", "kgr:shanxi", "CN-SX", "shanghai", "Shanxi Province"])
def test_a_name_of_one_thing_only_says_nothing_more(engine: Engine, name: str) -> None:
    """What cannot be taken for something else needs no remark."""
    assert resolve(engine, name).also == ()
