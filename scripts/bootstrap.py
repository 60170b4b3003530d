"""Fetch the one tool that installs the rest: prints the path of a pinned `uv`, nothing else.

Standard library only, for a machine that has Python and nothing more. Messages go to stderr.
"""

from __future__ import annotations  # so that an old Python gets as far as the sentence in main()

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "0.13.9"
# The wheels of Linux and macOS, x86-64 and arm64. Pinned here, because a hash served
# beside the file proves only that the transport worked.
HASHES = (
    "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",  # Linux x86-64
    "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",  # Linux arm64
    "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",  # macOS x86-64
    "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",  # macOS arm64
)
HOME = Path(__file__).resolve().parent.parent / ".uv"


def run(*command: str | Path) -> bool:
    """Whether the command ended with 0; what it prints goes to stderr, our stdout is the answer."""
    # A user's own `user = true` in pip's configuration would contradict --target.
    environment = {**os.environ, "PIP_USER": "0"}
    return subprocess.run(command, check=False, stdout=sys.stderr, env=environment).returncode == 0


def a_python_with_pip(work: Path) -> str | Path:
    """This interpreter, or one in a throw-away environment; SystemExit when neither has pip."""
    asked = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(asked, check=False, capture_output=True).returncode == 0:
        return sys.executable
    if run(sys.executable, "-m", "venv", work / "venv"):
        return work / "venv" / "bin" / "python"
    raise SystemExit(
        "This Python has neither pip nor venv: install one of them, "
        "for example with `apt install python3-venv` or `apt install python3-pip`, and try again."
    )


def fetch(target: Path) -> None:
    """Put uv at `target` in one step; SystemExit in one sentence when it cannot be had."""
    work = HOME / f"fetching-{os.getpid()}"
    work.mkdir(parents=True)
    try:
        wanted = work / "uv.txt"
        wanted.write_text(" ".join([f"uv=={VERSION}", *(f"--hash=sha256:{h}" for h in HASHES)]))
        options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes")
        calm = ("--disable-pip-version-check", "--root-user-action", "ignore")
        python = a_python_with_pip(work)
        put = ("--target", work / "pip", "--requirement", wanted)
        if not run(python, "-m", "pip", "install", *options, *calm, *put):
            raise SystemExit(f"uv {VERSION} could not be fetched: is a package index within reach?")
        program = work / "pip" / "bin" / "uv"
        program.chmod(0o755)
        os.replace(program, target)  # in one step: a cut download never leaves half a program
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main() -> None:
    """Print the path of uv, fetching it when it is not there yet."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older one is told so
        found = f"{sys.executable} is {sys.version.split()[0]}"
        raise SystemExit(f"Python 3.11 or newer is needed; {found}. Name one: make PYTHON=python3.13")
    target = HOME / f"uv-{VERSION}"
    if not target.exists():
        fetch(target)
    print(target)


if __name__ == "__main__":
    main()
