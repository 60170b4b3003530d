"""One way to write a day in Japanese too: nobody reads 2026/12/31 beside 2026年12月10日 in one glance."""

SHORT_DATE_FORMAT = "Y年n月j日"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y年n月j日 G:i"
TIME_FORMAT = "G:i"
