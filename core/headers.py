"""The headers of every answer, whatever its status and whichever part of the house gives it."""

STATIC = "/static/"

# No inline script, style or handler; nothing from elsewhere; nobody frames us.
CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # data: for the icons inside Bootstrap's CSS
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
# A photo is taken by the phone's own camera app, which needs none of these.
UNUSED_POWERS = (
    "accelerometer",
    "camera",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)

OF_EVERY_ANSWER = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in CONTENT_POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in UNUSED_POWERS),
    "Referrer-Policy": "same-origin",  # "no-referrer" would break the CSRF check over https
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# No page stays in a browser's or a proxy's cache: phones are taken unlocked.
NOT_KEPT = "no-store, private"
TALKATIVE = ("Expires", "Pragma", "Server", "X-Powered-By")


def may_be_kept(path: str, status: int) -> bool:
    """Style sheets, scripts and the icon: the same for everybody."""
    return path.startswith(STATIC) and status < 400
