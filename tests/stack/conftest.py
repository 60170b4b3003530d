"""Copies of this checkout in which the real runner runs, and a look at what it leaves behind.

These tests take minutes, so they run only when asked for: `pytest -m slow_stack` (see .ci/run).
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stack.checkout import ROOT, Checkout

MARKER = "slow_stack"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave these tests out unless a marker was asked for."""
    if config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker(MARKER)]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that other accounts may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="stack-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def make_checkout(open_folder: Path) -> Iterator[Callable[..., Checkout]]:
    """Make a copy of what git has and would take, in a folder of that name."""
    made: list[Checkout] = []

    def make(name: str = "checkout") -> Checkout:
        checkout = Checkout(_copied(open_folder / name))
        made.append(checkout)
        return checkout

    yield make
    for checkout in made:
        checkout.end()


@pytest.fixture
def checkout(make_checkout: Callable[..., Checkout]) -> Checkout:
    """One such copy."""
    return make_checkout()


def _copied(folder: Path) -> Path:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, check=True, cwd=ROOT, capture_output=True).stdout
    for name in filter(None, map(os.fsdecode, names.split(b"\0"))):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    # The packages are shared: nothing is installed twice.
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder
