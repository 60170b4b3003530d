"""What goes into the cache goes as JSON.

Django's own serializer unpickles: whoever can write to Redis could run code in the web server. Sealed values
and records are refused here besides.
"""

import json
from typing import Any


class Json:
    """Named by CACHES in the settings."""

    def dumps(self, value: Any) -> int | str:
        # A bare whole number, so that Redis itself can count it up.
        return value if type(value) is int else json.dumps(value)

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)
