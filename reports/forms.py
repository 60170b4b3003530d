from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import Language
from core.fiscal import FiscalYear, fiscal_year_of
from reports import selectors
from reports.slots import Material, unknown_slots


class DraftForm(forms.Form):
    """Which year, in which language; the last finished year unless another is chosen."""

    year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=lambda text: FiscalYear(int(text)))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    def __init__(self, *args: Any, today: date, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = selectors.years_with_records(today)
        self.fields["year"].choices = [(year.number, year.label) for year in years]
        self.fields["year"].initial = fiscal_year_of(today).previous.number
        self.fields["language"].initial = language


class SectionForm(forms.Form):
    heading = forms.CharField(label=_("Heading"), max_length=200)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 14}), required=False)

    def __init__(self, *args: Any, material: Material, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.material = material

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        unknown = unknown_slots(text, self.material)
        if unknown:
            raise forms.ValidationError(
                _("There is no figure called %(names)s. Take one from the list beside the text."),
                params={"names": ", ".join(unknown)},
            )
        return text
