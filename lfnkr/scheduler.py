import socket

from django_celery_beat.schedulers import DatabaseScheduler

from core.health import heard_from
from core.identity import run_as_system


class PunctualScheduler(DatabaseScheduler):
    """The database scheduler that also tells `/healthz` it is alive, and forgets removed entries."""

    def setup_schedule(self) -> None:
        run_as_system()  # before beat itself says that it starts: the schedule's rows are nobody else's
        self._forget_removed_entries()
        super().setup_schedule()

    def tick(self, *args: object, **kwargs: object) -> float:
        heard_from("beat", socket.gethostname())
        return super().tick(*args, **kwargs)

    def _forget_removed_entries(self) -> None:
        # django-celery-beat updates rows from the schedule but never deletes one that left the code.
        known = {*self.app.conf.beat_schedule, "celery.backend_cleanup"}
        self.Model.objects.exclude(name__in=known).delete()
