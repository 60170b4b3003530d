"""The token of a link that sets a password."""

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

from accounts.models import User


class UntilLogInsEnd(EmailAwarePasswordResetTokenGenerator):
    """Void as soon as all log-ins of the person are ended: a lock-down also closes the mailbox's way in."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.log_ins_ended}"
