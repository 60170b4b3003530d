"""Why an entry about people or shelters is refused: each a sentence that says what to do."""

from datetime import date
from typing import NoReturn

from django.db import IntegrityError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from supply.services import Refusal, broken_rule


class PeopleRefused(Refusal):
    """The base of the refusals about people and their shelters: nothing was changed."""


class NotWithYou(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Nobody with this code is with you. Check the code. Somebody from another shelter is handed on "
            "by the colleagues there: then they stand in your list of expected guests."
        )


class UnderAnotherRoof(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "This person already stays somewhere in these nights. Let them leave there first, or choose a "
            "later day."
        )


class TakesNobody(PeopleRefused):
    def __str__(self) -> str:
        return _("This shelter is exposed, closed or evacuated: nobody arrives there. Choose another.")


class NoNight(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "A stay lasts a night or more. Choose a later day, or take the arrival back when it was a "
            "mistake."
        )


class LeftBeforeTheyCame(PeopleRefused):
    def __init__(self, came_on: date) -> None:
        self.came_on = came_on

    def __str__(self) -> str:
        return _("They came on %(day)s. Choose that day or a later one.") % {"day": date_format(self.came_on)}


class LeftAlready(PeopleRefused):
    def __str__(self) -> str:
        return _("This person has left already, with another outcome or on another day. Reload the page.")


class CalledOffAlready(PeopleRefused):
    def __str__(self) -> str:
        return _("This was called off already. Write them down as arrived anew.")


class CameMeanwhile(PeopleRefused):
    def __str__(self) -> str:
        return _("This person has come meanwhile. Reload the page, and say where they go from here.")


class CameLongAgo(PeopleRefused):
    def __str__(self) -> str:
        return _("Only an arrival of today can be taken back. Let the person leave instead.")


class SayWhatBecame(PeopleRefused):
    def __str__(self) -> str:
        return _("Say what became of them: “not known” is an answer.")


class SoughtHere(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "They stand in the list as somebody who did not arrive where they were handed on to, and are "
            "looked for. When they are here, tap “Is here”; else leave it so until it is known what became "
            "of them."
        )


class FoundSince(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Since then this person has come somewhere or is expected somewhere. If that was wrong, take "
            "that back first."
        )


class SaidLongAgo(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Only what was said today can be taken back. If they are here, write them down as somebody "
            "with a code."
        )


class NoSuchShelter(PeopleRefused):
    def __str__(self) -> str:
        return _("No shelter has this code. Ask the colleagues there how it is written.")


class SameShelter(PeopleRefused):
    def __str__(self) -> str:
        return _("That is the shelter where they are. Choose another one.")


class SomebodyStays(PeopleRefused):
    def __str__(self) -> str:
        return _("Somebody stays there on that day. First let everybody leave or move, then close it.")


class SomebodyIsCounted(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "By the last head count people are there on that day. First let who works there count 0, or say "
            "in an evacuation where they go; then close it."
        )


class SomebodyIsMissed(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Somebody who was handed on from there did not arrive. Who works there first says what became of "
            "them: “not known” is an answer."
        )


class SomebodyIsExpected(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Somebody is expected there. First let who works there say that they do not come or send them "
            "on; then close it."
        )


class StockIsLeft(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Stock lies in its store. First let who works there move it, use it or write it off; then close "
            "it."
        )


class DangerHolds(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "This shelter was reported exposed, or is closed, and stays so: nobody and nothing goes there. "
            "Only an administrator says that it is safer again: call one."
        )


_OF_RULE: dict[str, type[PeopleRefused]] = {
    "stay_one_roof": UnderAnotherRoof,
    "stay_has_nights": NoNight,
    "stay_begins_at_an_open_shelter": TakesNobody,
    "stay_called_off_stays_so": CalledOffAlready,
    "stay_missing_until_it_is_said": SayWhatBecame,
    "stay_missing_is_nowhere_else": FoundSince,
    "shelter_closes_when_nobody_stays": SomebodyStays,
    "shelter_closes_when_nobody_is_counted": SomebodyIsCounted,
    "shelter_closes_when_nobody_is_expected": SomebodyIsExpected,
    "shelter_closes_when_nobody_is_missed": SomebodyIsMissed,
    "shelter_closes_when_its_store_is_empty": StockIsLeft,
    "shelter_danger_holds": DangerHolds,
}


def refuse(error: IntegrityError) -> NoReturn:
    """The sentence of the broken rule; a rule without one is raised on."""
    kind = _OF_RULE.get(broken_rule(error)[0])
    if kind is None:
        raise error
    raise kind from error
