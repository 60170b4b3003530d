"""Which browser the journeys run in, looked for once a run; and how many journeys found none.

With several workers the controller looks, hands on what it found and counts what came back.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from scripts.browser import find_chromium

Chromium = tuple[str, dict[str, str]] | None
CHROMIUM = pytest.StashKey[Chromium]()
NOT_RUN = pytest.StashKey[int]()
HERE = Path(__file__).parent / "browser"
# What passes between controller and worker.
FOUND, COUNT = "chromium", "journeys_not_run"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Look for a browser when there are journeys to run; skip them all when there is none."""
    journeys = [item for item in items if HERE in item.path.parents]
    if not journeys or config.option.collectonly:
        return
    handed_on = getattr(config, "workerinput", {})
    config.stash[CHROMIUM] = handed_on[FOUND] if FOUND in handed_on else find_chromium()
    if config.stash[CHROMIUM] is None:
        config.stash[NOT_RUN] = len(journeys)
        for item in journeys:
            item.add_marker(pytest.mark.skip(reason="no browser"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Each worker gets what was found; it is fetched by one process alone."""
    if CHROMIUM not in node.config.stash:
        node.config.stash[CHROMIUM] = find_chromium()
    node.workerinput[FOUND] = node.config.stash[CHROMIUM]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker collected all of them, so one worker's count is the count."""
    if count := getattr(node, "workeroutput", {}).get(COUNT):
        node.config.stash[NOT_RUN] = count


@pytest.hookimpl(tryfirst=True)  # before a worker's answer is sent
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything must be run, a missing browser is a failure."""
    count = session.config.stash.get(NOT_RUN, 0)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[COUNT] = count
    elif count and _in_ci() and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the very last line how many journeys were not run."""
    if (count := config.stash.get(NOT_RUN, 0)) and not hasattr(config, "workeroutput"):
        outcome = "With CI=true that is a failure." if _in_ci() else "Set CHROMIUM=… to run them."
        print(f"No browser could be found or fetched: {count} browser tests NOT RUN. {outcome}")


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")
