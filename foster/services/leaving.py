"""An update on its way to the sponsors: what the leak guard is asked, and its answer in words."""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from django.db import transaction
from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import audit, leaks
from core.enums import Channel, FindingState
from core.identity import Scope, seeing
from core.leaks import sight
from core.models import LeakFinding
from foster import selectors
from foster.enums import UpdateState
from foster.models import Child, ChildUpdate
from foster.selectors.updates import WORDS
from shelters.selectors import people_at

OF_THE_CHILD = gettext_lazy("The text holds something of the child's real name or family. Take it out.")
# For who may see what was found anyway; nobody else is told what it was.
SENTENCES = {
    ("foster.child", "code"): gettext_lazy(
        "The text holds the child's code. Use the name for sponsors instead."
    ),
    ("shelters.shelter", "code"): gettext_lazy("The text holds the code name of a shelter. Take it out."),
    ("foster.child", "real_name"): OF_THE_CHILD,
    ("foster.child", "spellings"): OF_THE_CHILD,
    ("foster.child", "family"): OF_THE_CHILD,
}


def words_of(update: ChildUpdate) -> leaks.Outgoing:
    """All that sponsors would read of it."""
    texts = [leaks.Piece(getattr(update, name), _label(update, name)) for name in WORDS]
    captions = update.photos.defer("image").values_list("caption", flat=True)
    return leaks.Outgoing(
        channel=Channel.UPDATE,
        pieces=[*texts, *(leaks.Piece(caption, _("caption")) for caption in captions)],
        text_type=update._meta.label_lower,
        text_uuid=update.uuid,
        authors=frozenset(selectors.contributors(update)),
    )


def _label(record: Child | ChildUpdate, name: str) -> str:
    return str(cast(Field, record._meta.get_field(name)).verbose_name)


def profile_of(child: Child) -> leaks.Outgoing:
    """What sponsors read of a child beside its updates."""
    return leaks.Outgoing(
        channel=Channel.UPDATE,
        pieces=[leaks.Piece(getattr(child, name), _label(child, name)) for name in ("called", "likes")],
        text_type=child._meta.label_lower,
        text_uuid=child.uuid,
        about=frozenset({child.uuid}),
    )


def outgoing(update: ChildUpdate) -> leaks.Outgoing:
    """`words_of`, with the people of whom a given name alone already tells."""
    child = update.child
    with seeing(Scope.GUARD):  # who lives with the child is nobody's to see here
        around = set(Child.objects.filter(shelter=child.shelter_id or 0).values_list("uuid", flat=True))
        around |= people_at(child.shelter) if child.shelter else set()
    return replace(words_of(update), about=frozenset({child.uuid}), near=frozenset(around))


def check_update(*, by: User, update: ChildUpdate) -> leaks.Verdict:
    """Look through the text as it stands; what is found is kept. Raises core.leaks.CannotCheck."""
    return leaks.check(by=by, outgoing=outgoing(update))


def held_back(by: User, findings: Iterable[LeakFinding]) -> list[str]:
    """Sentences that say what holds an update back, and no more than the person may know."""
    if leaks.has_many(by):
        return [leaks.quiet_sentence()]
    return list(dict.fromkeys(_sentence(by, finding) for finding in findings))


def _sentence(by: User, finding: LeakFinding) -> str:
    known = SENTENCES.get((finding.subject_type, finding.field))
    if known is not None and sight.is_shown_to(by, finding):
        return f"{capfirst(leaks.where(finding))}: {known}"
    return leaks.Verdict([finding]).sentence(_("Something protected stands in the text (%(places)s)."))


def has_part(by: User, finding: LeakFinding) -> bool:
    update = ChildUpdate.objects.filter(uuid=finding.text_uuid).first()
    return update is not None and by.pk in selectors.contributors(update)


@transaction.atomic
def after_settling(*, by: User, finding: LeakFinding) -> None:
    """What has to come out goes back to its author, where whoever decided it may see the update at all."""
    if finding.state != FindingState.TAKE_OUT:
        return
    update = ChildUpdate.objects.select_for_update(no_key=True).filter(uuid=finding.text_uuid).first()
    if update is not None and update.state == UpdateState.REVIEW:
        update.state = UpdateState.DRAFT
        update.save(update_fields=["state"])
        changes = {"state": [UpdateState.REVIEW, UpdateState.DRAFT]}
        audit.record(by=by, action="foster.update_sent_back", subject=update, changes=changes)
