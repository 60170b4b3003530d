"""What a page says once, after a form that was booked."""

from typing import Any

from django.contrib.messages.storage.session import SessionStorage


class SaidOnce(SessionStorage):
    """A sentence that waits for the next page already is not said twice.

    A form sent again, since the network swallowed its answer, adds the sentence that the first time added.
    """

    _loaded_messages: list[Any]
    _queued_messages: list[Any]

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        waiting = [*self._loaded_messages, *self._queued_messages]
        if any((one.level, str(one.message)) == (level, str(message)) for one in waiting):
            return
        super().add(level, message, extra_tags)
