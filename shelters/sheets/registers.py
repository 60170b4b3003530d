"""Shelters and who stays there, in the workbook."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.services import save_record
from core.workbook.columns import Choice, Code, Day, FirstDay, LastDay, MadeBeside, Sealed, Values, YesNo
from core.workbook.lookups import Label
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from shelters.models import (
    HeadCount,
    Posting,
    RationRule,
    Resident,
    Shelter,
    ShelterStatus,
    Stay,
)
from supply.enums import PlaceKind
from supply.services import hold_ledger

_STORES: type[Model] = Shelter._meta.get_field("store").related_model  # type: ignore[assignment]


class Shelters(Sheet):
    title = gettext_lazy("Shelters")
    about = gettext_lazy("By code name. The store of a shelter is made with it.")
    model = Shelter
    columns = (
        "code",
        "kind",
        "region",
        Choice("time_zone", keeps=True),  # a workbook from before there were zones moves no shelter
        "capacity",
        "blocked_places",
        "opened_on",
        "closed_on",
        "disclosure",
        MadeBeside(
            "store",
            gettext_lazy("store"),
            gettext_lazy("code by which sheet Movements names its store; empty: the shelter's own code"),
        ),
        Sealed("address", gettext_lazy("address")),
        Sealed("map_point", gettext_lazy("map point")),
        Sealed("contact", gettext_lazy("contact")),
        Sealed(
            "spellings",
            gettext_lazy("other spellings"),
            gettext_lazy("of the code name in other scripts, one a line, for the leak guard; sealed"),
        ),
    )
    rules = {
        "shelter_closes_after_it_opens": ("closed_on", gettext_lazy("It cannot close before it opens.")),
        "shelter_blocks_at_most_its_places": (
            "blocked_places",
            gettext_lazy("More places are blocked than there are."),
        ),
    }

    def makes(self, values: Mapping[str, Any]) -> list[tuple[type[Model], Label]]:
        return [*super().makes(values), (_STORES, (None, values.get("store") or values["code"]))]

    def made_beside(self, record: Model) -> list[Model]:
        return [record.store]  # type: ignore[attr-defined]

    def begin(self) -> None:
        hold_ledger()  # before any shelter is held: in this order who sends or moves goods takes them

    @transaction.atomic
    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        if record._state.adding:
            code = values.get("store") or values["code"]
            values["store"] = save_record(
                by=by, record=_STORES(), action="supply.imported", reason=reason,
                code=code, name=values["code"], kind=PlaceKind.STORE,
            )  # fmt: skip
        return super().save(by=by, record=record, values=values, reason=reason, row=row)


class ShelterStatuses(Sheet):
    title = gettext_lazy("Shelter statuses")
    model = ShelterStatus
    key = ("shelter", "since", "state")
    columns = ("shelter", "since", "state", "reason")

    def begin(self) -> None:
        hold_ledger()  # as for shelters


class Postings(Sheet):
    title = gettext_lazy("Postings")
    about = gettext_lazy(
        "Who works at which shelter: field staff see the shelters they are posted to, no other."
    )
    model = Posting
    key = ("user", "shelter", "days.first")
    columns = (
        "user",
        "shelter",
        FirstDay("days", gettext_lazy("first day")),
        LastDay(
            "days",
            gettext_lazy("last day"),
            gettext_lazy("the last day still posted there; empty: until further notice"),
            inside=True,
        ),
    )


class Residents(Sheet):
    title = gettext_lazy("Residents")
    about = gettext_lazy("By code. Real name and note are sealed.")
    model = Resident
    columns = (
        "code",
        "birth_year",
        "sex",
        "origin",
        "needs",
        Sealed("real_name", gettext_lazy("real name")),
        Sealed("note", gettext_lazy("note")),
        Sealed(
            "spellings",
            gettext_lazy("other spellings"),
            gettext_lazy("of the name: kana, hangul, hanzi, Latin letters; one a line; sealed"),
        ),
    )


class _CalledOff(YesNo):
    """Kept as the moment when it was called off; what was called off stays so."""

    def __init__(self) -> None:
        super().__init__(
            "cancelled_at",
            gettext_lazy("called off"),
            gettext_lazy("yes: planned and not to be, or an arrival by mistake; empty leaves it as it is"),
            required=False,
            keeps=True,
        )

    def show(self, stored: Values) -> bool:
        return stored["cancelled_at"] is not None

    def put(self, draft: Values, value: Any, lookups: Any) -> None:
        draft["cancelled_at"] = timezone.now() if value else None


class Stays(Sheet):
    title = gettext_lazy("Stays")
    about = gettext_lazy(
        "Nights under a roof; only planned: an expected guest. Who moves on is handed over by a planned stay "
        "at the next shelter."
    )
    model = Stay
    key = ("resident", "shelter", "nights.first")
    columns = (
        "resident",
        "shelter",
        FirstDay(
            "nights", gettext_lazy("arrived"), gettext_lazy("day of arrival: the first night spent there")
        ),
        LastDay(
            "nights",
            gettext_lazy("left"),
            gettext_lazy("day of departure: the night of this day is spent elsewhere; empty: still there"),
            inside=False,
        ),
        Day(
            "leaves_on",
            help=gettext_lazy("the day on which they mean to leave, a plan: who stays on is there"),
            keeps=True,
        ),
        "is_planned",
        Code("came_from", help=gettext_lazy("code of the shelter that handed them on"), keeps=True),
        Code(
            "planned_by",
            help=gettext_lazy("e-mail address of who expects them or handed them on: called in danger"),
            keeps=True,
        ),
        YesNo(
            "is_missing",
            help=gettext_lazy("yes: handed on from here and did not arrive there; only planned too"),
            keeps=True,
        ),
        "outcome",
        Sealed("note", gettext_lazy("note on leaving")),
        _CalledOff(),
    )
    rules = {
        "stay_called_off_stays_so": (
            "cancelled_at",
            gettext_lazy("This was called off already. Write them down as arrived anew."),
        ),
        "stay_begins_at_an_open_shelter": (
            "shelter",
            gettext_lazy(
                "This shelter is exposed, closed or evacuated: nobody arrives there. Choose another."
            ),
        ),
        "stay_over_has_an_outcome": (
            "outcome",
            gettext_lazy(
                "Say what became of them: “not known” is an answer. A day to come on which they mean to "
                "leave stands in “Leaves on”."
            ),
        ),
        "stay_leaves_after_the_first_night": ("leaves_on", gettext_lazy("They leave after the first night.")),
        "stay_missing_is_no_night": ("is_missing", gettext_lazy("Who did not arrive spends no night.")),
        "stay_missing_until_it_is_said": (
            "outcome",
            gettext_lazy("Say what became of them: “not known” is an answer."),
        ),
        "stay_outcome_once_over": (
            "outcome",
            gettext_lazy("Only a stay that came about and is over has an outcome."),
        ),
        "stay_called_off_is_no_night": (
            "cancelled_at",
            gettext_lazy("Only what is planned can be called off."),
        ),
    }

    def records(self) -> QuerySet:
        """Called off and written anew for the same night: the newer row stands for both."""
        newer = Stay.objects.filter(
            resident=OuterRef("resident"),
            shelter=OuterRef("shelter"),
            nights__startswith=OuterRef("nights__startswith"),
            pk__gt=OuterRef("pk"),
        )
        return super().records().exclude(Q(cancelled_at__isnull=False) & Exists(newer))


class HeadCounts(Sheet):
    title = gettext_lazy("Head counts")
    about = gettext_lazy(
        "How many were there, where people are not registered one by one. The last count holds."
    )
    correct_by = gettext_lazy("Put this row back as it was; the count of a later day holds from then on.")
    model = HeadCount
    key = ("shelter", "counted_on")
    columns = (
        "shelter",
        Day("counted_on", past=True),
        "people",
        "others",
        Code("by", help=gettext_lazy("e-mail address of a person; empty: who imports"), keeps=True),
    )

    def records(self) -> QuerySet:
        """Without what was counted again on the same day."""
        newer = HeadCount.objects.filter(
            shelter=OuterRef("shelter"), counted_on=OuterRef("counted_on"), pk__gt=OuterRef("pk")
        )
        return super().records().exclude(Exists(newer))

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        return super().save(by=by, record=record, values={"by": by} | values, reason=reason, row=row)


class Rations(Sheet):
    title = gettext_lazy("Rations")
    about = gettext_lazy("What a person is given a day, from a day on.")
    model = RationRule
    key = ("item", "shelter", "valid_from")
    columns = ("item", "shelter", "grams", "valid_from")
    rules = {"ration_not_negative": ("grams", gettext_lazy("It cannot be below zero."))}

    def records(self) -> QuerySet:
        """Of several from one day the one that holds: the last."""
        last = RationRule.objects.order_by("item_id", "shelter_id", "valid_from", "-id")
        last = last.distinct("item_id", "shelter_id", "valid_from")
        return super().records().filter(pk__in=last.values("pk"))
