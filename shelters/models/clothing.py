from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from shelters.enums import Season
from shelters.models.places import Shelter
from supply.models import Movement


class ClothingGiven(Record):
    """Clothing handed out at a shelter for a season: how many sets, to how many people."""

    append_only = True

    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="clothing", verbose_name=_("shelter"))
    season = models.CharField(_("season"), max_length=6, choices=Season)
    sets = models.PositiveIntegerField(_("sets"))
    people = models.PositiveIntegerField(_("people"))
    movement = models.OneToOneField(Movement, models.PROTECT, related_name="+", verbose_name=_("movement"))

    class Meta:
        verbose_name = _("clothing given")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(sets__gt=0), name="clothing_is_something"),
            models.CheckConstraint(condition=Q(people__gt=0), name="clothing_is_for_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.shelter.code} {self.get_season_display()}"
