from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.enums import Language
from core.models import Record
from core.sealed import SealedBytesField
from foster.enums import UpdateState
from foster.models.sponsorships import Child


class Told(NamedTuple):
    """An update as one reader reads it."""

    language: str
    title: str
    text: str


class ChildUpdateQuerySet(models.QuerySet["ChildUpdate"]):
    def visible_to(self, user: User) -> "ChildUpdateQuerySet":
        """A sponsor: what is published of their own child. Officers: all."""
        mine = self.filter(child__in=Child.objects.visible_to(user))
        if user.may(Right.UPDATES_WRITE):
            return mine
        if user.may(Right.PORTAL):
            return mine.filter(state=UpdateState.PUBLISHED)
        return self.none()


class ChildUpdate(Record):
    """News of a child: draft → a second person → published. Only then sponsors see it."""

    personal = True

    child = models.ForeignKey(Child, models.PROTECT, related_name="updates", verbose_name=_("child"))
    written_on = models.DateField(_("written"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=5000)
    title_ja = models.CharField(_("title in Japanese"), max_length=120, blank=True)
    text_ja = models.TextField(_("text in Japanese"), max_length=5000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=UpdateState, default=UpdateState.DRAFT)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("cleared by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = ChildUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        ordering = ["-written_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=UpdateState.PUBLISHED)
                | Q(cleared_by__isnull=False, published_at__isnull=False),
                name="update_published_only_when_cleared",
            ),
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True) | ~Q(cleared_by=F("author")),
                name="update_cleared_by_a_second_person",
                violation_error_message=_("A second person has to clear it, not its author."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child.code} {self.written_on}"

    def told_in(self, language: str) -> Told:
        """In this language when it is written there, else as it was first written."""
        if language == Language.JAPANESE and self.text_ja:
            return Told(Language.JAPANESE, self.title_ja or self.title, self.text_ja)
        return Told(Language.ENGLISH, self.title, self.text)


class UpdatePhotoQuerySet(models.QuerySet["UpdatePhoto"]):
    def visible_to(self, user: User) -> "UpdatePhotoQuerySet":
        return self.filter(update__in=ChildUpdate.objects.visible_to(user))


class UpdatePhoto(Record):
    """A photo rebuilt from its pixels, sealed with a key of the child that its sponsors may use."""

    deletable = True

    personal = True

    sealed_under = "update.child"
    sealed_part = "photos"

    update = models.ForeignKey(ChildUpdate, models.PROTECT, related_name="photos", verbose_name=_("update"))
    image = SealedBytesField()
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = UpdatePhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        ordering = ["update", "position", "id"]

    def __str__(self) -> str:
        return str(self.uuid)
