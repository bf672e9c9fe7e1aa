"""Pages as text: the templates, read before anything is served, and where a page stands.

Imports no store, so that the service's parent can tell its own errors as pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import jinja2.debug  # noqa: F401 -- what Jinja2 would only import to tell an error
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from kg.rendering import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jinja2.runtime import Undefined

__all__ = ["LANGUAGES", "STATIC", "Place", "error_page", "load", "render"]

FOLDER: Final = Path(__file__).parents[1]
STATIC: Final = FOLDER / "static"
"""Where the files below `/static/` lie."""

LANGUAGES: Final = ("zh", "en")

CHINESE: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
"""An ideograph (https://www.unicode.org/charts/unihanrangeindex.html)."""

SAFE: Final = "/:@!$'()*,;~.-_"
"""What a path may hold as it is (https://www.rfc-editor.org/rfc/rfc3986#section-3.3)."""

TITLES: Final = {
    300: ("有多个事物叫这个名称", "Several things have that name"),
    400: ("请求有误", "Something is wrong with the request"),
    403: ("不允许", "Not allowed"),
    404: ("没有这一页", "There is no such page"),
    405: ("不支持此方法", "This method is not offered"),
    406: ("没有所要的格式", "No format that was asked for"),
    408: ("请求太慢", "The request took too long"),
    413: ("太大", "Too large"),
    414: ("网址太长", "The address is too long"),
    429: ("请求太多", "Too many requests"),
    500: ("服务出错", "The service has failed"),
    503: ("服务正忙", "The service is busy"),
    504: ("查询超时", "The query took too long"),
}
"""Status of HTTP -> what it is called on a page, in Chinese and English."""


@dataclass(frozen=True)
class Place:
    """Where a page stands: its path and parameters, its language, and the service's address.

    `path` begins with a slash and is not percent-encoded; `params` are those of the query
    string, decoded and in their order; `public_url` has no slash at its end.
    """

    path: str
    language: str = "zh"
    params: tuple[tuple[str, str], ...] = ()
    public_url: str = ""

    def say(self, zh: str, en: str) -> str:
        """Give the words of the page's language."""
        return zh if self.language == "zh" else en

    def link(self, path: str, params: Iterable[tuple[str, str]] = ()) -> str:
        """Give the reference to a page of the service in the same language."""
        return self._reference(path, params, self.language)

    def other(self) -> str:
        """Give the reference to this page in the other language."""
        return self._reference(self.path, self.params, self.say("en", "zh"))

    def file(self, path: str, params: Iterable[tuple[str, str]] = ()) -> str:
        """Give the reference to what has no language, such as data."""
        given = [(name, value) for name, value in params if name != "lang"]
        behind = f"?{urlencode(given)}" if given else ""
        return f"{urlsplit(self.public_url).path}{quote(path, safe=SAFE)}{behind}"

    def _reference(self, path: str, params: Iterable[tuple[str, str]], language: str) -> str:
        here, hash_, anchor = path.partition("#")
        address = self.file(here, params)
        mark = "&" if "?" in address else "?"
        name, equals, value = anchor.partition("=")
        return f"{address}{mark}lang={language}{hash_}{quote(name)}{equals}{quote(value, safe='')}"

    def absolute(self, path: str, params: Iterable[tuple[str, str]] = ()) -> str:
        """Give the whole address of what has no language."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}{self.file(path, params)}"


@cache
def _environment() -> Environment:
    folder = FOLDER / "templates"
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )
    environment.filters["tongue"] = _tongue
    for name in sources:
        environment.get_template(name)
    return environment


def _seen(value: str | Markup | Undefined) -> str:
    r"""Show what cannot be seen as its code point, wherever a text is put into a page.

    >>> _seen("a\u202eb")
    'a\\u202eb'
    """
    if isinstance(value, Markup):
        return value
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], str(value))


def _tongue(text: str, language: str) -> Markup:
    """Give the attribute that tells a text's language, where it is not the page's."""
    own = "zh" if CHINESE.search(text) else "en"
    if own == language or not re.search("[^\\W\\d_]", text):
        return Markup()
    return Markup(' lang="zh-Hans"') if own == "zh" else Markup(' lang="en"')


def load() -> None:
    """Read and compile the templates; from then on no page opens a file."""
    _environment()


def render(template: str, place: Place, **values: Any) -> str:  # noqa: ANN401 -- templates'
    """Give a page.

    Args:
        template: the name of a file in `templates/`.
        place: where the page stands.
        values: what the template tells.
    """
    return _environment().get_template(template).render(
        place=place, say=place.say, link=place.link, file=place.file, zh=place.language == "zh",
        **values,
    )  # fmt: skip


def error_page(
    status: int,
    zh: str,
    en: str,
    language: str,
    *,
    near: Sequence[tuple[str, str]] = (),
    public_url: str = "",
) -> str:
    """Give the page that tells an error.

    Args:
        status: of HTTP.
        zh: what is wrong, in Chinese; several lines are kept.
        en: the same in English.
        language: `zh` or `en`, of the page; the message stands there in both.
        near: what may have been meant: its name and path.
        public_url: the service's address.
    """
    known = status if status in TITLES else max(s for s in TITLES if s % 100 == 0 and s <= status)
    place = Place("/", language, public_url=public_url)
    title = place.say(*TITLES[known])
    return render("error.html", place, status=status, title=title, told=(zh, en), near=near)
