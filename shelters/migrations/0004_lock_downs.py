import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

MINE = """
CREATE OR REPLACE FUNCTION shelters_mine() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(shelter_id), '{}') FROM public.shelters_posting AS posting
  WHERE user_id = public.core_who() AND days @> (now() AT TIME ZONE 'Asia/Tokyo')::date
"""
UNLESS_LOCKED_DOWN = """
    AND NOT EXISTS (SELECT FROM public.shelters_shelterlockdown AS lock
                    WHERE lock.shelter_id = posting.shelter_id AND lock.lifted_at IS NULL)
"""
KEPT = """
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON shelters_shelterlockdown
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_lock_down();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0003_own_shelters"),
        ("accounts", "0004_lock_downs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShelterLockDown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="since"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("arrested", "arrested or taken away"),
                            ("raid", "raid or search"),
                            ("forced", "forced to log in or to show something"),
                            ("phone_lost", "phone lost or taken"),
                            ("missing", "cannot be reached"),
                            ("mistake", "showed or sent something by mistake"),
                            ("dismissed", "does not work with us any more"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                        verbose_name="what happened",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="in your own words")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "lift_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why it is lifted"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked down by",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lock_downs",
                        to="shelters.shelter",
                        verbose_name="shelter",
                    ),
                ),
            ],
            options={
                "verbose_name": "lock-down of a shelter",
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lift_reason", ""), ("lifted_at__isnull", True), ("lifted_by__isnull", True)
                            ),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="shelterlockdown_lifted_by_somebody_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True),
                            ("lifted_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="shelterlockdown_lifted_after_it_began",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("shelter",),
                        name="shelterlockdown_one_in_force",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER kept ON shelters_shelterlockdown"),
        migrations.RunSQL(f"{MINE}{UNLESS_LOCKED_DOWN}$$", f"{MINE}$$"),
    ]
