import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Who was evacuated is named by the code also once they are nobody's to see here: who came today and is handed
# on leaves no night behind, and the row policy hides them. The database writes it, of the stay.
NAME = """
CREATE FUNCTION shelters_code_of_stay(stay bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT code FROM public.shelters_resident
  WHERE id = (SELECT resident_id FROM public.shelters_stay WHERE id = stay)
$$;
REVOKE EXECUTE ON FUNCTION shelters_code_of_stay(bigint) FROM PUBLIC;

CREATE FUNCTION shelters_name_evacuated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.code := public.shelters_code_of_stay(NEW.stay_id);
  RETURN NEW;
END $$;
CREATE TRIGGER named BEFORE INSERT ON shelters_evacuationperson
  FOR EACH ROW EXECUTE FUNCTION shelters_name_evacuated();

-- The rows that are there already; no UPDATE, which the table refuses.
ALTER TABLE shelters_evacuationperson ALTER COLUMN code TYPE varchar(20) USING shelters_code_of_stay(stay_id);
"""
NAME_BACK = """
DROP TRIGGER named ON shelters_evacuationperson;
DROP FUNCTION shelters_name_evacuated();
DROP FUNCTION shelters_code_of_stay(bigint);
"""

# The form that handed somebody on, sent again by who did not get its answer: the code of whom, so that
# it gets the first one. Who came today and is handed on is hidden from the shelter they came to.
HANDED_ON = """
CREATE FUNCTION shelters_handed_on(stay bigint, form uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT resident.code
  FROM public.shelters_stay AS here
  JOIN public.shelters_stay AS there USING (resident_id)
  JOIN public.shelters_resident AS resident ON resident.id = resident_id
  WHERE here.id = stay AND here.shelter_id = ANY(public.shelters_mine())
    AND there.key = form AND there.is_planned AND there.shelter_id <> here.shelter_id
$$;
"""

# As before (0010_person_days), and of the counts of a day the newest; one that counts everybody, also who is
# registered, holds until the next count.
PERSON_DAYS = """
CREATE OR REPLACE FUNCTION shelters_person_days(shelter bigint, first date, last date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(sum(
    CASE {whole}WHEN here.staying > 0 THEN here.staying
         WHEN here.last_left IS NULL OR counted.counted_on >= here.last_left THEN counted.people
    END), 0)
  FROM public.shelters_shelter
  CROSS JOIN generate_series(first, last, '1 day') AS night(day)
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE nights @> day::date) AS staying, max(upper(nights)) AS last_left
    FROM public.shelters_stay
    WHERE shelter_id = shelter AND NOT is_planned AND lower(nights) <= day::date
  ) AS here
  LEFT JOIN LATERAL (
    SELECT people, counted_on{column} FROM public.shelters_headcount
    WHERE shelter_id = shelter AND counted_on <= day::date ORDER BY counted_on DESC{newest} LIMIT 1
  ) AS counted ON true
  WHERE id = shelter AND opened_on <= day::date AND coalesce(closed_on > day::date, true)
$$;
"""
WHOLE = """WHEN counted.with_registered THEN greatest(counted.people, here.staying)
         """


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0022_time_zones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "evacuationperson",
            "code",
            models.CharField(default="", editable=False, max_length=20, verbose_name="code"),
        ),
        migrations.RunSQL(NAME, NAME_BACK),
        migrations.RunSQL(HANDED_ON, "DROP FUNCTION shelters_handed_on(bigint, uuid)"),
        migrations.RemoveConstraint("headcount", "head_count_one_a_day"),
        migrations.AddField("headcount", "key", models.UUIDField(editable=False, null=True)),
        migrations.AddField(
            "headcount",
            "with_registered",
            models.BooleanField(default=False, verbose_name="with who is registered"),
        ),
        migrations.AddConstraint(
            "headcount", models.UniqueConstraint(fields=["key"], name="head_count_one_per_key")
        ),
        migrations.AddIndex(
            "headcount", models.Index(fields=["shelter", "-counted_on", "-id"], name="head_count_newest")
        ),
        migrations.RunSQL(
            PERSON_DAYS.format(whole=WHOLE, column=", with_registered", newest=", id DESC"),
            PERSON_DAYS.format(whole="", column="", newest=""),
        ),
        migrations.CreateModel(
            name="EvacuationCounted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("people", models.PositiveIntegerField(verbose_name="people")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("moved", "moved to another shelter"),
                            ("safe_country", "reached a safe country"),
                            ("returned", "went back by choice"),
                            ("arrested", "arrested"),
                            ("repatriated", "sent back by force"),
                            ("died", "died"),
                            ("unknown", "not known"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("to_code", models.CharField(blank=True, max_length=20, verbose_name="to")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
                ("key", models.UUIDField(editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "evacuation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counted",
                        to="shelters.evacuation",
                        verbose_name="evacuation",
                    ),
                ),
            ],
            options={
                "verbose_name": "people of an evacuation who were counted",
                "ordering": ["evacuation", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="evacuation_counted_one_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(("people__gt", 0)),
                        name="evacuation_counted_are_some",
                        violation_error_message="Write a number above zero.",
                    ),
                ],
            },
        ),
    ]
