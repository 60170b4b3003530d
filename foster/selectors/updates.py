"""Updates of a child: what waits for a second person, and who has a part in it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from core.models import AuditEntry
from foster.enums import UpdateState
from foster.models import Child, ChildUpdate

WORDS = ("title", "text", "title_ja", "text_ja")
CONTRIBUTING = ("foster.update_written", "foster.update_changed", "foster.photo_added")


def contributors(update: ChildUpdate) -> set[int]:
    """Keys of the people who wrote or changed its words or added a photo; they may not clear it."""
    people = _contributions().filter(subject_uuid=update.uuid).values_list("by_id", flat=True)
    return {update.author_id, *(person for person in people if person is not None)}


def updates_register(user: User) -> QuerySet[ChildUpdate]:
    return ChildUpdate.objects.visible_to(user).select_related("child", "author", "cleared_by")


def updates_of(child: Child) -> QuerySet[ChildUpdate]:
    return child.updates.select_related("author", "cleared_by").order_by("-written_on", "-pk")


def waiting_for_review(user: User) -> QuerySet[ChildUpdate]:
    """Oldest first. With `is_own`: whether the user has a part in it, so that a colleague clears it."""
    own = Q(author=user) | Exists(_contributions().filter(subject_uuid=OuterRef("uuid"), by_id=user.pk))
    waiting = updates_register(user).filter(state=UpdateState.REVIEW).annotate(is_own=own)
    return waiting.order_by("written_on", "pk")


def _contributions() -> QuerySet[AuditEntry]:
    # The workbook writes the changed fields into the trail, the app only that words have changed.
    part = Q(action__in=CONTRIBUTING) | Q(changes__has_any_keys=WORDS)
    return AuditEntry.objects.filter(part, subject_type=ChildUpdate._meta.label_lower)
