import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask

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


def test_schedule_counts_in_tokyo():
    assert str(app.timezone) == "Asia/Tokyo"
