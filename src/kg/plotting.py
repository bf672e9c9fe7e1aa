"""Figures for print: a Chinese font or a clear error, colours that all can tell apart, three files.

Needs the extra `notebook`. What a font has no sign for is an error here and never a box.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any, Final

from kg.colors import COLORS as DISTINCT
from kg.errors import UsageError
from kg.files import write_file

try:
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib import font_manager
    from matplotlib.transforms import ScaledTranslation
except ImportError as error:
    raise UsageError(
        '没有安装 matplotlib：pip install -e ".[notebook]"',
        'matplotlib is not installed: pip install -e ".[notebook]"',
    ) from error

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

__all__ = ["COLORS", "FONTS", "FORMATS", "NOT_READ", "caption", "save", "use_cjk"]

FONTS: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)
"""Fonts with simplified Chinese, the first that is installed wins."""

PLAIN: Final = "DejaVu Sans"
"""Comes with matplotlib; has the few signs that a Chinese font may lack."""

COLORS: Final = {**DISTINCT, "grey": "#8a8a8a", "pale": "#e6e6e6"}
"""Colours by name, and two greys."""

CYCLE: Final = ("blue", "orange", "green", "vermillion", "sky", "purple", "black")
"""The order in which series get colours; yellow is too light for lines."""

NOT_READ: Final[dict[str, Any]] = {
    "facecolor": "#F7F7F7",
    "edgecolor": "#B8B8B8",
    "hatch": "////",
    "linewidth": 0,
}
"""How a figure draws a region of which no text was read, so that it never looks like a zero."""

FORMATS: Final = ("svg", "pdf", "png")
RESOLUTION: Final = 300
"""Dots per inch of the PNG, as journals ask for."""

STYLE: Final[dict[Any, Any]] = {
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.unicode_minus": False,  # fonts with Chinese often lack U+2212
    "figure.constrained_layout.use": True,
    "figure.dpi": 144,
    "font.size": 10,
    "hatch.color": "#9A9A9A",
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "pdf.fonttype": 42,  # whole outlines, which printers and editors can use; not Type 3
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.1,
    "svg.fonttype": "none",  # text stays text: it can be found, read out and edited
    "svg.hashsalt": "dgkg",  # else ids are of chance
    "text.parse_math": False,  # a text with two dollar signs is no formula
}
"""What all figures share."""

UNDATED: Final[dict[str, dict[str, Any]]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {},
}
"""Format -> what its metadata leaves out, so that equal figures are equal bytes."""

MISSING: Final = "Glyph .* missing"
"""How matplotlib's warning of a missing sign begins."""

GLYPH: Final = re.compile(r"Glyph (?:\w+:)?(\d+)")
FAMILY: Final = re.compile(rb"(?<=font-family: )[^;\"]+|(?<=px )'[^;\"]+")


def use_cjk() -> str:
    """Set matplotlib up for Chinese: the font, the colours, and that a missing sign is an error.

    Returns:
        The name of the font.

    Raises:
        UsageError: no font with simplified Chinese is installed.
    """
    installed = set(font_manager.get_font_names())
    font = next((name for name in FONTS if name in installed), None)
    if font is None:
        listed = "、".join(FONTS)
        raise UsageError(
            f"没有中文字体（{listed}）。安装一种再重新运行：Debian/Ubuntu 用 apt-get install "
            "fonts-noto-cjk，Fedora 用 dnf install google-noto-sans-cjk-fonts，macOS 用 brew "
            "install font-noto-sans-cjk-sc；装好后仍找不到，请删去 matplotlib 的缓存 "
            f"{mpl.get_cachedir()}",
            "no font with Chinese is installed; install one and run again: apt-get install "
            "fonts-noto-cjk (Debian, Ubuntu), dnf install google-noto-sans-cjk-fonts (Fedora), "
            "brew install font-noto-sans-cjk-sc (macOS); if it is still not found, remove "
            f"matplotlib's cache {mpl.get_cachedir()}",
        )
    colors = cycler(color=[COLORS[name] for name in CYCLE])
    mpl.rcParams.update(STYLE | {"font.family": [font, PLAIN], "axes.prop_cycle": colors})
    warnings.filterwarnings("error", message=MISSING)
    return font


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG, PDF and PNG (300 dpi); equal figures give equal bytes.

    Nothing is written before all three are made, and each file is whole or as it was.

    Args:
        figure: what was drawn after `use_cjk`.
        path: where to, without a suffix; folders are made.

    Raises:
        UsageError: no installed font has one of the signs, or the place cannot be written.
    """
    made = {path.with_name(f"{path.name}.{form}"): _drawn(figure, form) for form in FORMATS}
    path.parent.mkdir(parents=True, exist_ok=True)
    for place, data in made.items():
        write_file(place, [data])


def _drawn(figure: Figure, form: str) -> bytes:
    """Give a figure in a format.

    Raises:
        UsageError: no font has one of the signs.
    """
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=MISSING)
        try:
            metadata = UNDATED[form] | {"Title": _title(figure)}
            figure.savefig(out, format=form, dpi=RESOLUTION, metadata=metadata)
        except UserWarning as warning:
            if not re.match(MISSING, str(warning)):
                raise
            raise _no_glyph(str(warning)) from warning
    data = out.getvalue()
    return _for_any_machine(data) if form == "svg" else data


def _title(figure: Figure) -> str:
    """Give what a figure is called: what stands above it, else above its first part."""
    titles = (axes.get_title(side) for axes in figure.axes for side in ("left", "center"))
    return figure.get_suptitle() or next(filter(None, titles), "")


def _no_glyph(warning: str) -> UsageError:
    found = GLYPH.search(warning)
    sign = f"{chr(int(found[1]))!r} (U+{int(found[1]):04X})" if found else "?"
    return UsageError(
        f"图中的字符 {sign} 没有字体可用：换一种字体（kg.plotting.use_cjk）或换一个字符",
        f"no font has the sign {sign} of the figure: use another font (kg.plotting.use_cjk) or "
        "another sign",
    )


def _for_any_machine(svg: bytes) -> bytes:
    """Name all fonts with Chinese in an SVG, since who opens it may have another one."""
    families = ", ".join(f"'{name}'" for name in FONTS)
    return FAMILY.sub(f"{families}, '{PLAIN}', sans-serif".encode(), svg)


def caption(figure: Figure, *lines: str) -> None:
    """Write small lines below a figure: what it shows, its source, its release."""
    below = ScaledTranslation(6 / 72, -6 / 72, figure.dpi_scale_trans)
    style: dict[str, Any] = {"fontsize": 7.5, "color": "#444444", "linespacing": 1.5}
    figure.text(0, 0, "\n".join(lines), va="top", transform=figure.transFigure + below, **style)
