"""Reads a page as a browser would, more strictly, and says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Node", "Page", "params_of"]

VOID: Final = frozenset({"input", "link", "meta"})
"""Elements of our pages without an end (https://html.spec.whatwg.org/#void-elements)."""

ADDRESSES: Final = frozenset({"href", "src", "action", "formaction", "data", "poster"})
"""Attributes that a browser follows."""


@dataclass
class Node:
    """An element: its name, its attributes, what it holds."""

    name: str
    attributes: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    def all(self, name: str = "") -> Iterator[Node]:
        """Give the elements of a name below this one, or all."""
        for one in self.inside:
            if isinstance(one, Node):
                if name in {"", one.name}:
                    yield one
                yield from one.all(name)

    def one(self, name: str) -> Node:
        """Give the only element of a name."""
        (found,) = self.all(name)
        return found

    def of_class(self, word: str) -> list[Node]:
        """Give the elements of a class."""
        return [one for one in self.all() if word in one.attributes.get("class", "").split()]

    @property
    def text(self) -> str:
        """The text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> has {name} twice" for name in names if names.count(name) > 1]
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].name == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> ends <{self.open[-1].name}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.append(f"<{tag}/>")
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")


class Page(Node):
    """A whole page, and what is wrong with it."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        reader = _Reader()
        reader.feed(text)
        reader.close()
        super().__init__("", {}, reader.root.inside)
        self.faults = [*reader.faults, *(f"<{node.name}> is open" for node in reader.open[1:])]
        self.faults += [*self._identifiers(), *self._names(), *self._frame(), *self._danger()]

    def _identifiers(self) -> Iterator[str]:
        ids = [node.attributes["id"] for node in self.all() if "id" in node.attributes]
        yield from (f"id {name} stands twice" for name in ids if ids.count(name) > 1)
        for node in self.all():
            for attribute in ("for", "list", "aria-labelledby", "aria-describedby"):
                if (name := node.attributes.get(attribute)) and name not in ids:
                    yield f"{attribute}={name} leads nowhere"

    def _names(self) -> Iterator[str]:
        """Say which fields have no label, and which tables no caption."""
        labelled = {node.attributes["for"] for node in self.all("label")}
        for name in ("input", "select", "textarea"):
            for node in self.all(name):
                told = node.attributes.get("id") in labelled or "aria-label" in node.attributes
                if not told and node.attributes.get("type") != "hidden":
                    yield f"<{name} name={node.attributes.get('name')}> has no label"
        for table in self.all("table"):
            if not any(caption.text.strip() for caption in table.all("caption")):
                yield "a table has no caption"

    def _frame(self) -> Iterator[str]:
        """Say what every page has, and this one has not."""
        if self.one("html").attributes.get("lang") not in {"zh-Hans", "en"}:
            yield "the page has no language"
        if not self.one("title").text.strip():
            yield "the page has no title"
        if not any(node.attributes.get("name") == "viewport" for node in self.all("meta")):
            yield "the page has no viewport"
        if len(list(self.all("h1"))) != 1:
            yield "the page has not one heading"
        first = next(self.one("body").all("a"))
        if first.attributes["href"] != f"#{self.one('main').attributes['id']}":
            yield "the page has no skip link"

    def _danger(self) -> Iterator[str]:
        """Say what a strict content security policy or a careful reader would refuse."""
        for node in self.all():
            given = node.attributes
            if node.name == "style" or any(name == "style" or name[:2] == "on" for name in given):
                yield f"<{node.name}> has a style or script of its own"
            if node.name == "script":
                is_data = given.get("type") == "application/json"
                if is_data == ("src" in given) or (not is_data and node.text):
                    yield "a script stands in the page"
            for name in ADDRESSES & given.keys():
                parts = urlsplit(given[name])
                if parts.scheme not in {"", "http", "https"}:
                    yield f"<{node.name}> leads to {given[name]}"
                loads = node.name in {"link", "script", "form", "img"}
                if loads and (parts.scheme or parts.netloc):
                    yield f"<{node.name}> reaches out to {given[name]}"

    @property
    def links(self) -> list[str]:
        """Where its links lead, within the service."""
        found = [node.attributes["href"] for node in self.all("a")]
        return [link for link in found if not urlsplit(link).scheme]

    def submitted(self) -> list[tuple[str, str]]:
        """Give what a browser sends if the form is sent as it stands."""
        sent: list[tuple[str, str]] = []
        for node in self.one("form").all():
            name = node.attributes.get("name", "")
            if node.name == "input":
                sent.append((name, node.attributes.get("value", "")))
            if node.name == "select":
                options = list(node.all("option"))
                chosen = [one for one in options if "selected" in one.attributes] or options[:1]
                sent += [(name, one.attributes["value"]) for one in chosen]
        return sent

    @property
    def table(self) -> list[list[str]]:
        """The texts of the cells of its only table, row by row."""
        rows = self.one("tbody").all("tr")
        return [[cell.text for cell in row.all("td")] for row in rows]


def params_of(address: str) -> list[tuple[str, str]]:
    """Give the parameters of an address."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)
