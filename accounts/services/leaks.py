"""Findings of the leak guard: shown to who may see the value, settled by a second person."""

import json
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.enums import Outcome
from accounts.models import RevealEntry, User
from accounts.services.alarm import tell_administrators
from core import audit, leaks
from core.enums import FindingState
from core.identity import Scope, seeing
from core.leaks import sight
from core.models import AuditEntry, LeakFinding
from core.sealed import open_value

Passage = tuple[str, str, str]
MANY = "accounts.many_findings"


class FindingSettledAlready(Exception):
    def __str__(self) -> str:
        return _("Somebody has settled this finding already, or the text has changed meanwhile.")


class OwnText(Exception):
    def __str__(self) -> str:
        return _("You have a part in this text: somebody else has to settle what was found in it.")


@transaction.atomic
def open_passages(*, by: User, finding: LeakFinding) -> list[Passage]:
    """(before, found, after) of each place. It says whose the value is, so a row says who has read it.

    `finding` comes out of `selectors.leak_findings(by)`; that is asked again here.
    Raises PermissionDenied, OwnText, core.sealed.CannotOpen, core.keyring.KeysLocked.
    """
    if not selectors.leak_findings(by).filter(pk=finding.pk).exists():
        raise PermissionDenied
    if _has_part(by, finding):  # else who guesses at names would read here which are real
        raise OwnText
    RevealEntry.objects.create(
        by=by,
        subject_type=finding.subject_type,
        subject_uuid=finding.subject_uuid,
        subject_label=sight.whose([finding]).get(finding.subject_uuid, ""),
        field=finding.field,
        purpose=_("to settle a finding of the leak guard"),
        outcome=Outcome.PASSAGE,
    )
    with seeing(Scope.GUARD):
        opened = open_value(finding, "passage")
    return [tuple(passage) for passage in json.loads(opened or b"[]")]


@transaction.atomic
def settle_finding(*, by: User, finding: LeakFinding, state: FindingState, reason: str) -> LeakFinding:
    """TAKE_OUT: the text does not leave as it is. NO_LEAK: of this very text, this value holds nothing back.

    Raises PermissionDenied, FindingSettledAlready, OwnText.
    """
    finding = LeakFinding.objects.select_for_update().defer("passage").get(pk=finding.pk)
    if finding.state != FindingState.OPEN:
        raise FindingSettledAlready
    if not selectors.leak_findings(by).filter(pk=finding.pk).exists():
        raise PermissionDenied
    if _has_part(by, finding):
        raise OwnText
    leaks.settle(by=by, finding=finding, state=state, reason=reason)
    changes = {"state": [FindingState.OPEN, state]}
    audit.record(by=by, action="leaks.finding_settled", subject=finding, changes=changes, reason=reason)
    return finding


def _has_part(by: User, finding: LeakFinding) -> bool:
    return by.pk in finding.authors or leaks.has_part(by, finding)


@transaction.atomic
def tell_of_many_findings(*, by: User, now: datetime) -> None:
    """One person's texts were held back too often within an hour: careless, or trying out names.

    The administrators are called, once an hour; `by`: that person.
    """
    former = AuditEntry.objects.filter(by_id=by.pk, action=MANY, at__gt=now - timedelta(hours=1))
    if former.exists():
        return
    audit.record(by=by, action=MANY, subject=by)
    tell_administrators(by=by, event=f"many-findings:{by.uuid}:{now:%Y-%m-%dT%H}")
