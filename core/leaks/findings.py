"""What was found, kept until somebody who may see it has said what it is. Nothing leaves before."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.enums import Channel, FindingState, Level
from core.identity import Scope, seeing
from core.leaks.guard import CannotCheck, Guard, guarding
from core.leaks.matching import Found, find
from core.leaks.texts import Outgoing
from core.models import DataKey, LeakFinding

HOLDING = (FindingState.OPEN, FindingState.TAKE_OUT)
# Who tries names out one after the other has many findings: the guard must not tell them which are real.
MOST_PLACES = 5
MANY_AN_HOUR = 20
# A guess can be put into every text that a person sends out; mails are the system's.
SENT_BY_PEOPLE = (Channel.UPDATE, Channel.REPORT, Channel.EXPORT, Channel.WORKBOOK)

_when_settled: dict[str, Callable[..., None]] = {}
_has_part: dict[str, Callable[[Any, LeakFinding], bool]] = {}
_when_many: list[Callable[[Any], None]] = []


def when_settled(channel: Channel, then: Callable[..., None]) -> None:
    """An app registers what follows for its text when somebody (`by`) settles a `finding` in it."""
    _when_settled[channel] = then


def ask_for_part(channel: Channel, has_part: Callable[[Any, LeakFinding], bool]) -> None:
    """An app registers how to tell whether a person has a part in a text of its channel."""
    _has_part[channel] = has_part


def has_part(by: Any, finding: LeakFinding) -> bool:
    """Whether the person wrote some of the text, also after it was looked through."""
    asked = _has_part.get(finding.channel)
    return asked is not None and asked(by, finding)


def when_many(then: Callable[[Any], None]) -> None:
    """An app registers whom to tell when one person has too many findings; called at each further one."""
    _when_many.append(then)


@dataclass(frozen=True)
class Verdict:
    """`held`: what holds the text back, in its order. `is_quiet`: who asks is not told where it stands."""

    held: list[LeakFinding]
    is_quiet: bool = False

    @property
    def may_leave(self) -> bool:
        return not self.held

    @property
    def places(self) -> str:
        """Where it stands, without what it is: who asks may be the one who must not learn that."""
        labels = list(dict.fromkeys(where(finding) for finding in self.held))
        more = [_("and more")] if len(labels) > MOST_PLACES else []
        return "; ".join(labels[:MOST_PLACES] + more)

    def sentence(self, why: str) -> str:
        """`why`, with `%(places)s` in it, and what happens next; empty when nothing is held."""
        if self.may_leave:
            return ""
        if self.is_quiet:
            return quiet_sentence()
        next_step = (
            _("Take out what you know to be protected, or wait: it is shown to somebody who may see it.")
            if any(finding.state == FindingState.OPEN for finding in self.held)
            else _("Somebody who may see it has looked: it has to come out.")
        )
        return f"{why % {'places': self.places}} {next_step}"


def has_many(by: Any) -> bool:
    """Whether this person had so many findings within the hour that they are told no more of any."""
    if by is None:
        return False
    with seeing(Scope.GUARD):
        lately = LeakFinding.objects.filter(
            found_by_id=by.pk, channel__in=SENT_BY_PEOPLE, found_at__gt=Now() - timedelta(hours=1)
        )
        return lately.count() > MANY_AN_HOUR


def quiet_sentence() -> str:
    """For whoever had too many findings: whether one guess among others was right is not to be learned."""
    return _(
        "Something in it is held back. So much was held back within the last hour that it is not said where, "
        "and an administrator was told. It is shown to somebody who may see it; go on when that is settled."
    )


def where(finding: LeakFinding) -> str:
    """Which part of the text and which paragraph of it."""
    label = finding.text_label
    if finding.paragraph == 1 or not label:
        return label or _("paragraph %(number)s") % {"number": finding.paragraph}
    return _("%(part)s, paragraph %(number)s") % {"part": label, "number": finding.paragraph}


def check(*, by: Any, outgoing: Outgoing) -> Verdict:
    """Look through a text that is to leave, and keep what is found for a person to settle.

    The one door: nothing leaves unless `may_leave`. What is kept survives only if the transaction around it
    does. `by`: who sends it, None for the system. Raises CannotCheck.
    """
    with guarding() as guard:
        found = _find(guard, outgoing)
    kept = _keep(by, outgoing, found) if found else []
    overtake(outgoing, but=[finding.fingerprint for finding in kept])
    return _verdict(by, kept)


def look(*, by: Any, outgoing: Outgoing) -> Verdict:
    """The same verdict with nothing written: for the moment of leaving, under the lock of the text."""
    with guarding() as guard:
        found = _find(guard, outgoing)
    known = {}
    if found:
        with seeing(Scope.GUARD):
            known = _known(_fingerprints(outgoing, found))
    return _verdict(by, [known.get(one.fingerprint, one) for one in _unsaved(by, outgoing, found)])


def standing(outgoing: Outgoing) -> QuerySet[LeakFinding]:
    """What is known to hold back this very text, without looking through it again."""
    return LeakFinding.objects.filter(
        text_fingerprint__in=outgoing.fingerprints(), state__in=HOLDING
    ).order_by("pk")


def overtake(outgoing: Outgoing, *, but: Collection[str] | None = None) -> None:
    """Open findings of a record whose words are others now wait for nobody any more.

    `but`: fingerprints of what is still found; without it, whatever was found in words that still stand.
    """
    if outgoing.text_uuid is None:
        return
    old = LeakFinding.objects.filter(
        channel=outgoing.channel, text_uuid=outgoing.text_uuid, state=FindingState.OPEN
    )
    stays = Q(text_fingerprint__in=outgoing.fingerprints()) if but is None else Q(fingerprint__in=but)
    with seeing(Scope.GUARD):  # whoever changes the words may have no sight of what was found in them
        old.exclude(stays).update(state=FindingState.OVERTAKEN)


@transaction.atomic
def settle(*, by: Any, finding: LeakFinding, state: FindingState, reason: str) -> LeakFinding:
    """Write down what a person decided and let the text's own app draw the consequence.

    Whether they may is asked before, in `accounts.services`. `finding` is locked.
    """
    finding.state, finding.settled_by_id, finding.reason = state, by.pk, reason
    finding.settled_at = Now()
    finding.save(update_fields=["state", "settled_by_id", "settled_at", "reason"])
    if then := _when_settled.get(finding.channel):
        then(by=by, finding=finding)
    return finding


def _find(guard: Guard, outgoing: Outgoing) -> list[Found]:
    index = guard.index()
    if outgoing.about & index.unopened:  # a text about somebody of whom nothing can be known
        raise CannotCheck
    return find(index, outgoing)


def _verdict(by: Any, findings: list[LeakFinding]) -> Verdict:
    held = [finding for finding in findings if finding.state != FindingState.NO_LEAK]
    return Verdict(held, is_quiet=bool(held) and has_many(by))


def _keep(by: Any, outgoing: Outgoing, found: list[Found]) -> list[LeakFinding]:
    """What was found, as it is known now. Findings and the keys of their passages are nobody's own."""
    fingerprints = _fingerprints(outgoing, found)
    with seeing(Scope.GUARD):
        known = _known(fingerprints)
        new = [one for one in _unsaved(by, outgoing, found) if one.fingerprint not in known]
        if new:
            _seal_for_whom(new, {one.value.subject_uuid: one.value.of for one in found})
            LeakFinding.objects.bulk_create(new, ignore_conflicts=True)
        again = [one.pk for one in known.values() if one.state == FindingState.OVERTAKEN]
        if again:  # the words are back as they were
            LeakFinding.objects.filter(pk__in=again).update(state=FindingState.OPEN)
        known = _known(fingerprints) if new or again else known
    if new and has_many(by):
        for then in _when_many:
            then(by)
    return [known[fingerprint] for fingerprint in dict.fromkeys(fingerprints)]


def _fingerprints(outgoing: Outgoing, found: list[Found]) -> list[str]:
    return [outgoing.fingerprint_of(one.piece, *one.value) for one in found]


def _known(fingerprints: Iterable[str]) -> dict[str, LeakFinding]:
    rows = LeakFinding.objects.filter(fingerprint__in=set(fingerprints)).defer("passage")
    return {row.fingerprint: row for row in rows}


def _unsaved(by: Any, outgoing: Outgoing, found: list[Found]) -> list[LeakFinding]:
    return [
        LeakFinding(
            channel=outgoing.channel,
            text_type=outgoing.text_type,
            text_uuid=outgoing.text_uuid,
            text_label=one.piece.label[:100],
            paragraph=one.paragraph,
            text_fingerprint=outgoing.fingerprint_of(one.piece),
            fingerprint=outgoing.fingerprint_of(one.piece, *one.value),
            authors=sorted(outgoing.authors),
            found_by_id=None if by is None else by.pk,
            subject_type=one.value.subject_type,
            subject_uuid=one.value.subject_uuid,
            field=one.value.field,
            level=Level.SURE if one.is_sure else Level.POSSIBLE,
            passage=one.kept_passages,
        )
        for one in found
    ]


def _seal_for_whom(findings: list[LeakFinding], subjects: dict[UUID, UUID]) -> None:
    """With the key of whom it gives away, if they have one: forgetting them forgets the passage."""
    held = set(DataKey.objects.filter(subject__in=subjects.values()).values_list("subject", flat=True))
    for finding in findings:
        subject = subjects[finding.subject_uuid]
        finding.sealed_for = subject if subject in held else finding.uuid
