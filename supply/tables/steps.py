from typing import Any

import django_tables2 as columns
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.lists import Table


class TableWithSteps(Table):
    """With a column of buttons for who has the `right` to them, in no file; a model's table adds `steps`."""

    right: Right

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        hidden = () if request.user.may(self.right) else ("steps",)
        super().__init__(*args, request=request, exclude=hidden, **kwargs)


class StepsColumn(columns.TemplateColumn):
    def __init__(self, template_name: str) -> None:
        super().__init__(
            template_name=template_name, verbose_name=_("Steps"), orderable=False, exclude_from_export=True
        )
