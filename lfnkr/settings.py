"""All settings, from the environment alone; `.env.example` names and explains each.

`manage.py` and `make` set DATABASE_URL and REDIS_URL to the embedded servers when they are absent.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from core import headers, logs
from lfnkr.production import refuse_unsafe_production

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# --- What kind of installation this is ---------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SAMPLE = env.bool("SAMPLE", False)  # invented data, plain http, mails shown in the app
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SEALING_KEY_FILE = env.str("SEALING_KEY_FILE", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
refuse_unsafe_production(
    debug=DEBUG,
    sample=SAMPLE,
    secret_key=SECRET_KEY,
    sealing_key_file=SEALING_KEY_FILE,
    email_url=env.str("EMAIL_URL", ""),
)

# --- The house -----------------------------------------------------------------------------------
HOUSE_APPS = ["core", "accounts", "supply", "donations", "shelters", "foster", "reports"]
INSTALLED_APPS = [
    # Ours stand first: their templates and commands win over those of the libraries.
    *HOUSE_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "template_partials",
]
MIDDLEWARE = [
    "core.middleware.outer_skin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.office_time",
    "core.middleware.sent_within",
    "core.middleware.request_log",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.entry.devices.Devices",
    "accounts.middleware.speak_their_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.SealedPages",
    "accounts.entry.throttle.HoldTheDoor",
    "accounts.middleware.Gate",
]
ROOT_URLCONF = "lfnkr.urls"
WSGI_APPLICATION = "lfnkr.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.can",
                "lfnkr.navigation.navigation",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The sample: its invented year, and the log-ins that `prepare_stack` makes for it on this machine.
SAMPLE_WORKBOOK = BASE_DIR / "sample" / "demo.xlsx"
SAMPLE_PHOTOS = BASE_DIR / "sample" / "photos"
SAMPLE_LOG_INS = BASE_DIR / ".local" / "log-ins.txt"

# --- Database: one PostgreSQL, two roles ----------------------------------------------------------
# The app connects as a role that may not change the schema; `manage.py migrate` as its owner.

if not env.str("DATABASE_URL", "") or not env.str("REDIS_URL", ""):
    raise ImproperlyConfigured(
        "DATABASE_URL and REDIS_URL are not set. Start commands through manage.py or make, which use "
        "the embedded servers, or set both."
    )
APP_DATABASE_ROLE = unquote(urlsplit(env.str("DATABASE_URL")).username or "")
_as_owner = env.str("DATABASE_ROLE", "app") == "owner" and env.str("OWNER_DATABASE_URL", "")
APP_DATABASE = env.dj_db_url("DATABASE_URL")
DATABASES = {"default": env.dj_db_url("OWNER_DATABASE_URL") if _as_owner else dict(APP_DATABASE)}
DATABASES["default"] |= {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 600}
# Beyond so many tables PostgreSQL joins in the order written. A register's rows name seven or eight, found
# by the first: to weigh every other order takes it longer than all the rest (docs/adr/0027).
_options = DATABASES["default"].get("OPTIONS", {})
_asked = f"{_options.get('options', '')} -c join_collapse_limit=4".strip()
DATABASES["default"]["OPTIONS"] = _options | {"options": _asked}

# The third wall: model → the statements that put up its row policies (after every migrate).
ROW_WALLS = "lfnkr.walls.statements_of"
ROW_GUARDS = "lfnkr.walls.table.GUARDS"
# Tables of libraries whose rows leave a trail as ours do.
GUARDED_LIBRARY_MODELS = ["mfa.authenticator"]
# Tables of libraries that the app writes; all others of theirs it only reads.
WRITTEN_LIBRARY_MODELS = [
    "account.emailaddress",
    "sessions.session",
    "django_celery_beat.crontabschedule",
    "django_celery_beat.intervalschedule",
    "django_celery_beat.periodictask",
    "django_celery_beat.periodictasks",
]

# --- Backup: docs/backup.md -----------------------------------------------------------------------


def _address(setting: str) -> dict:
    return env.dj_db_url(setting) if env.str(setting, "") else {}


BACKUP_DATABASE = _address("BACKUP_DATABASE_URL")  # reads every row and writes none
RESTORE_DATABASE = _address("RESTORE_DATABASE_URL")  # a superuser, for `manage.py restore` alone
OWNER_DATABASE = _address("OWNER_DATABASE_URL")
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", [])
BACKUP_DIR = env.str("BACKUP_DIR", "")
BACKUP_DAYS = env.int("BACKUP_DAYS", 90)
BACKUP_KEYS_DAYS = env.int("BACKUP_KEYS_DAYS", 30)  # how long a forgotten person can still be brought back
BACKUP_WATCHERS = "accounts.selectors.administrators"  # → people who are told when a backup fails
HEALTH_TELLS = {"ledger": "supply.selectors.state_of_ledger"}  # line of /healthz → its word
PG_BIN = env.str("PG_BIN", "")

# --- Redis: the queue in database 0, the cache in 1 (cache.clear() must not empty the queue) ------
REDIS_URL = env.str("REDIS_URL")


def _redis(database: int, *, celery: bool = False) -> str:
    parts = urlsplit(REDIS_URL)
    if parts.scheme == "unix":
        if celery:
            return f"redis+socket://{parts.path}?virtual_host={database}"
        return f"unix://{parts.path}?db={database}"
    return f"{parts.scheme}://{parts.netloc}/{database}"


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis(1),
        "KEY_PREFIX": env.str("CACHE_PREFIX", ""),
        "OPTIONS": {
            "serializer": "core.caching.Json",
            "socket_timeout": 2,  # seconds: who logs in waits for it
            "socket_connect_timeout": 2,
        },
    }
}
CELERY_BROKER_URL = _redis(0, celery=True)
CELERY_RESULT_BACKEND = None  # results live in our own rows, never in Redis
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # every task is safe to run twice
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "lfnkr")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "lfnkr.scheduler.PunctualScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Tokyo"

# --- Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "lfnkr.formats"
TIME_ZONE = "Asia/Tokyo"  # of the office; a page about one shelter counts the days of there
USE_TZ = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"

# --- Who comes in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mails are unique without regard to case: user_one_per_email
AUTHENTICATION_BACKENDS = ["accounts.entry.backends.NotLockedDown"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.entry.adapter.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the administrator invites a known address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that strangers type in
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.entry.tokens.UntilLogInsEnd"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds that the link in a mail works
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# How often somebody may try, and from where: "ip" an address, "key" one account or one address typed.
ACCOUNT_RATE_LIMITS = {
    "login": "",  # log_in_of_address instead: not for browsers that are known (accounts.known)
    "log_in_of_address": "30/m/ip",
    "login_failed": "5/5m/key",
    "second_step": "5/5m/key",
    "confirm": "5/5m/key",
    "mail_of_address": "10/m/ip",
    "mail_to_address": "3/15m/key",
}
MFA_ADAPTER = "accounts.factors.adapter.SealedSeeds"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # finger, face or PIN: a found phone alone opens nothing
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

SESSION_ENGINE = "core.sessions"  # in the database, by hash; one DELETE cuts off a lost device
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
if not SAMPLE:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
# Nothing a person uploads is ever spooled in clear to a temporary folder.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 15 * 2**20

# --- Mail: every message is an outbox row first; only core.tasks.send_outbox sends ----------------
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "office@lfnkr.example")

# --- Pages ----------------------------------------------------------------------------------------
FORM_RENDERER = "core.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FILTERS_EMPTY_CHOICE_LABEL = _("all")  # a filter that is not set
STATIC_URL = headers.STATIC
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept as a file
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if SAMPLE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = SAMPLE
WHITENOISE_ALLOW_ALL_ORIGINS = False
MESSAGE_STORAGE = "core.said.SaidOnce"

# --- The workbook: a sheet per kind of record, in the order in which they may lean on one another -
WORKBOOK_SHEETS = [
    "supply.sheets.Items",
    "supply.sheets.Packs",
    "supply.sheets.Places",
    "supply.sheets.Recipients",
    "supply.sheets.Routes",
    "supply.sheets.RouteStatuses",
    "supply.sheets.RouteTargets",
    "supply.sheets.RouteSites",
    "supply.sheets.Lots",
    "donations.sheets.Funds",
    "donations.sheets.Programmes",
    "donations.sheets.Donors",
    "donations.sheets.Donations",
    "donations.sheets.ExchangeRates",
    "accounts.sheets.People",
    "shelters.sheets.Shelters",
    "shelters.sheets.ShelterStatuses",
    "shelters.sheets.Postings",
    "shelters.sheets.Residents",
    "shelters.sheets.Stays",
    "shelters.sheets.HeadCounts",
    "shelters.sheets.Rations",
    "supply.sheets.Movements",
    "supply.sheets.Levels",
    "supply.sheets.StandingPlans",
    "supply.sheets.ClosedMonths",
    "shelters.sheets.Clothing",
    "shelters.sheets.MedicalCases",
    "shelters.sheets.MedicalCosts",
    "shelters.sheets.MedicalSupplies",
    "shelters.sheets.Allowances",
    "shelters.sheets.AllowancesTakenBack",
    "shelters.sheets.Incidents",
    "shelters.sheets.PeopleOfIncidents",
    "shelters.sheets.PaymentsOfIncidents",
    "shelters.sheets.EffectsOfIncidents",
    "shelters.sheets.TimelineOfIncidents",
    "donations.sheets.Expenses",
    "foster.sheets.Children",
    "foster.sheets.ChildStatuses",
    "foster.sheets.SchoolTerms",
    "foster.sheets.Sponsors",
    "foster.sheets.Sponsorships",
    "foster.sheets.SponsorshipRates",
    "foster.sheets.Pauses",
    "foster.sheets.Dues",
    "foster.sheets.Updates",
    "reports.sheets.Activities",
    "reports.sheets.Measures",
    "reports.sheets.Partners",
    "reports.sheets.OutsideStatistics",
]
WORKBOOK_ACTOR = "accounts.sheets.actor"  # e-mail address or None → who imports

# --- When something happens: what apps further down ask of those above -----------------------------
EXPORTS_NOTED_BY = "accounts.services.note_export"
COLLEAGUES = "shelters.selectors.colleagues_of"  # person → whom they work with
# person, key of a shelter → UUID and code of the children who live there, for who may see them
CHILDREN_AT = "foster.selectors.children_at"
OWN_STORES = "shelters.selectors.own_stores"  # person → keys of the stores where they work
SHUT_STORES = "shelters.selectors.shut_stores"  # keys of places or None → key → why nothing goes there
ZONES_OF_STORES = "shelters.selectors.zones_of_stores"  # keys of places → key → time zone of its shelter
# What another log-in could see, kind by kind, the most dangerous first.
EXPOSURE = [
    "shelters.exposure.SHELTERS",
    "shelters.exposure.RESIDENTS",
    "foster.exposure.CHILDREN",
    "shelters.exposure.MEDICAL_CASES",
    "shelters.exposure.INCIDENTS",
    "shelters.exposure.NOTES_ON_INCIDENTS",
    "shelters.exposure.NOTES_ON_LEAVING",
    "shelters.exposure.POSTINGS",
    "supply.exposure.ROUTES",
    "supply.exposure.RECIPIENTS",
    "shelters.exposure.CONSIGNMENTS",
    "shelters.exposure.EVACUATIONS",
    "shelters.exposure.ALLOWANCES",
    "shelters.exposure.COUNTS",
    "foster.exposure.SPONSORS",
    "donations.exposure.DONORS",
    "accounts.exposure.PEOPLE",
    "foster.exposure.UPDATES",
    "foster.exposure.PHOTOS",
    "donations.exposure.DONATIONS",
    "donations.exposure.EXPENSES",
    "reports.exposure.REPORTS",
    "reports.exposure.ACTIVITIES",
]

# --- The NGO's own numbers ------------------------------------------------------------------------
ORGANISATION_NAME = _("Life Funds for North Korean Refugees")
FISCAL_YEAR_FIRST_MONTH = 9
# The second person for shelter addresses, and how many sealed values a person opens within an hour.
REVEAL_NEEDS_TWO = env.bool("REVEAL_NEEDS_TWO", True)
REVEALS_AN_HOUR = env.int("REVEALS_AN_HOUR", 5, validate=validate.Range(min=1))
BACK_DATING_DAYS = env.int("BACK_DATING_DAYS", 31)  # how far back staff may date a stock movement
PLANNING_DAYS = env.int("PLANNING_DAYS", 183)  # how far back and ahead a consignment may be planned

# --- Logs: one JSON line a request and task; no names, no bodies, no addresses in full ------------
LOGGING = logs.configuration(env.str("LOG_LEVEL", "INFO"))
