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
    """One such copy, in which nothing ever ran."""
    return make_checkout()


@pytest.fixture(scope="session")
def first_start() -> Iterator[Path]:
    """The data of a checkout after its first start: the sample is loaded, all servers have ended."""
    with tempfile.TemporaryDirectory(prefix="stack-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        checkout = Checkout(_copied(Path(name) / "first"))
        made = checkout.run("manage.py", "prepare_stack")
        assert made.returncode == 0, made.stderr
        checkout.wait_until_empty(6)
        yield checkout.path / ".local"
        checkout.end()


@pytest.fixture
def make_used_checkout(make_checkout: Callable[..., Checkout], first_start: Path) -> Callable[..., Checkout]:
    """Like `make_checkout`, with the data of a first start: the next one takes seconds."""

    def make(name: str = "checkout") -> Checkout:
        checkout = make_checkout(name)
        # The owner of the database's files stays who he is, which shutil cannot do.
        subprocess.run(["cp", "-a", first_start, checkout.path / ".local"], check=True)
        return checkout

    return make


@pytest.fixture
def used_checkout(make_used_checkout: Callable[..., Checkout]) -> Checkout:
    """One such copy."""
    return make_used_checkout()


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
