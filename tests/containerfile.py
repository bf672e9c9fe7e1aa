"""Reads deploy/Containerfile, and runs it stage by stage in folders, for tests without an engine.

Each stage is a folder, and what begins with / in an instruction lies in it. The programs `python`,
`pip` and `node` are this machine's in place of the base images'; all else runs as it is written.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["FILE", "Instruction", "Machine", "Stage", "instructions", "is_seen", "seen", "stages"]

ROOT: Final = Path(__file__).parents[1]
FILE: Final = ROOT / "deploy" / "Containerfile"

PATIENCE: Final = 600
"""Seconds that one instruction may take: packages may have to be downloaded."""


@dataclass(frozen=True)
class Instruction:
    """A word such as RUN, its `--name=value` flags, and the rest of its line."""

    word: str
    flags: dict[str, str]
    rest: str


def instructions() -> list[Instruction]:
    """Give the instructions, each on one line and without comments."""
    text = re.sub(r"^\s*#.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", "", text).split("\n") if line.strip()]
    return [_instruction(line) for line in lines]


def _instruction(line: str) -> Instruction:
    word, _, rest = line.partition(" ")
    flags: dict[str, str] = {}
    while match := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    return Instruction(word, flags, rest.strip())


@dataclass
class Stage:
    """What lies between two FROM: its base and name, its instructions, what is set at its end."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that ENV sets."""
        told = [shlex.split(i.rest) for i in self.instructions if i.word == "ENV"]
        return dict(pair.split("=", 1) for pairs in told for pair in pairs)

    def last(self, word: str) -> str:
        """Give what the last instruction of a word says."""
        return [i.rest for i in self.instructions if i.word == word][-1]

    def command(self, word: str) -> list[str]:
        """Give a command that is written as a list in JSON."""
        found: list[str] = json.loads(self.last(word).removeprefix("CMD "))
        return found


def stages() -> list[Stage]:
    """Give the stages in their order."""
    found: list[Stage] = []
    for instruction in instructions():
        if instruction.word == "FROM":
            base, _, name = instruction.rest.partition(" AS ")
            found.append(Stage(base, name))
        elif found:
            found[-1].instructions.append(instruction)
    return found


# --- what the build sees ------------------------------------------------------------------------


def is_seen(path: str) -> bool:
    """Tell whether a build sees a file of the repository, by Containerfile.dockerignore.

    The last line that fits decides (https://docs.docker.com/build/concepts/context/).
    """
    seen_ = True
    for line in FILE.with_name(f"{FILE.name}.dockerignore").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        parents = [path, *(parent.as_posix() for parent in Path(path).parents)]
        if any(_fits(parent, pattern) for parent in parents):
            seen_ = line.startswith("!")
    return seen_


def _fits(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatchcase(path.rpartition("/")[2], pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch.fnmatchcase(path, pattern)


def seen() -> list[str]:
    """Give the files of the repository that a build sees, those in git or about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    names = listed.stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).is_file() and is_seen(name)]


# --- running ------------------------------------------------------------------------------------


@dataclass
class Machine:
    """Runs the instructions of a stage in a folder."""

    stage: Stage
    folder: Path
    others: dict[str, Path]
    workdir: str = "/"

    def place(self, text: str) -> str:
        """Give a text with the paths of the image as they are on this machine."""
        return re.sub(r"(?<![\w./])/(?=(?:opt|src)\b)", f"{self.folder}/", text)

    def run(self) -> None:
        """Run all instructions that make files."""
        for instruction in self.stage.instructions:
            if instruction.word == "WORKDIR":
                self.workdir = instruction.rest
                self._here("").mkdir(parents=True, exist_ok=True)
            elif instruction.word == "COPY":
                *sources, target = instruction.rest.split()
                for source in sources:
                    self._copy(source, target, instruction.flags.get("from"))
            elif instruction.word == "RUN":
                self._execute(instruction.rest)

    def _here(self, path: str) -> Path:
        return self.folder / (Path(self.workdir) / path).relative_to("/")

    def _copy(self, source: str, target: str, stage: str | None) -> None:
        to = self._here(target)
        if stage is not None:
            shutil.copytree(self.others[stage] / source.lstrip("/"), to, symlinks=True)
            return
        found = [name for name in seen() if name == source or name.startswith(f"{source}/")]
        assert found, f"COPY {source}: nothing of the repository"
        for name in found:
            within = Path(name).relative_to(source)
            if source == name:
                path = to / Path(name).name if target.endswith("/") else to
            else:
                path = to / within
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path)

    @property
    def environment(self) -> dict[str, str]:
        """What the stage sets, with the paths of this machine."""
        return {name: self.place(value) for name, value in self.stage.environment.items()}

    def _execute(self, command: str) -> None:
        here = Path(sys.executable).parent
        path = f"{here}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, **self.environment}
        environment.pop("PIP_NO_CACHE_DIR", None)  # a cache changes nothing but the time
        done = subprocess.run(
            ["/bin/sh", "-c", self.place(command)],
            check=False,
            capture_output=True,
            cwd=self._here(""),
            env=environment,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{command}\n{(done.stdout + done.stderr).decode()}"
