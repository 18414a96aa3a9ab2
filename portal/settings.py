"""Settings of the portal. Only this module reads the environment; docs/operations.md explains each name.

RAKOR_MODE is "production" unless told otherwise: a missing or unsafe production setting fails at start with a sentence.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg2.extensions import parse_dsn

from portal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("RAKOR_VAR", BASE_DIR / "var"))
MODE = os.environ.get("RAKOR_MODE", "production")
if MODE not in ("production", "local", "test"):
    raise ImproperlyConfigured(f"RAKOR_MODE must be production, local or test, not {MODE!r}.")
PRODUCTION = MODE == "production"


def _required(name: str, local: str) -> str:
    """The variable; in production it must be set, elsewhere `local` serves."""
    value = os.environ.get(name, "")
    if value or not PRODUCTION:
        return value or local
    raise ImproperlyConfigured(f"{name} is not set. In production it has no default; see docs/operations.md.")


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def _local_secret() -> str:
    """A secret made once for this checkout, so that a restart keeps everybody logged in."""
    file = VAR_DIR / "secret_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(50))
        file.chmod(0o600)
    return file.read_text().strip()


DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or (_required("SECRET_KEY", "") if PRODUCTION else _local_secret())
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
PORT = os.environ.get("PORT", "8000")
PUBLIC_URL = _required("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
HTTPS = _public.scheme == "https"
if PRODUCTION and not HTTPS:
    raise ImproperlyConfigured("PUBLIC_URL must begin with https:// in production.")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", _public.hostname or "").split(",") if host]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []

INSTALLED_APPS = [
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
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "portal.web",
    "portal.accounts",
    "portal.journal",
    "portal.documents",
    "portal.outbox",
    "portal.signing",
    "regencies",
    "programs",
    "rakor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.web.middleware.PlainCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.web.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.web.middleware.PlainTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.middleware.IdleTimeoutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.web.middleware.SentenceErrorsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "portal.web.context.portal",
            ],
            "builtins": ["portal.web.templatetags.portal"],
        },
    },
]


# -- database, cache, queue -------------------------------------------------------------------------------------------


def _database(url: str) -> dict:
    """Django's settings of a PostgreSQL URL, read by libpq's own parser."""
    parts = parse_dsn(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or embedded.database_url(VAR_DIR))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if MODE == "test":
    # The journal's trigger refuses TRUNCATE; only the test runner, which empties tables between tests, may.
    DATABASES["default"]["OPTIONS"]["options"] = "-c rakor.allow_truncate=on"


def _redis(number: int) -> str:
    """URL of one numbered database of the Redis in use."""
    if base := os.environ.get("REDIS_URL"):
        parts = urlsplit(base)
        if parts.scheme == "unix":
            return f"unix://{parts.netloc}{parts.path}?db={number}"
        return f"{parts.scheme}://{parts.netloc}/{number}"
    return embedded.redis_url(VAR_DIR, number)


_FIRST_REDIS = int(os.environ.get("RAKOR_REDIS_DB", "0"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis(_FIRST_REDIS + 1),
        "KEY_PREFIX": "rakor",
    }
}


def _broker(url: str) -> str:
    """Celery's spelling of a Redis URL: kombu calls a unix socket redis+socket."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={parts.query.removeprefix('db=')}"


CELERY_BROKER_URL = _broker(_redis(_FIRST_REDIS))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the hard time limit, else a slow rendering is handed out twice.
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # Who hints at work does not wait for a queue that is down: the sweep hints again.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_BEAT_SCHEDULE = {
    "sweep-documents": {"task": "portal.documents.clock.sweep_documents", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-bundles": {"task": "portal.documents.clock.sweep_bundles", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-outbox": {"task": "portal.outbox.clock.sweep_outbox", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-old-bundles": {
        "task": "portal.documents.clock.sweep_old_bundles",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-accounts": {
        "task": "portal.accounts.clock.sweep_accounts",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-attachments": {
        "task": "programs.clock.sweep_attachments",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-contract-batches": {
        "task": "programs.clock.sweep_contract_batches",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "remind-contracts": {
        "task": "programs.clock.remind_contracts",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "end-contracts": {"task": "programs.clock.end_contracts", "schedule": 3600.0, "options": {"expires": 3600}},
    "send-reminders": {"task": "rakor.clock.send_reminders", "schedule": 3600.0, "options": {"expires": 3600}},
    "watch-programmes": {"task": "rakor.clock.watch_programmes", "schedule": 60.0, "options": {"expires": 60}},
    "sweep-freezing": {"task": "programs.clock.sweep_freezing", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-analyses": {"task": "programs.clock.sweep_analyses", "schedule": 300.0, "options": {"expires": 300}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "celerybeat-schedule")
CELERY_TIMEZONE = "UTC"

# -- people -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
# allauth counts failures in the cache, which may be wiped; portal.accounts.throttling counts them in the database.
ACCOUNT_RATE_LIMITS = False
PASSWORD_LINK_HOURS = int(os.environ.get("RAKOR_LINK_HOURS", "72"))
MFA_ADAPTER = "portal.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "portal.accounts.forms.ActivateTOTPForm",
}
MFA_TOTP_TOLERANCE = 1  # RFC 6238 §5.2: phones' clocks drift; a code is taken only once all the same
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portal Rakor IKM"
USERSESSIONS_TRACK_ACTIVITY = False
REQUIRE_SECOND_FACTOR = _flag("RAKOR_REQUIRE_MFA", default=PRODUCTION)
IDLE_MINUTES = int(os.environ.get("RAKOR_IDLE_MINUTES", "30"))
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # Redis may be wiped; nobody shall be thrown out by that

# -- words, numbers, times --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "bahasa"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("RAKOR_TIME_ZONE", "Asia/Makassar")
USE_THOUSAND_SEPARATOR = True
PROVINCE_CODE = os.environ.get("RAKOR_PROVINCE", "53")
PAPER = os.environ.get("RAKOR_PAPER", "A4")
if PAPER not in ("A4", "F4"):
    raise ImproperlyConfigured(f"RAKOR_PAPER must be A4 or F4, not {PAPER!r}.")

# -- files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", VAR_DIR / "vendor")]
# Never served by URL: files leave through views that ask the rules.
MEDIA_ROOT = Path(os.environ.get("RAKOR_FILES", VAR_DIR / "files"))
FONT_DIR = VAR_DIR / "fonts"
STORAGES = {
    "default": {"BACKEND": "portal.web.storage.DiskStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
ATTACHMENT_MAX_MB = int(os.environ.get("ATTACHMENT_MAX_MB", "10"))
ATTACHMENT_MAX_COUNT = int(os.environ.get("ATTACHMENT_MAX_COUNT", "60"))
ATTACHMENT_MAX_TOTAL_MB = int(os.environ.get("ATTACHMENT_MAX_TOTAL_MB", "150"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["portal.web.uploads.NameOnlyHandler"]
BUNDLE_DAYS = int(os.environ.get("RAKOR_BUNDLE_DAYS", "7"))  # life of a ZIP that somebody ordered
SCAN_LARGEST = int(os.environ.get("RAKOR_SCAN_MB", "15")) * 1024 * 1024  # bytes of a signed and scanned paper
EXAMINE_LARGEST = 20 * 1024 * 1024  # bytes of a file whose signatures somebody has checked on the public page
TPL_MAX_YEARS = int(os.environ.get("RAKOR_TPL_MAX_YEARS", "2"))
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# -- signatures -------------------------------------------------------------------------------------------------------

# The portal's own certificate authority: `manage.py make_signing_ca` fills this folder, nobody else reads the key.
SIGNING_DIR = Path(os.environ.get("SIGNING_DIR", VAR_DIR / "signing"))
SIGNING_CA_PASSPHRASE = os.environ.get("SIGNING_CA_PASSPHRASE", "")  # encrypts the authority's key on disk
SIGNING_YEARS = int(os.environ.get("SIGNING_YEARS", "2"))  # life of a person's certificate
# The government's Esign Client service (BSrE). Without an address it is off.
BSRE_URL = os.environ.get("BSRE_URL", "").rstrip("/")
BSRE_USER = os.environ.get("BSRE_USER", "")
BSRE_PASSWORD = os.environ.get("BSRE_PASSWORD", "")
BSRE_CONNECT_SECONDS = float(os.environ.get("BSRE_CONNECT_SECONDS", "5"))
BSRE_SECONDS = float(os.environ.get("BSRE_SECONDS", "40"))  # the whole answer
BSRE_ROOTS = os.environ.get("BSRE_ROOTS", "")  # PEM file of the roots that its certificates are checked against
if PRODUCTION and BSRE_URL and not BSRE_URL.startswith("https://") and not _flag("BSRE_PLAIN_HTTP", default=False):
    raise ImproperlyConfigured("BSRE_URL must begin with https://: passphrases travel there. See BSRE_PLAIN_HTTP.")

# -- e-mail -----------------------------------------------------------------------------------------------------------

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.console.EmailBackend"
)
PASSWORD_MAIL = bool(EMAIL_HOST) or MODE == "test"  # without a mail server nobody is promised a link by e-mail
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", f"portal-rakor@{_public.hostname}")

# -- security ---------------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
if HTTPS:  # other sites under the same domain (….go.id) cannot plant cookies of these names
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "31536000" if HTTPS else "0"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _flag("HSTS_SUBDOMAINS", default=HTTPS)
if _flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- log --------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Their progress is no news, at the console least of all.
    "loggers": {name: {"level": "WARNING"} for name in ("pikepdf", "weasyprint", "fontTools")},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO" if MODE != "test" else "WARNING")},
}
