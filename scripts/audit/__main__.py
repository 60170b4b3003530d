"""`python -m scripts.audit [--required]`: locks, licences, advisories, a line each; ends with 1 on a fault.

Where no advisory service can be reached, the third line says "skipped" and the end is 0; with --required
that is a fault too.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime

from scripts.audit import advisories, licences, locks
from scripts.audit.advisories import PROGRAM, Service
from scripts.audit.locks import Locked

BROKEN = {
    Service.BLIND: "the advisory service answers, but knows no hole of a package that is full of them",
    Service.BROKEN: "the advisory service was reached and gave no answer that can be read",
}


def told(name: str, done: str, faults: Sequence[str]) -> bool:
    """Print one line, or a line a fault; whether there was any."""
    for fault in faults:
        print(f"{name}: FAULT: {fault}")
    if not faults:
        print(f"{name}: {done}")
    return bool(faults)


def audit_locks() -> bool:
    faults = [fault for path in locks.LOCKS for fault in locks.faults(path)]
    packages = {locked for path in locks.LOCKS for locked in locks.read(path)}
    return told("locks", f"{len(packages)} packages, each by its hash, from no address", faults)


def audit_licences(locked: Sequence[Locked], shipped: set[str]) -> bool:
    counted, faults = licences.faults([package.name for package in locked], shipped)
    return told("licences", f"{counted} installed packages, all of the list", faults)


def audit_advisories(
    locked: Sequence[Locked], *, today: date, required: bool, program: Sequence[str] = PROGRAM
) -> bool:
    exceptions = advisories.read_exceptions()
    faults = advisories.faults_of_exceptions(exceptions, today=today)
    service = advisories.ask_whether_reachable(program)
    if service in BROKEN:
        return told("advisories", "", [*faults, BROKEN[service]])
    if service is Service.UNREACHABLE:
        skipped = "skipped: no advisory service could be reached"
        return told("advisories", skipped, [*faults, *([skipped] if required else [])])
    faults += advisories.judge(advisories.ask_about(locked, program), locked, exceptions)
    return told("advisories", f"{len(locked)} packages audited, no known hole without an exception", faults)


def main(arguments: Sequence[str]) -> int:
    if set(arguments) - {"--required"}:
        raise SystemExit("usage: python -m scripts.audit [--required]")
    everything = locks.read(locks.ROOT / "requirements" / "test.lock")
    shipped = {package.name for package in locks.read(locks.ROOT / "requirements" / "base.lock")}
    faulty = [
        audit_locks(),
        audit_licences(everything, shipped),
        audit_advisories(everything, today=datetime.now(UTC).date(), required="--required" in arguments),
    ]
    return 1 if any(faulty) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
