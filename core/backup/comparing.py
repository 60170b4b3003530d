"""Two inventories, and what differs between them."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.backup.inventory import Inventory


def differences(saved: Inventory, found: Inventory, *, left_out: str = "") -> list[str]:
    """A line for each difference. `left_out`: the table that was restored without its rows on purpose."""
    expected = dict(saved["tables"])
    if left_out in expected:
        expected[left_out] = {"rows": 0, "checksum": "0"}
    lines = list(_tables(expected, found["tables"]))
    lines += _sequences(saved["sequences"], found["sequences"])
    for kind in sorted({*saved["objects"], *found["objects"]}):
        lines += _objects(kind, saved["objects"].get(kind, {}), found["objects"].get(kind, {}))
    return lines


def _tables(saved: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*saved, *found}):
        if name not in found:
            yield f"table {name}: missing"
        elif name not in saved:
            yield f"table {name}: not in the backup"
        elif saved[name]["rows"] != found[name]["rows"]:
            yield f"table {name}: {found[name]['rows']} rows instead of {saved[name]['rows']}"
        elif saved[name] != found[name]:
            yield f"table {name}: as many rows, but not the same ones"


def _sequences(saved: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """A sequence goes on while a backup is made: its value lies between those before and after it."""
    for name in sorted({*saved, *found}):
        if name not in found or name not in saved:
            yield f"sequence {name}: {'missing' if name in saved else 'not in the backup'}"
        elif not saved[name]["before"] <= found[name] <= saved[name]["after"]:
            yield f"sequence {name}: stands at {found[name][0]} instead of {saved[name]['after'][0]}"


def _objects(kind: str, saved: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*saved, *found}):
        if name not in found:
            yield f"{kind} {name}: missing"
        elif name not in saved:
            yield f"{kind} {name}: not in the backup"
        elif saved[name] != found[name]:
            yield f"{kind} {name}: {_first_change(saved[name], found[name])}"


def _first_change(saved: str, found: str) -> str:
    old, new = saved.splitlines(), found.splitlines()
    gone = [f"“{line.strip()}” is gone" for line in old if line not in new]
    added = [f"“{line.strip()}” is new" for line in new if line not in old]
    return ", ".join(gone[:2] + added[:2]) or "another order"
