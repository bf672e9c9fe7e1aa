"""A real browser without a window, for tests of pages: Chromium, driven by puppeteer-core."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from node_packages import program

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["DRIVER", "NARROW", "WIDE", "Browser"]

DRIVER: Final = Path(__file__).parent / "exports" / "browser"
"""What drives Chromium, and the packages that it needs."""

WIDE: Final = (1280, 800)
NARROW: Final = (390, 844)
"""Pixels across and down, of a screen and of a phone."""


class Browser:
    """A browser that shows one page at a time."""

    def __init__(self, packages: Path, folder: Path) -> None:
        """Start it.

        Args:
            packages: where those of `DRIVER` are installed.
            folder: for its profile and downloads.
        """
        script = packages / f"drive-{os.getpid()}.mjs"  # beside node_modules, where node looks
        shutil.copyfile(DRIVER / "drive.mjs", script)
        chromium = program("chromium", "chromium-browser", "google-chrome")
        self.script = script
        self.process = subprocess.Popen(
            [program("node"), script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "CHROMIUM": chromium, "FOLDER": str(folder)},
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the browser."""
        self.process.communicate()
        self.script.unlink()

    def do(self, command: str, **given: object) -> Any:  # noqa: ANN401 -- what the page gives
        """Let the driver do something, and give its answer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps({'command': command, **given})}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the browser is gone (node ended with {self.process.poll()})"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def open(
        self,
        page: Path,
        address: str = "",
        size: tuple[int, int] = WIDE,
        *,
        language: str = "zh-CN",
        still: bool = True,
    ) -> None:
        """Open a page from the disk.

        Args:
            page: an HTML file.
            address: what stands behind the `#`.
            size: `WIDE` or `NARROW`.
            language: of the browser.
            still: its user wants no movement.
        """
        url = page.as_uri() + (f"#{address}" if address else "")
        self.do("open", url=url, width=size[0], height=size[1], language=language, still=still)

    def evaluate(self, code: str) -> Any:  # noqa: ANN401 -- what the page gives
        """Give the value of an expression within the page."""
        return self.do("evaluate", code=code)

    def wait(self, code: str) -> None:
        """Wait until an expression is true."""
        self.do("wait", code=code)

    def texts(self, selector: str) -> list[str]:
        """Give the text of every element that a selector finds."""
        code = f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.textContent)"
        found: list[str] = self.evaluate(code)
        return found

    def text(self, selector: str) -> str:
        """Give the text of the one element that a selector finds."""
        (found,) = self.texts(selector)
        return found

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.do("click", selector=selector)

    def type(self, text: str) -> None:
        """Write a text where the focus is."""
        self.do("type", text=text)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.do("press", key=key)

    def download(self, selector: str) -> Path:
        """Click on an element that gives a file, and give the file."""
        return Path(self.do("download", selector=selector))

    def heard(self) -> list[str]:
        """Give what the page has said on its console or asked of the network."""
        found: list[str] = self.do("heard")
        return found
