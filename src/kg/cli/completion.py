"""What shells complete: questions, parameters and their values, things, engines.

Values come from the search index, so that no store is opened. Where nothing can be offered, say
because no release is built, nothing is, and no error is told.
"""

from __future__ import annotations

import os
import re
from glob import escape, glob
from typing import TYPE_CHECKING, Any, Final

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    split_arg_string,
)

from kg.errors import KgError
from kg.names import KINDS, expand, shorten
from kg.project import current_release, find, question_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from typing import TypeAlias

    import click

    from kg.index import Index, Name

    Items: TypeAlias = list[CompletionItem[str]]
    Completer: TypeAlias = Callable[[click.Context, click.Parameter, str], Items]

__all__ = ["citable", "engines", "parameters", "questions", "things"]

NAMED: Final = ("region", "concept", "platform", "initiative", "claim", "source", "gap")
"""Kinds of thing that a key alone names."""

TITLE: Final = re.compile(r'^#\+ title: *\{ *zh: *"([^"]*)"', re.MULTILINE)
"""The Chinese title in a question's header."""

WORD: Final = re.compile(r"[\w.+“”‘’《》（）、，·-]+")
"""A label that every shell takes for one word; of things with other labels the key is offered."""


def _quietly(complete: Completer) -> Completer:
    """Offer nothing where there is no release, or where something cannot be read."""

    def quiet(context: click.Context, parameter: click.Parameter, typed: str) -> Items:
        try:
            return complete(context, parameter, typed)
        except (KgError, OSError, ValueError):
            return []

    return quiet


def _open(context: click.Context) -> tuple[Index, Path]:
    """Give the search index of the project that the line speaks of, and its folder of queries."""
    from kg.index import current_index  # noqa: PLC0415 -- help is quick

    given = context.find_root().params
    project = find(given.get("root"), given.get("build_dir"))
    return current_index(project.build), project.queries


# --- questions ----------------------------------------------------------------------------------


def _questions(context: click.Context, typed: str) -> Items:
    given = context.find_root().params
    project = find(given.get("root"), given.get("build_dir"))
    current_release(project.build)  # without one nothing is answered
    titles: dict[str, str] = {}
    for name, paths in sorted(question_files(project.queries).items()):
        title = TITLE.search(paths[0].read_text(encoding="utf-8"))
        titles[name] = title[1] if title else ""
    begin = [name for name in titles if name.startswith(typed)]
    chosen = begin or [name for name, title in titles.items() if typed in f"{name} {title}"]
    return [CompletionItem(name, help=titles[name] or None) for name in chosen]


@_quietly
def questions(context: click.Context, _: click.Parameter, typed: str) -> Items:
    """Offer ids of questions with their Chinese titles: that begin so, else that have it in."""
    return _questions(context, typed)


def _parameters(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """Give the parameters that a question's header declares; a wrong header declares none."""
    from kg.marks import header_of, parse_yaml  # noqa: PLC0415 -- help is quick

    if not paths:
        return {}
    value: Any = parse_yaml(header_of(paths[0].read_text(encoding="utf-8")), paths[0].name).value
    params = value.get("params") if isinstance(value, dict) else None
    given = params.items() if isinstance(params, dict) else ()
    return {name: parameter for name, parameter in given if isinstance(parameter, dict)}


def _label(parameter: Mapping[str, Any]) -> str:
    label = parameter.get("label")
    return str(label.get("zh", "")) if isinstance(label, dict) else ""


@_quietly
def parameters(context: click.Context, _: click.Parameter, typed: str) -> Items:
    """Offer `name=` of the question's parameters, and behind `name=` the parameter's values."""
    asked = context.params.get("question") or next(iter(context.args), "")
    index, queries = _open(context)
    with index:
        params = _parameters(question_files(queries).get(asked, []))
        name, equals, beginning = typed.partition("=")
        if not equals:
            used = {given.partition("=")[0] for given in context.params.get("params") or ()}
            return [
                CompletionItem(f"{key}=", help=f"{_label(p)}，如 {p.get('example', '')}")
                for key, p in params.items()
                if key.startswith(name) and (p.get("many") or key not in used)
            ]
        offered = _values(index, params[name], beginning) if name in params else []
        return [CompletionItem(f"{name}={item.value}", help=item.help) for item in offered]


def _values(index: Index, parameter: Mapping[str, Any], typed: str) -> Items:
    class_, scheme = str(parameter.get("class", "")), str(parameter.get("scheme", ""))
    if class_ == "rdfs:Resource":
        return _things(index, typed, NAMED)
    if class_:
        return _named(index.names(class_, scheme), typed, scheme)
    given = {str(parameter[key]): None for key in ("default", "example") if key in parameter}
    values = ("true", "false") if parameter.get("datatype") == "xsd:boolean" else tuple(given)
    help_ = _label(parameter) or None
    return [CompletionItem(value, help=help_) for value in values if value.startswith(typed)]


# --- things -------------------------------------------------------------------------------------


def _key(iri: str, scheme: str = "") -> str:
    """Give the key of a thing, or that of a value in its closed list."""
    local = shorten(iri).partition(":")[2]
    return local.removeprefix(f"{scheme.removeprefix('kg:list-')}-") if scheme else local


def _named(names: Iterable[Name], typed: str, scheme: str = "") -> Items:
    """Offer keys to who types a key, pinyin, English or a code, and to others the Chinese name."""
    from kg.folding import letters  # noqa: PLC0415 -- help is quick

    names, folded = list(names), letters(typed)
    if typed.isascii():
        keys = {_key(name.iri, scheme): name.zh for name in names}
        begin = [key for key in keys if key.startswith(typed.casefold())]
        called = [n for n in names if folded and letters(n.text).startswith(folded)]
        chosen = begin or list(dict.fromkeys(_key(name.iri, scheme) for name in called))
        return [CompletionItem(key, help=keys[key] or None) for key in chosen]
    labels = {name.text: _key(name.iri, scheme) for name in names}
    chinese = {label: key for label, key in labels.items() if WORD.fullmatch(label)}
    begin = [label for label in chinese if label.startswith(typed)]
    chosen = begin or [label for label in chinese if typed in label]
    return [CompletionItem(label, help=chinese[label]) for label in chosen]


def _things(index: Index, typed: str, kinds: Iterable[str]) -> Items:
    """Offer things of some kinds; claims, which are many, only where something is typed."""
    prefix, colon, _ = typed.partition(":")
    if colon and prefix in KINDS.values():
        return [
            CompletionItem(shorten(iri), help=zh or None) for iri, zh in index.iris(expand(typed))
        ]
    wanted = set(kinds) - (set() if typed else {"claim"})
    names = [name for name in index.names() if name.kind in wanted]
    found = _named(names, typed)
    several: dict[str, set[str]] = {}
    for name in names:
        several.setdefault(_key(name.iri), set()).add(name.iri)
    return [
        CompletionItem(value, help=item.help)
        for item in found
        for value in _unambiguous(item.value, several)
    ]


def _unambiguous(value: str, several: Mapping[str, set[str]]) -> list[str]:
    """Give a key, or the codes of all things that have it where kinds share it."""
    iris = several.get(value, set())
    return sorted(map(shorten, iris)) if len(iris) > 1 else [value]


@_quietly
def things(context: click.Context, _: click.Parameter, typed: str) -> Items:
    """Offer the things that `kg show` shows, by key, Chinese name, pinyin, English or code."""
    index, _queries = _open(context)
    with index:
        return _things(index, typed, NAMED)


@_quietly
def citable(context: click.Context, _: click.Parameter, typed: str) -> Items:
    """Offer what `kg cite` cites: questions, sources, claims, receipts."""
    index, _queries = _open(context)
    with index:
        offered = [*_questions(context, typed), *_things(index, typed, ("claim", "source"))]
    receipts = sorted(glob(f"{escape(typed)}*.json"))  # noqa: PTH207 -- as it was typed
    offered += [CompletionItem(path) for path in receipts]
    return offered or [CompletionItem(typed, type="file")]


@_quietly
def engines(_context: click.Context, _: click.Parameter, typed: str) -> Items:
    """Offer the engines by name; an endpoint's address is for the reader to write."""
    from kg.engines import ENGINES  # noqa: PLC0415 -- help is quick

    return [CompletionItem(name) for name in ENGINES if name.startswith(typed)]


# --- bash ---------------------------------------------------------------------------------------

BREAKS: Final = re.compile("[=:]+")
"""What parts words in bash, blanks apart: COMP_WORDBREAKS."""

LISTING: Final = frozenset(map(str, map(ord, "?!@")))
"""Values of COMP_TYPE by which bash lists what is offered
(https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html)."""

SCRIPT: Final = """\
%(complete_func)s() {
    local IFS=$'\\n'
    local response completion type value
    COMPREPLY=()
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \\
COMP_TYPE="$COMP_TYPE" %(complete_var)s=bash_complete "$1" 2>/dev/null)
    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"
        case $type in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            open) COMPREPLY+=("$value"); compopt -o nospace 2>/dev/null ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
"""As click's, but that no blank is put behind `name=`, and nothing is taken for a pattern."""


def _glued(words: Iterable[str]) -> list[str]:
    """Join what bash has parted: `concept`, `=`, `yiw` are one word."""
    glued: list[str] = []
    joins = False
    for word in words:
        breaks = BREAKS.fullmatch(word) is not None
        if glued and word and (breaks or joins):
            glued[-1] += word
        else:
            glued.append(word)
        joins = breaks
    return glued


def _unquoted(word: str) -> str:
    return next(iter(split_arg_string(word)), "")


class _Bash(BashComplete):
    """Bash, which parts words at `=` and `:` and replaces only what stands behind them."""

    source_template = SCRIPT
    replaced = ""
    """What stands before the cursor's word for bash, and belongs to it for us."""

    def get_completion_args(self) -> tuple[list[str], str]:
        given, at = os.environ["COMP_WORDS"], int(os.environ["COMP_CWORD"])
        words = given.split("\n") if "\n" in given else split_arg_string(given)
        words = [*words, *[""] * (at + 1 - len(words))][: at + 1]
        glued, last = _glued(words), words[-1]
        whole = glued[-1]
        before = whole if BREAKS.fullmatch(last) else whole.removesuffix(last)
        self.replaced = _unquoted(before)
        return [_unquoted(word) for word in glued[1:-1]], _unquoted(whole)

    def format_completion(self, item: CompletionItem[Any]) -> str:
        value = str(item.value).removeprefix(self.replaced)
        kind = "open" if item.type == "plain" and value.endswith("=") else item.type
        return f"{kind},{value}"

    def complete(self) -> str:
        """Give what is offered; where bash only lists it, with help."""
        items = self.get_completions(*self.get_completion_args())
        lines = [self.format_completion(item) for item in items]
        if os.environ.get("COMP_TYPE") in LISTING and len(items) > 1:
            told = [f"  {item.help}" if item.help else "" for item in items]
            lines = [line + more for line, more in zip(lines, told, strict=True)]
        return "\n".join(lines)


add_completion_class(_Bash)
