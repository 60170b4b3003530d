"""One way to write a day in English, short or long: 11/12/2026 is another day in London than in Tokyo."""

SHORT_DATE_FORMAT = "N j, Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "N j, Y, H:i"
TIME_FORMAT = "H:i"
