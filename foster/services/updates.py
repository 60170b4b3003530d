"""News of a child: written, sent to review, cleared and published by a second person, withdrawn."""

import hashlib
import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, leaks
from foster.enums import UpdateState
from foster.models import Child, ChildUpdate
from foster.selectors import contributors
from foster.services import leaving

WRITTEN = ("written_on", "title", "text", "title_ja", "text_ja")


class AuthorCannotClear(Exception):
    def __str__(self) -> str:
        return _("Somebody who wrote none of it and added no photo has to publish it.")


class MovedOn(Exception):
    def __str__(self) -> str:
        return _("Somebody has changed this update meanwhile. Read it again and decide then.")


class NotSafe(Exception):
    """`findings`: sentences that say what holds it back."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return " ".join(self.findings)


@transaction.atomic
def create_update(*, by: User, child: Child, key: uuid.UUID, **values: Any) -> ChildUpdate:
    """A draft. `key`: made with the form: sent twice it is one draft. `values`: WRITTEN."""
    draft, is_new = ChildUpdate.objects.get_or_create(
        uuid=key, defaults={"child": child, "author": by, **values}
    )
    if is_new:
        _record(by, "written", draft, None)
    elif (draft.child_id, draft.author_id) != (child.pk, by.pk):
        raise PermissionDenied
    return draft


@transaction.atomic
def change_update(*, by: User, update: ChildUpdate, **values: Any) -> ChildUpdate:
    """Who changes a text last is its author, and what was in review needs a review again.

    Raises MovedOn when it is published or withdrawn.
    """
    update = lock_editable(update=update)
    before, was = {name: getattr(update, name) for name in WRITTEN}, update.state
    if all(before[name] == value for name, value in values.items()):
        return update
    for name, value in values.items():
        setattr(update, name, value)
    update.author = by
    back_to_draft(update=update)
    _record(by, "changed", update, was)
    return update


def back_to_draft(*, update: ChildUpdate) -> None:
    """Its words or photos are others now: it needs a review again, and what was found in it is past."""
    update.state = UpdateState.DRAFT
    update.save()
    leaks.overtake(leaving.words_of(update))


def lock_editable(*, update: ChildUpdate) -> ChildUpdate:
    """Held until the transaction ends. Raises MovedOn."""
    return _lock(update, UpdateState.DRAFT, UpdateState.REVIEW)


@transaction.atomic
def send_to_review(*, by: User, update: ChildUpdate) -> ChildUpdate:
    """Looked through on the way; what is found holds back the publication, not the review.

    Raises MovedOn when it is no draft any more, core.leaks.CannotCheck.
    """
    update = _lock(update, UpdateState.DRAFT)
    leaving.check_update(by=by, update=update)
    return _move(by, update, UpdateState.REVIEW, "sent_to_review")


@transaction.atomic
def publish_update(*, by: User, update: ChildUpdate, seen: str, now: datetime) -> ChildUpdate:
    """Cleared by somebody who has no part in it. `seen`: the `fingerprint` of what that person read.

    `check_update` goes before, so that what is found outlives the refusal.
    Raises MovedOn, AuthorCannotClear, NotSafe, core.leaks.CannotCheck.
    """
    update = _lock(update, UpdateState.REVIEW)
    if fingerprint(update) != seen:
        raise MovedOn
    if by.pk in contributors(update):
        raise AuthorCannotClear
    refuse_leaks(by=by, update=update)
    update.cleared_by, update.published_at = by, now
    return _move(by, update, UpdateState.PUBLISHED, "published")


def refuse_leaks(*, by: User, update: ChildUpdate) -> None:
    """At the moment of leaving; nothing is written. Raises NotSafe, core.leaks.CannotCheck."""
    _refuse(by, leaving.outgoing(update))


def refuse_leaks_of_child(*, by: User, child: Child) -> None:
    """What sponsors read of a child beside its updates. Raises NotSafe, core.leaks.CannotCheck."""
    _refuse(by, leaving.profile_of(child))


def _refuse(by: User, outgoing: leaks.Outgoing) -> None:
    verdict = leaks.look(by=by, outgoing=outgoing)
    if not verdict.may_leave:
        raise NotSafe(leaving.held_back(by, verdict.held))


@transaction.atomic
def withdraw_update(*, by: User, update: ChildUpdate, reason: str) -> ChildUpdate:
    """Out of the sponsors' sight at once, whatever state it is in; it does not come back."""
    update = _lock(update, UpdateState.DRAFT, UpdateState.REVIEW, UpdateState.PUBLISHED)
    return _move(by, update, UpdateState.WITHDRAWN, "withdrawn", reason)


def fingerprint(update: ChildUpdate) -> str:
    """What a reviewer has read: changes with every letter and photo."""
    photos = update.photos.order_by("uuid").values_list("uuid", "caption")
    parts = [*(str(getattr(update, name)) for name in WRITTEN), *(f"{photo}" for photo in photos)]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _lock(update: ChildUpdate, *states: str) -> ChildUpdate:
    locked = ChildUpdate.objects.select_for_update(no_key=True).get(pk=update.pk)
    if locked.state not in states:
        raise MovedOn
    return locked


def _move(by: User, update: ChildUpdate, state: str, action: str, reason: str = "") -> ChildUpdate:
    was, update.state = update.state, state
    update.save()
    _record(by, action, update, was, reason)
    return update


def _record(by: User, verb: str, update: ChildUpdate, was: str | None, reason: str = "") -> None:
    # The text itself never goes into the trail: it may hold what must come out of it.
    audit.record(
        by=by,
        action=f"foster.update_{verb}",
        subject=update,
        changes={"state": [was, update.state]},
        reason=reason,
    )
