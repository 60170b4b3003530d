"""The template of the annual report: sections of sentences with slots, in our own words.

A sentence is given in one or more wordings, fullest first; the first whose slots all have records is taken. A
wording without slots says plainly that nothing is recorded; without one the sentence is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.dates import printed
from core.enums import Precision
from core.fiscal import FiscalYear
from reports.listing import new_year
from reports.slots import Material, is_answered

Sentence = tuple[Promise, ...]
Paragraph = tuple[Sentence, ...]


@dataclass(frozen=True)
class Template:
    heading: Promise
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class DraftedSection:
    """Text with its slots still in it."""

    heading: str
    text: str


TITLE = Template(
    _("Annual report, %(label)s"),
    (
        (
            (_("This report covers %(first_day)s to %(last_day)s."),),
            (
                _(
                    "It is released at the {{release_meeting}} general meeting "
                    "in {{release_meeting|names}}, {{release_meeting|day}}."
                ),
                _("It is released at the {{release_meeting}} general meeting, {{release_meeting|day}}."),
                _("The general meeting at which it is released is not recorded yet."),
            ),
        ),
    ),
)
WHO_CAME = Template(
    _("Who came"),
    (
        (
            (_("{{release_guests}} now settled here came to the {{release_meeting}} general meeting."),),
            (_("One of them had arrived only {{release_newest_guest}} before."),),
        ),
    ),
)
SITUATION = Template(
    _("The situation"),
    (
        (
            (
                _("Others have published these figures; none of them is counted among our own.\n"
                  "{{list:outside_statistics}}"),
                _("No outside statistics are recorded for this year."),
            ),
        ),
    ),
)  # fmt: skip
LEAVING = Template(
    _("People still leaving"),
    (
        (
            (
                _(
                    "In the %(label)s (%(first_day)s to %(last_day)s) %(organisation)s brought "
                    "{{people_to_safe_zones}} to a safe zone."
                ),
                _("No operation is recorded as having reached a safe zone in the year."),
            ),
        ),
    ),
)
FIRST_PART = Template(
    _("The year day by day, to %(old_years_day)s"),
    (((_("{{list:first_part}}"), _("No activity is recorded in this part of the year.")),),),
)
SECOND_PART = Template(
    _("The year day by day, from %(new_years_day)s"),
    (((_("{{list:second_part}}"), _("No activity is recorded in this part of the year.")),),),
)
RESCUE = Template(
    _("Rescue"),
    (
        (
            (
                _("{{people_to_safe_zones|parts}} reached a safe zone."),
                _("No operation is recorded as having reached a safe zone in the year."),
            ),
            (_("{{people_to_final_country}} reached the country in which they wished to live."),),
            (_("{{people_resettled}} joined relatives or settled."),),
            (_("In the year {{operations_started}} began."),),
        ),
    ),
)
CLASSES = Template(
    _("Japanese language classes"),
    (
        (
            (
                _("We held {{language_hours}} of classes in {{language_terms}}: {{language_hours|parts}}."),
                _("We held {{language_hours}} of classes."),
                _("No language class is recorded in the year."),
            ),
            (_("Who paid: {{language_terms|parts}}."),),
        ),
    ),
)
FOOD_AND_MEDICINE = Template(
    _("Food and medicine"),
    (
        (
            (
                _(
                    "Over the year %(organisation)s delivered {{food_inside}} of food inside North Korea, "
                    "to {{food_inside_recipient_kinds|names}} in {{food_inside_provinces|names}}."
                ),
                _("Over the year %(organisation)s delivered {{food_inside}} of food inside North Korea."),
                _("No distribution of food inside North Korea is recorded."),
            ),
            (
                _(
                    "It also fed {{children_in_hiding_fed}} in hiding, without a home, "
                    "with {{food_children_in_hiding}} of food."
                ),
            ),
            (
                _("{{food_shelters}} of food went to shelters and hiding places."),
                _("No food brought to shelters is recorded."),
            ),
        ),
        (
            (
                _("{{medical_kits}} went to {{medical_kits|places}}."),
                _("We gave out {{medical_kits}}."),
            ),
            (_("Medical cases in the year: {{medical_cases|names}}."),),
            (
                _("We gave out {{clothing_sets}} of clothing."),
                _("No distribution of clothing is recorded."),
            ),
        ),
    ),
)
EDUCATION = Template(
    _("Education sponsorship"),
    (
        (
            (
                _("Shelter and schooling were paid for {{children_funded|parts}}."),
                _("No half term of schooling is recorded as paid in the year."),
            ),
            (
                _("On the last day of the year the programme cared for {{children_in_programme}}."),
                _("On the last day of the year no child is recorded in the programme."),
            ),
            (
                _(
                    "Sponsors carried {{sponsorships_first_day}} on its first day and "
                    "{{sponsorships_last_day}} on its last."
                ),
                _("Sponsors carried {{sponsorships_last_day}} on its last day."),
            ),
        ),
    ),
)
TOGETHER = Template(
    _("Working with others"),
    (
        (
            (
                _(
                    "%(organisation)s works with {{partners}}, among them {{partners_named|names}}."
                ),
                _("%(organisation)s works with {{partners}}."),
                _("No partner is recorded in the year."),
            ),
            (_("Soon after the year the work with {{partners_gone_since}} came to an end."),),
        ),
        (
            (_("{{conference_ngos}} from {{conference_nations}} met: {{conference_ngos|names}}."),),
            (_("Our petitions went to {{petitioned_bodies}}."),),
            (_("{{network_ngos}} founded a network with us."),),
            (_("We gave {{lectures}}."),),
            (_("Our people made {{shelter_visits}} to shelters."),),
        ),
        ((_("Steps of advocacy, one by one:\n{{list:advocacy}}"),),),
    ),
)  # fmt: skip
SUPPORTERS = Template(
    _("Website, donors and supporters"),
    (
        (
            (
                _(
                    "We translated {{articles_translated}} and put them online, "
                    "after {{articles_translated|previous}} the year before."
                ),
                _("We translated {{articles_translated}} and put them online."),
                _("No translated article is recorded."),
            ),
            (_("{{publications}} came out."),),
        ),
        (
            (
                _("{{paypal_donations}} came through PayPal, {{paypal_increase|more}}."),
                _("{{paypal_donations}} came through PayPal."),
                _("No donation through PayPal is recorded."),
            ),
            (_("{{paypal_sum|direction}}."),),
        ),
        (
            (_("{{volunteers}} helped with our work."),),
            (_("We received {{volunteer_applications}} from people who wish to help."),),
        ),
    ),
)
REMAINING = Template(
    _("What remains to be solved"),
    (
        (
            (
                _("We are looking for {{wanted_profiles}}:\n{{list:wanted}}"),
                _("No wish for helpers is recorded."),
            ),
        ),
        ((_("What else was written down:\n{{list:others}}"),),),
    ),
)
TEMPLATES = (
    TITLE, WHO_CAME, SITUATION, LEAVING, FIRST_PART, SECOND_PART, RESCUE, CLASSES,
    FOOD_AND_MEDICINE, EDUCATION, TOGETHER, SUPPORTERS, REMAINING,
)  # fmt: skip


def drafted_sections(year: FiscalYear, material: Material, *, label: str = "") -> list[DraftedSection]:
    """The report's sections in the language now spoken. `label`: how the year is called in print."""
    words = _words(year, label or year.label)
    if not any(reading.count for reading in material.readings.values()) and not any(material.lists.values()):
        text = str(_("No record lies in the %(label)s (%(first_day)s to %(last_day)s).")) % words
        return [DraftedSection(str(TITLE.heading) % words, text)]
    return [
        DraftedSection(str(template.heading) % words, text % words)
        for template in TEMPLATES
        if (text := "\n\n".join(_paragraphs(template, material)))
    ]


def _words(year: FiscalYear, label: str) -> dict[str, str]:
    january = new_year(year)
    days = {
        "first_day": year.first_day,
        "last_day": year.last_day,
        "new_years_day": january,
        "old_years_day": january - timedelta(days=1),
    }
    printed_days = {name: printed(day, Precision.DAY) for name, day in days.items()}
    return printed_days | {"label": label, "organisation": str(settings.ORGANISATION_NAME)}


def _paragraphs(template: Template, material: Material) -> Iterator[str]:
    for paragraph in template.paragraphs:
        sentences = (_first_answered(wordings, material) for wordings in paragraph)
        if text := _joined(list(filter(None, sentences))):
            yield text


def _joined(sentences: list[str]) -> str:
    """With a space between, but for languages whose full stop brings its own."""
    return "".join(text if text.endswith("。") else f"{text} " for text in sentences).rstrip(" ")


def _first_answered(wordings: Sentence, material: Material) -> str:
    return next((str(text) for text in wordings if is_answered(str(text), material)), "")
