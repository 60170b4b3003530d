import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from core.identity import run_as_system
from lfnkr.celery import app
from lfnkr.scheduler import PunctualScheduler


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted <= set(app.tasks)


@pytest.mark.django_db(transaction=True)  # beat closes its connection between turns
def test_entry_that_left_the_code_leaves_the_schedule():
    every_hour = IntervalSchedule.objects.create(every=1, period="hours")
    PeriodicTask.objects.create(name="left-the-code", task="gone.task", interval=every_hour)
    PunctualScheduler(app=app)
    names = set(PeriodicTask.objects.values_list("name", flat=True))
    assert "left-the-code" not in names
    assert set(app.conf.beat_schedule) <= names


@pytest.mark.django_db(transaction=True)
def test_beat_writes_its_schedule_as_the_system():
    """Its rows are shown to nobody else, and beat has no request that says for whom it acts."""
    connection_created.disconnect(dispatch_uid="core.identity")  # a process that is nobody's yet
    try:
        connection.close()
        PunctualScheduler(app=app)
    finally:
        run_as_system()
    assert set(app.conf.beat_schedule) <= set(PeriodicTask.objects.values_list("name", flat=True))


def test_schedule_counts_in_tokyo():
    assert str(app.timezone) == "Asia/Tokyo"
