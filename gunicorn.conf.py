"""What the web server says goes the way of all log lines; by itself it would write addresses in full."""

import os

from gunicorn.http import wsgi

from core.logs import configuration

wsgi.SERVER = "web"  # which program answers is nobody's business; it has no setting for that
logconfig_dict = configuration(os.environ.get("LOG_LEVEL", "INFO"))
