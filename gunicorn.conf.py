"""What the web server says goes the way of all log lines; by itself it would write addresses in full."""

import gc
import os
from typing import Any

from gunicorn.http import wsgi

from core.logs import configuration

wsgi.SERVER = "web"  # which program answers is nobody's business; it has no setting for that
logconfig_dict = configuration(os.environ.get("LOG_LEVEL", "INFO"))


def post_worker_init(worker: Any) -> None:
    """What was loaded stays until the end: looking through it for garbage, again and again, finds none."""
    gc.collect()
    gc.freeze()
