"""Children, sponsors and what is written about them, in the workbook."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy

from core.leaks import CannotCheck
from core.workbook.columns import (
    Choice,
    Code,
    Currency,
    Day,
    FirstDay,
    LastDay,
    LongText,
    Moment,
    Month,
    Note,
    OwnCode,
    Reconstructed,
    Sealed,
    Values,
)
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from foster import services
from foster.enums import UpdateState
from foster.models import (
    Child,
    ChildStatus,
    ChildUpdate,
    Due,
    Pause,
    SchoolTerm,
    Sponsor,
    Sponsorship,
    SponsorshipRate,
)

_ABOVE_ZERO = gettext_lazy("It must be above zero.")


class Children(Sheet):
    title = gettext_lazy("Children")
    about = gettext_lazy(
        "By code. The name for sponsors is an invented one; real name, family and note are sealed."
    )
    model = Child
    columns = (
        "code",
        "called",
        "birth_year",
        "sex",
        "origin",
        "shelter",
        "likes",
        Sealed("real_name", gettext_lazy("real name")),
        Sealed(
            "spellings",
            gettext_lazy("other spellings"),
            gettext_lazy("of the name: kana, hangul, hanzi, Latin letters; one a line; sealed"),
        ),
        Sealed("family", gettext_lazy("family")),
        Sealed("note", gettext_lazy("note")),
    )
    refusals = (*Sheet.refusals, services.NotSafe, CannotCheck)

    @transaction.atomic
    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        """Sponsors read the name for them and the likes: the leak guard stands in this way out too."""
        saved = super().save(by=by, record=record, values=values, reason=reason, row=row)
        if {"called", "likes"} & set(values):
            services.refuse_leaks_of_child(by=by, child=saved)  # type: ignore[arg-type]
        return saved

    def blame(self, trouble: Exception) -> str:
        return "likes" if isinstance(trouble, services.NotSafe | CannotCheck) else ""


class ChildStatuses(Sheet):
    title = gettext_lazy("Child statuses")
    about = gettext_lazy("What became of a child, and since when. Lost and in care again is normal.")
    model = ChildStatus
    key = ("child", "since", "state")
    columns = ("child", "since", "state", "reason")


class SchoolTerms(Sheet):
    title = gettext_lazy("School terms")
    about = gettext_lazy("A half term of shelter and schooling paid for a child.")
    model = SchoolTerm
    key = ("child", "school_year", "half")
    columns = (
        "child",
        "school_year",
        "half",
        "funded_on",
        "amount",
        Currency("currency"),
        Reconstructed("note"),
        Note("note"),
    )
    rules = {"school_term_amount_positive": ("amount", _ABOVE_ZERO)}


class Sponsors(Sheet):
    title = gettext_lazy("Sponsors")
    about = gettext_lazy("Who corresponds. Who pays is the donor, who logs in the person; they may differ.")
    model = Sponsor
    columns = ("code", "name", "donor", "user", "email", "language", "no_reminders_since")


class Sponsorships(Sheet):
    title = gettext_lazy("Sponsorships")
    model = Sponsorship
    columns = (
        "code",
        "sponsor",
        "child",
        "started_on",
        "ended_on",
        "end_reason",
        OwnCode("replaced_by"),
    )


class SponsorshipRates(Sheet):
    title = gettext_lazy("Sponsorship rates")
    about = gettext_lazy("The amount a month, from a month on.")
    model = SponsorshipRate
    key = ("sponsorship", "from_month")
    columns = ("sponsorship", Month("from_month"), "amount", Currency("currency"))
    rules = {"sponsorship_rate_positive": ("amount", _ABOVE_ZERO)}


class Pauses(Sheet):
    title = gettext_lazy("Pauses")
    model = Pause
    key = ("sponsorship", "days.first")
    columns = (
        "sponsorship",
        FirstDay("days", gettext_lazy("first day")),
        LastDay(
            "days",
            gettext_lazy("last day"),
            gettext_lazy("the last day without dues; empty: until further notice"),
            inside=True,
        ),
        "reason",
    )


class Dues(Sheet):
    title = gettext_lazy("Dues")
    about = gettext_lazy(
        "What sponsorships owed in the months before you began here. Without them earlier payments would "
        "count for the months to come; later dues are made by the monthly reminders."
    )
    model = Due
    key = ("sponsorship", "month")
    columns = ("sponsorship", Month("month"), "amount", Currency("currency"))
    rules = {"due_positive": ("amount", _ABOVE_ZERO)}


class Updates(Sheet):
    title = gettext_lazy("Updates")
    about = gettext_lazy("News of a child. Photos are added in the app.")
    model = ChildUpdate
    key = ("child", "written_on", "title")
    columns = (
        "child",
        Day("written_on", past=True),
        "title",
        LongText("text"),
        "title_ja",
        LongText("text_ja"),
        Code("author", help=gettext_lazy("e-mail address of a person; empty: who imports"), keeps=True),
        Code(
            "cleared_by",
            help=gettext_lazy("e-mail address of a second person; needed before it is published"),
        ),
        Moment("published_at"),
        Choice("state", keeps=True),
    )
    rules = {
        "update_published_only_when_cleared": (
            "cleared_by",
            gettext_lazy("A published update needs who cleared it and the day it was published."),
        )
    }

    def complete(self, draft: Values, row: Row) -> None:
        """Without a state in the sheet, an update with a day of publication is published."""
        if "state" not in row.values and draft.get("published_at"):
            draft["state"] = UpdateState.PUBLISHED

    refusals = (*Sheet.refusals, services.NotSafe, CannotCheck)

    @transaction.atomic
    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        """A published update reaches sponsors by this way too, and the leak guard stands in it."""
        if record._state.adding:
            values = {"author": by} | values
        saved = super().save(by=by, record=record, values=values, reason=reason, row=row)
        if saved.state == UpdateState.PUBLISHED:  # type: ignore[attr-defined]
            services.refuse_leaks(by=by, update=saved)  # type: ignore[arg-type]
        return saved

    def blame(self, trouble: Exception) -> str:
        return "text" if isinstance(trouble, services.NotSafe | CannotCheck) else ""
