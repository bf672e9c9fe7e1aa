"""Queries at random: by the grammar, and saved questions with something put out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph_fixtures import ROOT
from hypothesis import strategies as st

from kg.catalogue import Catalogue
from kg.names import PREFIXES

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["QUERIES", "STRAY"]

TERMS: Final = (
    *("?a", "?b", "?c", "_:x", "[]", "kg:Region", "kgr:hebei", "<http://example.org/>", "<>", "a"),
    *(
        '"上海"@zh',
        "'x'",
        '"5"^^xsd:integer',
        "1",
        "-2.5",
        "1e3",
        "true",
        '"""a\n"b"""',
        "()",
        "(1 ?a)",
    ),
    *('"\\u4E0A"', '"\\uD800"', "kg:\\-a", "kg:a.b.c", "?地区", "rdf:nil", "[ kg:names ?c ]"),
)
PATHS: Final = (
    *(
        "a",
        "?p",
        "kg:names",
        "kg:names*",
        "kg:names+",
        "kg:names?",
        "^kg:names",
        "!kg:names",
        "!()",
    ),
    *("kg:aboutRegion/skos:prefLabel", "(kg:names|^kg:names)*", "!(a|^a)", "<>", "(a/^a)+", "kg:"),
)
FUNCTIONS: Final = (
    *("STR(?a)", "LANG(?a)", "DATATYPE(?a)", "IRI(?a)", "BNODE()", "RAND()", "NOW()", "UUID()"),
    *("ABS(?a)", "CONCAT(?a, 'x')", "SUBSTR(?a, 2, 1)", "STRLEN(?a)", "REPLACE(?a, '.', '$0$0')"),
    *("REGEX(?a, '(a*)*b')", "REGEX(?a, '[', 'z')", "CONTAINS(?a, '上')", "ENCODE_FOR_URI(?a)"),
    *("YEAR(?a)", "TIMEZONE(?a)", "MD5(?a)", "SHA512(?a)", "COALESCE(?a, 1/0)", "IF(?a, ?b, ?c)"),
    *(
        "STRDT(?a, xsd:date)",
        "STRLANG('x', 'zh')",
        "ISIRI(?a)",
        "BOUND(?a)",
        "?a IN (1, ?b)",
        "!?a",
    ),
    *("xsd:integer(?a)", "xsd:nothing(?a)", "?a = ?b", "?a < 'x'", "?a + ?b * -1", "(((?a)))"),
    *(
        "EXISTS { ?a ?p ?b }",
        "NOT EXISTS { ?a a ?c }",
        "SAMETERM(?a, ?b)",
        "9223372036854775807 + 1",
    ),
)
AGGREGATES: Final = (
    *("COUNT(*)", "COUNT(DISTINCT ?a)", "SUM(?b)", "AVG(?b)", "MIN(?a)", "MAX(?c)", "SAMPLE(?a)"),
    *("GROUP_CONCAT(?a; SEPARATOR=', ')", "GROUP_CONCAT(DISTINCT ?a)", "COUNT(?a) + ?b"),
)
ENDINGS: Final = (
    *("LIMIT 3", "LIMIT 0", "OFFSET 2", "ORDER BY ?a", "ORDER BY DESC(STR(?b)) ?c", "GROUP BY ?a"),
    *(
        "GROUP BY (STR(?a) AS ?x)",
        "HAVING (COUNT(*) > 1)",
        "VALUES ?a { 1 UNDEF '上' }",
        "LIMIT -1",
    ),
    *("VALUES (?a ?b) { (1 2) (UNDEF UNDEF) }", "LIMIT 99999999999999999999", "ORDER BY RAND()"),
)
HEADS: Final = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in PREFIXES.items())
STRAY: Final = (
    *("{", "}", "(", ")", ".", ";", ",", "|", "#", "'", '"', "\\", "<", ">", "?", "\n", "\t", "^^"),
    *("SELECT", "FILTER", "GRAPH", "SERVICE", "FROM", "LOAD", "INSERT DATA", "MINUS", "BASE", "*"),
    *(
        "\u200b",
        "\u202e",
        "\x00",
        "\ufffe",
        "🙂",
        "上海",
        "@",
        "_:",
        "\\u0053ERVICE",
        "LATERAL",
        "<<",
    ),
)


def block(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    """Give patterns that hold others."""
    subselect = st.builds("{{ SELECT ?a (COUNT(*) AS ?n) {{ {} }} GROUP BY ?a }}".format, inner)
    return st.one_of(
        st.builds("OPTIONAL {{ {} }}".format, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("MINUS {{ {} }}".format, inner),
        st.builds("GRAPH ?g {{ {} }}".format, inner),
        st.builds("GRAPH <https://w3id.org/dgkg/graph/reference> {{ {} }}".format, inner),
        st.builds("FILTER NOT EXISTS {{ {} }}".format, inner),
        st.builds("{} {}".format, inner, inner),
        subselect,
    )


TRIPLE: Final = st.builds(
    "{} {} {} .".format, *(st.sampled_from(it) for it in (TERMS, PATHS, TERMS))
)
SMALL: Final = st.one_of(
    TRIPLE,
    st.builds("FILTER({})".format, st.sampled_from(FUNCTIONS)),
    st.builds("BIND({} AS ?x)".format, st.sampled_from(FUNCTIONS)),
    st.builds("VALUES ?a {{ {} }}".format, st.sampled_from(TERMS)),
)
PATTERN: Final = st.recursive(SMALL, block, max_leaves=8)
FORM: Final = st.one_of(
    st.just("SELECT *"),
    st.just("SELECT DISTINCT ?a ?b"),
    st.builds("SELECT ?a ({} AS ?x)".format, st.sampled_from(FUNCTIONS)),
    st.builds("SELECT ({} AS ?x)".format, st.sampled_from(AGGREGATES)),
    st.just("ASK"),
    st.builds("CONSTRUCT {{ {} }}".format, TRIPLE),
    st.builds("DESCRIBE {}".format, st.sampled_from(TERMS)),
)
GRAMMAR: Final = st.builds(
    "{}{} WHERE {{ {} }} {}".format,
    st.just(HEADS),
    FORM,
    PATTERN,
    st.lists(st.sampled_from(ENDINGS), max_size=2).map(" ".join),
)
SAVED: Final = tuple(
    query.sparql for query in Catalogue(ROOT / "queries").queries() if len(query.sparql) < 4000
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Give a saved question of which something was taken, doubled, put elsewhere or replaced."""
    text = draw(st.sampled_from(SAVED))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = text[start:end]
        change = draw(st.sampled_from(["drop", "double", "stray", "term", "function", "swap"]))
        if change == "drop":
            piece = ""
        elif change == "double":
            piece *= draw(st.integers(2, 30))
        elif change == "swap":
            piece = draw(st.sampled_from(SAVED))[start:end]
        else:
            pool = {"stray": STRAY, "term": TERMS, "function": FUNCTIONS}[change]
            piece = f" {draw(st.sampled_from(pool))} "
        text = text[:start] + piece + text[end:]
    return text


QUERIES: Final = st.one_of(GRAMMAR, mutated(), st.text(max_size=60))
