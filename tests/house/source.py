"""The reader of the static rules: the tests about the code itself look through the same eyes."""

from scripts.rules.source import APPS, HOUSE, ROOT, calls, dotted, files, functions, place, rooms, tree

__all__ = ["APPS", "HOUSE", "ROOT", "calls", "dotted", "files", "functions", "place", "rooms", "tree"]
