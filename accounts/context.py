from django.conf import settings
from django.http import HttpRequest

from accounts.permissions import Right


def can(request: HttpRequest) -> dict:
    """`can.STOCK_LOG` in a template: the one way a template asks for a right."""
    user = getattr(request, "user", None)
    rights = user.rights if user is not None and user.is_authenticated else frozenset()
    return {"can": {right.name: right in rights for right in Right}, "sample": settings.SAMPLE}
