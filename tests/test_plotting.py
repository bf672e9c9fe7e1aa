"""Figures: a Chinese font or a clear error, no missing sign, equal bytes, whole files."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager

from kg import plotting
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure


@pytest.fixture(autouse=True)
def _apart() -> Iterator[None]:
    """Leave matplotlib as it was."""
    with mpl.rc_context():
        mpl.use("agg")
        yield
        plt.close("all")


def drawn(title: str = "一网通办") -> Figure:
    """Draw a small figure."""
    plotting.use_cjk()
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.bar(["上海", "江苏"], [-1, 2])
    axes.set_title(title)
    plotting.caption(figure, "来源：某", "发布版 x")
    return figure


def test_takes_the_first_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the fonts that are installed, the first of the list is used."""
    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["SimHei", "Noto Sans SC", "Arial"])
    assert plotting.use_cjk() == "Noto Sans SC"
    assert mpl.rcParams["font.family"][0] == "Noto Sans SC"


def test_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Chinese font there is an error in both languages, with the way out."""
    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["DejaVu Sans"])
    with pytest.raises(UsageError) as caught:
        plotting.use_cjk()
    for told in (caught.value.zh, caught.value.en):
        assert "apt-get install fonts-noto-cjk" in told
    assert "没有中文字体" in caught.value.zh


def test_no_matplotlib() -> None:
    """Without matplotlib the module says what to install."""
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from kg.errors import UsageError\n"
        "try:\n    import kg.plotting\n"
        "except UsageError as error:\n    print(error.en)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout == 'matplotlib is not installed: pip install -e ".[notebook]"\n'


def test_three_files(tmp_path: Path) -> None:
    """A figure is written as SVG, PDF and PNG; a dot in its name is none of a suffix."""
    plotting.save(drawn(), tmp_path / "new" / "fig.1")
    found = {path.name: path.read_bytes()[:5] for path in (tmp_path / "new").iterdir()}
    assert found == {"fig.1.svg": b"<?xml", "fig.1.pdf": b"%PDF-", "fig.1.png": b"\x89PNG\r"}


def test_equal_bytes(tmp_path: Path) -> None:
    """Equal figures give equal bytes, whatever the day."""
    plotting.save(drawn(), tmp_path / "one")
    plotting.save(drawn(), tmp_path / "two")
    for form in plotting.FORMATS:
        one, two = ((tmp_path / f"{name}.{form}").read_bytes() for name in ("one", "two"))
        assert one == two
    assert b"CreationDate" not in (tmp_path / "one.pdf").read_bytes()
    assert b"<dc:date>" not in (tmp_path / "one.svg").read_bytes()


@pytest.mark.parametrize("sign", ["\U000f0000", "\u0ff0"])
def test_missing_sign(tmp_path: Path, sign: str) -> None:
    """A sign that no font has is told by its code point, and nothing is written."""
    figure = drawn(f"一网{sign}")
    with pytest.raises(UsageError, match=f"U\\+{ord(sign):04X}"):
        plotting.save(figure, tmp_path / "figure")
    assert list(tmp_path.iterdir()) == []


def test_missing_sign_on_the_screen() -> None:
    """A figure that is only shown raises too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = drawn("一网\U000f0000")
        with pytest.raises(UserWarning, match="Glyph 983040"):
            figure.canvas.draw()


def test_rare_and_negative(tmp_path: Path) -> None:
    """A rare character, a minus and dollar signs are no trouble."""
    plotting.save(drawn("𠮷 − $一$"), tmp_path / "figure")
    svg = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert re.search(r"<text [^>]*>𠮷 − \$一\$</text>", svg)
    assert re.search(r"<text [^>]*>-1(\.0)?</text>", svg)  # the minus that every font has


def test_svg_names_fonts_of_other_machines(tmp_path: Path) -> None:
    """Texts of an SVG are texts, in any of the Chinese fonts that its reader may have."""
    plotting.save(drawn(), tmp_path / "figure")
    svg = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    texts = [line for line in svg.splitlines() if "<text" in line]
    assert len(texts) > 5
    assert all(f"'{font}'" in line for line in texts for font in plotting.FONTS)


def test_keeps_the_old_files(tmp_path: Path) -> None:
    """Where the new figure cannot be drawn, the files of the old one stay."""
    plotting.save(drawn(), tmp_path / "figure")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UsageError):
        plotting.save(drawn("\U000f0000"), tmp_path / "figure")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_fonts_are_embedded(tmp_path: Path) -> None:
    """The PDF brings along the Chinese font."""
    plotting.save(drawn(), tmp_path / "figure")
    command = ["pdffonts", str(tmp_path / "figure.pdf")]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    fonts = told.stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" and "Type 3" not in line for line in fonts)
