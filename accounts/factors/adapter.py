"""What django-allauth asks about second factors where our answer differs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.factors import seeds
from accounts.models import User

# An app of codes and the passkeys of a phone are looked through by whoever takes it: they do not name us.
ISSUER = "Office"

_whose: ContextVar[User] = ContextVar("whose")


@contextmanager
def seeds_of(person: User) -> Iterator[None]:
    """Inside, seeds are sealed and opened for this person. Outside, for nobody."""
    token = _whose.set(person)
    try:
        yield
    finally:
        _whose.reset(token)


class SealedSeeds(DefaultMFAAdapter):
    """The library hands us a text without its owner: `seeds_of` says whose it is, or nothing is opened."""

    def encrypt(self, text: str) -> str:
        return seeds.seal(text, _whose.get())

    def decrypt(self, encrypted_text: str) -> str:
        return seeds.unseal(encrypted_text, _whose.get())

    def get_totp_issuer(self) -> str:
        return ISSUER

    def get_totp_label(self, user: User) -> str:
        return user.name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": ISSUER}

    def get_public_key_credential_user_entity(self, user: User) -> dict:
        return super().get_public_key_credential_user_entity(user) | {"name": user.name}
