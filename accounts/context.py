from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.permissions import Right
from accounts.tiles import Tiles


def can(request: HttpRequest) -> dict:
    """`can.STOCK_LOG` in a template: the one way a template asks for a right.

    `waiting`: what this person may answer as the second person.
    `count_leaks`: asked by start pages alone, how many findings of the leak guard wait for this person.
    """
    user = getattr(request, "user", None)
    rights = user.rights if user is not None and user.is_authenticated else frozenset()
    tiles = Tiles(user, timezone.now())
    return {
        "can": {right.name: right in rights for right in Right},
        "sample": settings.SAMPLE,
        # Looked up by the pages that show it alone.
        "waiting": SimpleLazyObject(lambda: tiles.waiting if rights else []),
        "count_leaks": lambda: tiles.findings if rights else 0,
    }
