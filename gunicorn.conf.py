"""What the web server says goes the way of all log lines; by itself it would write addresses in full."""

import os

from core.logs import configuration

logconfig_dict = configuration(os.environ.get("LOG_LEVEL", "INFO"))
