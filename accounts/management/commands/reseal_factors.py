from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import selectors, services
from accounts.factors.seeds import SeedCannotBeOpened


class Command(BaseCommand):
    help = "After a change of SECRET_KEY, the former one in SECRET_KEY_FALLBACKS: seals second factors anew."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = services.reseal_seeds(by=selectors.system_user())
        except SeedCannotBeOpened:
            raise CommandError(
                "A seed opens with no key: put the former SECRET_KEY into SECRET_KEY_FALLBACKS. "
                "Nothing was changed."
            ) from None
        self.stdout.write(f"Sealed anew: {moved}. The former key may leave SECRET_KEY_FALLBACKS.")
