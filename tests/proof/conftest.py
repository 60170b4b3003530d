"""`tally` collects what a proof counted; the counts are printed at the end of the run."""

from collections.abc import Callable

import pytest

from tests.backups import backup_role, bare_machine, filled, identity, machine, saved  # noqa: F401
from tests.proof import scale

COUNTS = pytest.StashKey[list[str]]()


@pytest.fixture
def tally(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """`tally("test 10: 240 slots, 0 survived")`: a line of the closing table."""
    lines = pytestconfig.stash.setdefault(COUNTS, [])
    return lines.append


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    lines = config.stash.get(COUNTS, [])
    if lines and scale.WHOLE:
        terminalreporter.section("what was counted")
        for line in sorted(lines):
            terminalreporter.write_line(line)
