"""Queries that bring services of this kind down: too deep, too long, too large, too much."""

from __future__ import annotations

from typing import Final

__all__ = ["DEEP", "HEAVY", "LARGE", "LONG", "MEMORY"]

DEEP: Final = {
    "(": ("ASK { FILTER(", "(", "1", ")", ") }"),
    "str(": ("ASK { FILTER(", "STR(", "1", ")", ") }"),
    "concat(": ("ASK { FILTER(", 'CONCAT("", ', '""', ")", ") }"),
    "if(": ("ASK { FILTER(", "IF(true, ", "true", ", false)", ") }"),
    "{": ("ASK ", "{", "?s ?p ?o", "}", ""),
    "[": ("ASK { ", "[ <urn:p> ", "1", " ]", " }"),
    "list": ("ASK { <urn:s> <urn:p> ", "(", "1", ")", " }"),
    "path (": ("ASK { <urn:s> ", "(", "<urn:p>", ")*", " ?o }"),
    "path !(": ("ASK { <urn:s> ", "(^", "<urn:p>", ")", " ?o }"),
    "exists": ("ASK {", "FILTER EXISTS {", "?s ?p ?o", "}", "}"),
    "not exists": ("ASK {", "FILTER NOT EXISTS {", "?s ?p ?o", "}", "}"),
    "optional": ("ASK {", "OPTIONAL {", "?s ?p ?o", "}", "}"),
    "minus": ("ASK { ?s ?p ?o ", "MINUS { ?s ?p ?o ", "", "}", "}"),
    "graph": ("ASK {", "GRAPH ?g {", "?s ?p ?o", "}", "}"),
    "union": ("ASK {", "{ ?s ?p ?o } UNION {", "?s ?p ?o", "}", "}"),
    "select": ("ASK ", "{ SELECT * ", "{ ?s ?p ?o }", "}", ""),
    "<<": ("ASK { ", "<< ", "?s ?p ?o", " ?p ?o >>", " ?p ?o }"),
    "<<(": ("ASK { ?x ?y ", "<<( ?s ?p ", "?o", " )>>", " }"),
    "!": ("ASK { FILTER(", "! ", "true", "", ") }"),
    "-": ("ASK { FILTER(", "-(", "1", ")", " > 0) }"),
    "^": ("ASK { <urn:s> ", "^(", "<urn:p>", ")", " ?o }"),
}
"""Kind of nesting -> before, opening, within, closing, behind."""


def chain(count: int, joint: str, *pieces: str) -> str:
    """Join pieces that have a number in them."""
    return joint.join(piece.replace("#", str(at)) for at in range(count) for piece in pieces)


LONG: Final = {
    name: query
    for count in (600, 9000)
    for name, query in {
        f"sequence {count}": f"ASK {{ ?s {chain(count, '/', '<urn:p>')} ?o }}",
        f"stars {count}": f"ASK {{ ?s {chain(count, '/', '<urn:p>*')} ?o }}",
        f"alternatives {count}": f"ASK {{ ?s {chain(count, '|', '<urn:p>')} ?o }}",
        f"negated {count}": f"ASK {{ ?s !({chain(count, '|', '<urn:p#>')}) ?o }}",
        f"inverses {count}": f"ASK {{ ?s {chain(count, '/', '^<urn:p>?')} ?o }}",
        f"chain {count}": f"ASK {{ {chain(count, ' . ', '?v# <urn:p> ?w#')} }}",
        f"star {count}": f"ASK {{ {chain(count, ' . ', '?v ?p# ?o#')} }}",
        f"objects {count}": f"ASK {{ ?s ?p {chain(count, ',', '?v#')} }}",
        f"properties {count}": f"ASK {{ ?s {chain(count, ';', '<urn:p#> ?v#')} }}",
        f"or {count}": f"ASK {{ FILTER({chain(count, '||', '?a')}) }}",
        f"and {count}": f"ASK {{ FILTER({chain(count, '&&', '?a')}) }}",
        f"plus {count}": f"ASK {{ FILTER({chain(count, '+', '1')} > 0) }}",
        f"in {count}": f"ASK {{ ?s ?p ?o FILTER(?o IN ({chain(count, ',', '#')})) }}",
        f"optionals {count}": f"ASK {{ {chain(count, ' ', 'OPTIONAL { ?s <urn:p#> ?v# }')} }}",
        f"minuses {count}": f"ASK {{ ?s ?p ?o {chain(count, ' ', 'MINUS { ?s ?p ?v# }')} }}",
        f"unions {count}": f"ASK {{ {chain(count, ' UNION ', '{ ?s ?p ?v# }')} }}",
        f"binds {count}": f"ASK {{ {chain(count, ' ', 'BIND(1 AS ?v#)')} }}",
        f"filters {count}": f"ASK {{ ?s ?p ?o {chain(count, ' ', 'FILTER(?o != #)')} }}",
        f"values {count}": f"ASK {{ {chain(count, ' ', 'VALUES ?v# { 1 2 }')} }}",
        f"columns {count}": f"SELECT {chain(count, ' ', '(1 AS ?v#)')} {{}}",
        f"groups {count}": f"SELECT * {{ ?s ?p ?o }} GROUP BY {chain(count, ' ', '?v#')}",
        f"orders {count}": f"SELECT * {{ ?s ?p ?o }} ORDER BY {chain(count, ' ', '?v#')}",
        f"arguments {count}": f"ASK {{ FILTER(CONCAT({chain(count, ',', '?v#')}) = '') }}",
        f"prefixes {count}": f"{chain(count, ' ', 'PREFIX p#: <urn:p#>')} ASK {{}}",
        f"froms {count}": f"ASK {chain(count, ' ', 'FROM <urn:g#>')} {{}}",
    }.items()
}
"""Queries that are long and flat; some of them keep a planner busy for minutes."""

ALL: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
"""Every combination of five triples."""
BOTH: Final = "CONCAT(STR(?a), STR(?o), '!')"
NEVER: Final = f"FILTER(STRLEN({BOTH}) < 0)"
"""What no combination fits, and what cannot be told before each is there."""
EVERYWHERE: Final = "(<urn:p>|!<urn:p>|^<urn:p>|!^<urn:p>)*"
"""A path from everything to everything."""

HEAVY: Final = {
    "product": f"SELECT (COUNT(*) AS ?x) {{ {ALL} }}",
    "filter": f"SELECT * {{ {ALL} {NEVER} }}",
    "limit": f"SELECT * {{ {ALL} FILTER(CONCAT(STR(?a), STR(?o)) = '') }} LIMIT 1",
    "offset": f"SELECT ?a {{ {ALL} }} OFFSET 9999999999 LIMIT 1",
    "distinct": f"SELECT DISTINCT ?b {{ {ALL} }}",
    "count distinct": f"SELECT (COUNT(DISTINCT ?b) AS ?x) {{ {ALL} }}",
    "sample": f"SELECT (SAMPLE(?a) AS ?x) (MAX(?o) AS ?y) {{ {ALL} }} GROUP BY ?b",
    "paths": "SELECT (COUNT(*) AS ?x) { "
    + " ".join(f"?a{at} {EVERYWHERE} ?b{at} ." for at in range(3))
    + " }",
    "path of paths": f"ASK {{ ?a (({EVERYWHERE})/({EVERYWHERE})*)* <urn:none> . {ALL} }}",
    "regex": f'ASK {{ {ALL} FILTER(REGEX({BOTH}, "(.*a){{9}}(x|.)*[^ -~]$")) }}',
    "backtracking": f'ASK {{ {ALL} FILTER(REGEX({BOTH}, "^(([a-z])+.)+[^ -~]$")) }}',
    "values": f"SELECT (COUNT(*) AS ?x) {{ {chain(9, ' ', 'VALUES ?v# { 1 2 3 4 5 6 7 8 9 }')}"
    f" {chain(9, ' ', 'VALUES ?w# { 1 2 3 4 5 6 7 8 9 }')} }}",
    "exists": f"SELECT (COUNT(*) AS ?x) {{ ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS {{ {ALL} "
    "FILTER(?n = <urn:none>) } }",
    "optional": f"SELECT (COUNT(*) AS ?x) {{ ?s ?p ?q OPTIONAL {{ {ALL} }} }}",
    "construct": f"CONSTRUCT {{ ?a ?b ?c }} {{ {ALL} {NEVER} }}",
    "describe": f"DESCRIBE ?a {{ {ALL} {NEVER} }}",
}
"""Queries that parse and would take hours."""

MEMORY: Final = {
    "concat": 'SELECT (STRLEN(?v34) AS ?x) { BIND("0123456789" AS ?v0) '
    + " ".join(f"BIND(CONCAT(?v{at}, ?v{at}) AS ?v{at + 1})" for at in range(34))
    + " }",
    "replace": 'SELECT (STRLEN(?v9) AS ?x) { BIND("0123456789" AS ?v0) '
    + " ".join(f'BIND(REPLACE(?v{at}, ".", "0123456789") AS ?v{at + 1})' for at in range(9))
    + " }",
    "group_concat": f"SELECT (GROUP_CONCAT(STR(?a)) AS ?x) {{ {ALL} }}",
    "order": f"SELECT * {{ {ALL} }} ORDER BY ?a ?o DESC(?c) LIMIT 10",
    "distinct rows": f"SELECT DISTINCT * {{ {ALL} }} LIMIT 10 OFFSET 99999999",
    "group": f"SELECT ?a ?d ?g ?j (COUNT(*) AS ?x) {{ {ALL} }} GROUP BY ?a ?c ?d ?f ?g ?i ?j ?l",
    "minus": f"SELECT * {{ ?a ?b ?c MINUS {{ {ALL} }} }}",
    "subselect": f"SELECT (COUNT(*) AS ?x) {{ {{ SELECT DISTINCT * {{ {ALL} }} }} ?a ?b ?c }}",
}
"""Queries that take whatever memory there is."""

LARGE: Final = {
    "rows": "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 100001",
    "bytes": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 100000",
    "triples": "CONSTRUCT { ?a <urn:p> ?x } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "BIND(CONCAT(STR(?c), STR(?f), STR(?i)) AS ?x) } LIMIT 150000",
    "text": 'SELECT ?v22 { BIND("0123456789" AS ?v0) '
    + " ".join(f"BIND(CONCAT(?v{at}, ?v{at}) AS ?v{at + 1})" for at in range(22))
    + " }",
}
"""Queries whose answer is more than an answer may be."""
