"""Who may open what, who may be the second person, and what waits for whom. Reads only."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BigIntegerField, Model, Q, QuerySet, Value
from django.db.models.functions import Now

from accounts.enums import Outcome, RequestKind, RequestState, RoleName, SecondPerson
from accounts.models import RevealEntry, RevealRequest, User
from accounts.models.reveal import UNSETTLED
from accounts.permissions import Right
from accounts.roles import OPENS, ROLES, second_person
from accounts.selectors import system_user
from core.identity import Scope, acting_as
from core.models import AuditEntry, OutboxMessage
from core.prepared import Asked
from core.sealed import SealedField

AN_HOUR = timedelta(hours=1)
SOME_WEEKS = timedelta(days=30)
GIVING = ("accounts.invited", "accounts.changed", "accounts.started_over")
SWITCHED_ON, SWITCHED_OFF = "accounts.second_person_on", "accounts.second_person_off"


def sealed_columns(model: type[Model]) -> list[SealedField]:
    """What of a record people may open, in the order of the model; photos have a door of their own."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField) and field.right]


def models_that_open() -> list[type[Any]]:
    """Kinds of records with something to open."""
    return [model for model in apps.get_models() if sealed_columns(model)]


def right_to_open(model: type[Model], field: str) -> Right | None:
    """None: no sealed column, nothing to open."""
    return next((Right(column.right) for column in sealed_columns(model) if column.name == field), None)


def sees(user: User, model: type[Any], record: uuid.UUID) -> bool:
    """Whether the record's own door shows it to this person."""
    with acting_as(user):
        return model.objects.visible_to(user).filter(uuid=record).exists()


def opened_within_an_hour(user: User, now: datetime) -> QuerySet[RevealEntry]:
    """Every opening counts, whatever field; one dated later than now too, should a clock have gone back."""
    return RevealEntry.objects.filter(by=user, outcome=Outcome.OPENED, at__gt=now - AN_HOUR)


def entries_visible_to(user: User) -> QuerySet[RevealEntry]:
    if not user.may(Right.OPENINGS_READ):
        return RevealEntry.objects.none()
    return RevealEntry.objects.select_related("by", "second")


def last_switch() -> AuditEntry | None:
    """When the second person for addresses was last switched on or off, by the trail."""
    return AuditEntry.objects.filter(action__in=(SWITCHED_ON, SWITCHED_OFF)).first()


def is_switched_off(last: AuditEntry | None) -> bool:
    """By the trail; before the first switch it is on."""
    return last is not None and last.action == SWITCHED_OFF


def switched_off_at() -> datetime | None:
    """None: it is on."""
    last = last_switch()
    return last.at if last is not None and is_switched_off(last) else None


# --- the second person -------------------------------------------------------------------------------------


def is_needed(mode: SecondPerson | None) -> bool:
    """Whether a second person has to agree, as things are set now."""
    return mode == SecondPerson.ALWAYS or (mode == SecondPerson.WHILE_SET and settings.REVEAL_NEEDS_TWO)


def needs_second(user: User, model: type[Model]) -> bool:
    right = Right(sealed_columns(model)[0].right)  # of one record all ask for the same
    return is_needed(second_person(user.role, right))


def requests_of(user: User) -> QuerySet[RevealRequest]:
    return RevealRequest.objects.filter(asked_by=user).select_related("asked_by", "decided_by")


def unsettled_of(user: User, record: Model, now: datetime) -> QuerySet[RevealRequest]:
    """What this person asked for about the record and can still go on with."""
    mine = requests_of(user).filter(subject_uuid=record.uuid)  # type: ignore[attr-defined]
    return mine.filter(state__in=UNSETTLED, expires_at__gt=now)


def answerable_by(user: User) -> QuerySet[RevealRequest]:
    """What others asked for and this person could open too; for an administrator, all that others asked for.

    In whatever state, in one statement. The policy of the table (lfnkr/walls, `may_answer`) decides the same
    by itself.
    """
    others = _of_others(user)
    if user.may(Right.REVEAL_SECOND):
        return others.exclude(asked_by__uuid__in=_lately_given().filter(by_id=user.pk).values("subject_uuid"))
    theirs = Q(pk__in=())
    for model in models_that_open():
        fields = [column.name for column in sealed_columns(model) if user.may(Right(column.right))]
        if fields:
            label, door = model._meta.label_lower, model.objects.visible_to(user)
            records = door.order_by().values("uuid")
            theirs |= Q(subject_type=label, field__in=["", *fields], subject_uuid__in=records)
    return others.filter(theirs)


def _of_others(user: User | Asked) -> QuerySet[RevealRequest]:
    return RevealRequest.objects.exclude(asked_by=user)


def _lately_given() -> QuerySet[AuditEntry]:
    """What gave somebody a log-in or a role in the last weeks: who did is no second person for them.

    Else an administrator could make a helper who asks, and agree alone.
    """
    given = AuditEntry.objects.filter(action__in=GIVING, at__gt=Now() - SOME_WEEKS)
    return given.filter(subject_uuid__isnull=False)


def may_answer(user: User, request: RevealRequest) -> bool:
    """Another person who could open the same of the same record, or an administrator."""
    return answerable_by(user).filter(pk=request.pk).exists()


def second_persons_for(request: RevealRequest) -> list[User]:
    """Whom to call: first those who work with the record, then the administrators."""
    rights = {Right.REVEAL_SECOND, *OPENS}
    roles = [name for name, role in ROLES.items() if rights & role.rights]
    people = User.objects.filter(is_active=True, role__in=roles).exclude(pk=request.asked_by_id)
    # Whoever asks sees neither where colleagues are posted, nor what those see, nor who made whose log-in.
    with acting_as(system_user()):
        near = _who_see(people, request)
        gave = set(_lately_given().filter(subject_uuid=request.asked_by.uuid).values_list("by_id", flat=True))
    found = [
        person
        for person in people
        if person.pk in near or (person.may(Right.REVEAL_SECOND) and person.pk not in gave)
    ]
    return sorted(found, key=lambda person: (person.role == RoleName.ADMINISTRATOR, person.name))


def _who_see(people: Iterable[User], request: RevealRequest) -> set[int]:
    """Keys of those who may open it by right and by the record's own door; one statement for all of them."""
    model: type[Any] = apps.get_model(request.subject_type)
    rights = {Right(column.right) for column in sealed_columns(model) if request.field in ("", column.name)}
    doors = [
        model.objects.visible_to(person)
        .filter(uuid=request.subject_uuid)
        .order_by()
        .values_list(Value(person.pk, output_field=BigIntegerField()))
        for person in people
        if any(map(person.may, rights))
    ]
    return {who for (who,) in doors[0].union(*doors[1:], all=True)} if doors else set()


def waiting_for(user: User, now: datetime) -> list[RevealRequest]:
    """What this person may agree to or decline now, the oldest first."""
    if not user.may(Right.REVEAL_WITH_TWO):
        return []
    return list(_waits(answerable_by(user), now).select_related("asked_by").order_by("id"))


def waiting_of_others(user: User | Asked, now: datetime | Asked) -> QuerySet[RevealRequest]:
    """Whoever may answer it: for `accounts.tiles` to know whether there is anything to look at."""
    return _waits(_of_others(user), now)


def _waits(requests: QuerySet[RevealRequest], now: datetime | Asked) -> QuerySet[RevealRequest]:
    return requests.filter(state=RequestState.WAITING, expires_at__gt=now)


def to_answer(user: User, request: uuid.UUID) -> RevealRequest | None:
    """In whatever state: who comes too late is told so. None: not there, or not theirs to answer."""
    return answerable_by(user).select_related("asked_by").filter(uuid=request).first()


def people_who_open() -> QuerySet[User]:
    return User.objects.filter(role__in=[r.name for r in ROLES.values() if Right.REVEAL_WITH_TWO in r.rights])


def still_waits(mail: OutboxMessage) -> bool:
    """Asked at the moment of sending the mail to a second person; its key names the request."""
    waiting = RevealRequest.objects.filter(state=RequestState.WAITING, expires_at__gt=Now())
    return waiting.filter(uuid=mail.key.split(":")[1]).exists()


# --- forgetting --------------------------------------------------------------------------------------------


def forgettable_models() -> list[type[Any]]:
    """Kinds of records about a person: they say so themselves."""
    return [model for model in apps.get_models() if getattr(model, "can_be_forgotten", False)]


def to_forget(user: User, subject_type: str, **known: Any) -> Any:
    """The record by its code or UUID, for who may forget but never sees it; None: there is no such."""
    if not user.may(Right.FORGET):
        return None
    with acting_as(user, scope=Scope.FORGET):
        return apps.get_model(subject_type).objects.filter(**known).first()


def is_forgotten(record: uuid.UUID) -> bool:
    done = RevealRequest.objects.filter(kind=RequestKind.FORGET, state=RequestState.USED)
    return done.filter(subject_uuid=record).exists()
