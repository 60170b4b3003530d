from django.conf import settings
from django.http import HttpRequest

from accounts.permissions import Right
from accounts.selectors import leak_findings


def can(request: HttpRequest) -> dict:
    """`can.STOCK_LOG` in a template: the one way a template asks for a right.

    `count_leaks`: asked by start pages alone, how many findings of the leak guard wait for this person.
    """
    user = getattr(request, "user", None)
    rights = user.rights if user is not None and user.is_authenticated else frozenset()
    return {
        "can": {right.name: right in rights for right in Right},
        "sample": settings.SAMPLE,
        "count_leaks": lambda: leak_findings(user).count() if rights else 0,
    }
