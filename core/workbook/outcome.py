"""What came of an import."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workbook.problems import Problem


@dataclass
class Tally:
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        values = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        return _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged") % values


@dataclass
class Outcome:
    """What an import did, or, when there are problems, would have stumbled over."""

    tallies: dict[str, Tally] = field(default_factory=dict)  # title of the sheet → counts
    problems: list[Problem] = field(default_factory=list)
    unchecked: int = 0  # rows that lean on a row with an error

    @property
    def is_clean(self) -> bool:
        return not self.problems

    @property
    def written(self) -> int:
        return sum(tally.new + tally.changed for tally in self.tallies.values())

    def lines(self) -> list[str]:
        """A line a sheet."""
        return [f"{title}: {tally}" for title, tally in self.tallies.items()]

    def unchecked_sentence(self) -> str:
        """Empty when every row was checked."""
        if not self.unchecked:
            return ""
        return ngettext(
            "%(n)s further row leans on these and was not checked yet.",
            "%(n)s further rows lean on these and were not checked yet.",
            self.unchecked,
        ) % {"n": self.unchecked}

    def total_sentence(self) -> str:
        """Of a file with problems."""
        return ngettext(
            "%(n)s error. Nothing was written. Mend it in the file and import it again.",
            "%(n)s errors. Nothing was written. Mend them in the file and import it again.",
            len(self.problems),
        ) % {"n": len(self.problems)}
