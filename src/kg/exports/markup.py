"""Text as XML has it: read back, it is the same to the last sign."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["DECLARATION", "marked"]

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

SPECIAL: Final = re.compile('[&<>"\t\n\r\x85\u2028]')
ESCAPED: Final = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;",
    "\r": "&#13;", "\x85": "&#133;", "\u2028": "&#8232;",
}  # fmt: skip
"""Sign -> how it is written: line ends and tabs as numbers, since readers make blanks of them.

See https://www.w3.org/TR/xml/#AVNormalize and https://www.w3.org/TR/xml/#sec-line-ends.
"""


def marked(text: str) -> str:
    r"""Give a text for an attribute in quotation marks, or between two tags.

    >>> marked("a<b\n")
    'a&lt;b&#10;'
    """
    return SPECIAL.sub(lambda found: ESCAPED[found[0]], text) if SPECIAL.search(text) else text
