"""What is wrong with a file: every trouble with its place, as a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


class NotAWorkbook(Exception):
    """The file as a whole cannot be taken; the sentence says what to do."""


class NobodyThere(Exception):
    def __str__(self) -> str:
        return _("Nobody with the e-mail address %(email)s may log in.") % {"email": self.args[0]}


@dataclass(frozen=True)
class Problem:
    sheet: str
    sentence: str
    row: int | None = None
    column: str = ""  # the heading as it stands in the file
    letter: str = ""

    def __str__(self) -> str:
        values = {"sheet": self.sheet, "row": self.row, "column": self.column, "letter": self.letter}
        if self.row is None:
            where = _("Sheet “%(sheet)s”") % values
        elif not self.column:
            where = _("Sheet “%(sheet)s”, row %(row)s") % values
        elif not self.letter:
            where = _("Sheet “%(sheet)s”, row %(row)s, column “%(column)s”") % values
        else:
            where = _("Sheet “%(sheet)s”, row %(row)s, column “%(column)s” (%(letter)s)") % values
        return f"{where}: {self.sentence}"
