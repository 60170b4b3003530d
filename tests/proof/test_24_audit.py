"""Test 24, second part: the audit of what we install is red, green or skipped, and never falsely green.

The real pip-audit asks a service on this machine that speaks the protocol of the real ones.
"""

import json
import socket
import sys
from datetime import date, timedelta

import pytest

from scripts.audit import advisories, licences, locks
from scripts.audit.__main__ import audit_advisories, audit_licences, audit_locks
from scripts.audit.advisories import Answer, Hole, Service, judge, judge_service
from scripts.audit.locks import Locked
from scripts.rules.source import ROOT
from tests.proof import scale
from tests.proof.advisories import service

TODAY = date(2026, 11, 25)
LOCKED = locks.read(ROOT / "requirements" / "test.lock")
CANARY = {"urllib3": ["PYSEC-2019-133"]}
SKIPPED = "advisories: skipped: no advisory service could be reached\n"


@pytest.fixture
def audit(monkeypatch, capsys):
    """`audit(address)`: whether it is red, and what it printed, with the service at this address."""

    def run(
        address: str, locked=LOCKED[:12], *, required=False, program=advisories.PROGRAM
    ) -> tuple[bool, str]:
        monkeypatch.setenv("PIP_AUDIT_VULNERABILITY_SERVICE", "osv")
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", address)
        red = audit_advisories(locked, today=TODAY, required=required, program=program)
        return red, capsys.readouterr().out

    return run


@pytest.fixture
def nobody() -> str:
    """An address of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


def says(answer: str, code: int = 0, errors: str = "") -> tuple[str, ...]:
    """A program that prints this, whatever it is asked, in the place of pip-audit."""
    return (
        sys.executable,
        "-c",
        f"import sys; print({answer!r}); print({errors!r}, file=sys.stderr); sys.exit({code})",
    )


# --- the real program, a service that answers ------------------------------------------------------------


def test_without_a_known_hole_it_is_green_and_every_locked_package_was_asked_about(audit, tally):
    with service(CANARY) as (address, asked):
        red, said = audit(address, [p for p in LOCKED if p.name != "urllib3"])
    assert (red, said) == (
        False,
        f"advisories: {len(LOCKED) - 1} packages audited, no known hole without an exception\n",
    )
    assert asked[0] == "urllib3"
    assert sorted(asked[1:]) == sorted(package.name for package in LOCKED if package.name != "urllib3")
    tally(f"test 24: {len(asked) - 1} locked packages asked about, markers and other systems included")


def test_a_package_with_a_known_hole_is_red(audit):
    name = LOCKED[3].name
    with service(CANARY | {name: ["CVE-2026-1"]}) as (address, _asked):
        red, said = audit(address)
    assert red
    assert said == f"advisories: FAULT: {name} {LOCKED[3].version}: CVE-2026-1, mended in 99.1\n"


def test_a_service_that_knows_no_hole_of_the_package_full_of_them_is_red(audit):
    with service({}) as (address, _asked):
        red, said = audit(address)
    assert red
    assert "knows no hole of a package that is full of them" in said


@pytest.mark.parametrize("status", [404, 500, 403, 429, 503][: scale.of(5, 2)])
def test_a_service_that_is_reached_and_fails_is_red(audit, status):
    with service(CANARY, status=status) as (address, _asked):
        red, said = audit(address)
    assert red
    assert "was reached and gave no answer" in said


def test_a_service_that_fails_after_the_first_question_is_red(audit):
    answer = json.dumps({"dependencies": [{"name": "urllib3", "version": "1.24.1", "vulns": [{"id": "X"}]}]})
    program = (
        sys.executable,
        "-c",
        f"import sys; sys.exit('the service is away') if '--strict' in sys.argv else print({answer!r})",
    )
    red, said = audit("http://127.0.0.1:9/", program=program)
    assert red
    assert "gave no answer" in said
    assert "the service is away" in said


# --- nobody there ----------------------------------------------------------------------------------------


def test_where_nobody_answers_it_is_skipped_in_one_line(audit, nobody):
    assert audit(nobody) == (False, SKIPPED)


def test_where_an_answer_is_required_a_skip_is_red(audit, nobody):
    red, said = audit(nobody, required=True)
    assert red
    assert said == SKIPPED.replace("skipped", "FAULT: skipped")


def test_where_the_service_has_no_advisories_it_is_skipped(audit):
    """A mirror of packages alone: pip-audit says "could not be audited" and ends with 0, its false green."""
    skipped = {"name": "urllib3", "skip_reason": "Dependency not found and could not be audited"}
    assert audit("", program=says(json.dumps({"dependencies": [skipped]}))) == (False, SKIPPED)


def test_a_certificate_that_is_not_trusted_is_somebody_and_red():
    words = (
        "requests.exceptions.SSLError: Max retries exceeded (NewConnectionError, CERTIFICATE_VERIFY_FAILED)"
    )
    assert judge_service(Answer(1, None, words)) is Service.BROKEN
    assert (
        judge_service(Answer(1, None, "requests.exceptions.ConnectionError: refused")) is Service.UNREACHABLE
    )
    assert judge_service(Answer(2, None, "usage: pip-audit [-h]")) is Service.BROKEN


# --- what it answered ------------------------------------------------------------------------------------

TWO = [Locked("alpha", "1.0", ""), Locked("beta", "2.0", "")]
CLEAN = [{"name": "alpha", "version": "1.0", "vulns": []}, {"name": "beta", "version": "2.0", "vulns": []}]
HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-9"], "fix_versions": []}
HOLED = [CLEAN[0], CLEAN[1] | {"vulns": [HOLE]}]
EXCUSED = Hole("CVE-2026-9", "beta", "not reachable from any page", TODAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("packages", "code", "exceptions", "faults"),
    [
        (CLEAN, 0, [], []),
        (HOLED, 1, [], ["beta 2.0: PYSEC-2026-1, mended in no version yet"]),
        (HOLED, 0, [], ["beta 2.0: PYSEC-2026-1, mended in no version yet"]),
        (HOLED, 1, [EXCUSED], []),
        (CLEAN, 0, [EXCUSED], ["the exception CVE-2026-9 for beta fits nothing any more: remove it"]),
        (CLEAN[:1], 0, [], ["beta 2.0 could not be audited"]),
        ([], 0, [], ["alpha 1.0 could not be audited", "beta 2.0 could not be audited"]),
        ([CLEAN[0], {"name": "beta", "skip_reason": "not found"}], 0, [], ["beta 2.0 could not be audited"]),
        ([CLEAN[0], CLEAN[1] | {"version": "1.9"}], 0, [], ["beta 2.0 could not be audited"]),
        (CLEAN, 1, [], ["pip-audit ended with 1: ['odd']"]),
        (None, 0, [], ["pip-audit gave no answer: ['odd']"]),
    ],
)
def test_it_is_green_only_when_every_package_was_answered_for(packages, code, exceptions, faults):
    assert judge(Answer(code, packages, "something\nodd"), TWO, exceptions) == faults


@pytest.mark.parametrize(
    ("hole", "fault"),
    [
        (EXCUSED, None),
        (EXCUSED._replace(reason="later"), "says no reason"),
        (EXCUSED._replace(until=TODAY - timedelta(days=1)), "ended on"),
        (EXCUSED._replace(until=TODAY + timedelta(days=91)), "more than 90 days"),
    ],
)
def test_an_exception_has_a_reason_and_an_end(hole, fault):
    found = advisories.faults_of_exceptions([hole], today=TODAY)
    assert [bool(fault and fault in sentence) for sentence in found] == ([True] if fault else [])


def test_the_exceptions_of_today_are_in_order():
    assert isinstance(advisories.read_exceptions(), list)


# --- locks and licences ----------------------------------------------------------------------------------

GOOD = f"alpha==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{'0' * 64}\n    # via beta\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD, None),
        (GOOD + "beta==2.0\n", "not pinned by hash: beta==2.0"),
        (GOOD + "beta>=2.0 --hash=sha256:" + "0" * 64, "not pinned by hash: beta>=2.0"),
        (GOOD + "beta==2.0 --hash=md5:" + "0" * 32, "not pinned by hash: beta==2.0"),
        (GOOD + "beta @ file:///tmp/beta.whl\n", "holds an address"),
        (GOOD + "--index-url x\n", "not pinned by hash: --index-url"),
        (GOOD + "-e ../beta\n", "not pinned by hash: -e"),
        (GOOD + "# from https://example.org/simple\n", "holds an address: https"),
        (GOOD + GOOD, "alpha stands there twice"),
        ("# nothing\n", "holds no package"),
    ],
)
def test_a_lock_holds_names_versions_and_hashes_alone(tmp_path, text, fault):
    lock = tmp_path / "x.lock"
    lock.write_text(text)
    found = locks.faults(lock)
    assert (found == []) is (fault is None)
    assert fault is None or any(fault in sentence for sentence in found)


def test_our_locks_are_in_order_and_the_audited_one_holds_the_others(tally):
    assert len(locks.LOCKS) == 3
    assert audit_locks() is False
    everything = set(LOCKED)
    assert [path.name for path in locks.LOCKS if not set(locks.read(path)) <= everything] == []
    tally(f"test 24: {len(everything)} locked packages, each with its hashes; 0 addresses")


@pytest.mark.parametrize(
    ("words", "shipped", "does"),
    [
        ("MIT", True, True),
        ("BSD-3-Clause AND CC0-1.0", True, True),
        ("Apache-2.0 OR GPL-3.0-or-later", True, True),
        ("LGPL with exceptions", True, True),
        ("GNU Library or Lesser General Public License (LGPL)", True, True),
        ("GPL-3.0", True, False),
        ("GPL-3.0", False, True),
        ("GNU General Public License v3 (GPLv3)", True, False),
        ("AGPL-3.0-only", False, False),
        ("GNU Affero General Public License v3", False, False),
        ("MIT AND AGPL-3.0", False, False),
        ("SSPL-1.0", False, False),
        ("Business Source License 1.1", False, False),
        ("Proprietary", False, False),
        ("MIT AND Proprietary", True, False),
        ("", False, False),
    ],
)
def test_a_licence_is_of_the_list(words, shipped, does):
    assert (licences.fault("alpha", words, shipped=shipped) is None) is does


def test_every_installed_package_has_a_licence_of_the_list(tally):
    shipped = {package.name for package in locks.read(ROOT / "requirements" / "base.lock")}
    assert audit_licences(LOCKED, shipped) is False
    counted, faults = licences.faults([package.name for package in LOCKED], shipped)
    assert faults == []
    assert counted >= len(shipped)
    tally(f"test 24: {counted} licences read, 0 outside the list")
