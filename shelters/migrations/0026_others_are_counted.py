from django.db import migrations, models

# Of a count of everybody (`with_registered`): those who were not registered. The table refuses an UPDATE.
KEEP = """
CREATE FUNCTION shelters_others_counted(shelter bigint, counted_on date, people integer) RETURNS integer
LANGUAGE sql STABLE AS $$
  SELECT greatest(0, people - count(*))::integer FROM shelters_stay
  WHERE shelter_id = shelter AND NOT is_planned AND nights @> counted_on
$$;
ALTER TABLE shelters_headcount ALTER COLUMN others TYPE integer
  USING CASE WHEN with_registered THEN shelters_others_counted(shelter_id, counted_on, people) END;
DROP FUNCTION shelters_others_counted(bigint, date, integer);
"""
KEEP_BACK = """
ALTER TABLE shelters_headcount ALTER COLUMN with_registered TYPE boolean USING others IS NOT NULL;
"""

# As before (0023_counted_and_gone), but who is counted beside the registered comes on top of them.
PERSON_DAYS = """
CREATE OR REPLACE FUNCTION shelters_person_days(shelter bigint, first date, last date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(sum(
    CASE WHEN {whole}
         WHEN here.staying > 0 THEN here.staying
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
    SELECT people, counted_on, {column} FROM public.shelters_headcount
    WHERE shelter_id = shelter AND counted_on <= day::date ORDER BY counted_on DESC, id DESC LIMIT 1
  ) AS counted ON true
  WHERE id = shelter AND opened_on <= day::date AND coalesce(closed_on > day::date, true)
$$;
"""
ON_TOP = "counted.others IS NOT NULL THEN here.staying + counted.others"
INSTEAD = "counted.with_registered THEN greatest(counted.people, here.staying)"


class Migration(migrations.Migration):
    dependencies = [("shelters", "0025_amounts_of_their_currency")]
    operations = [
        migrations.AddField(
            "headcount",
            "others",
            models.PositiveIntegerField(
                blank=True,
                help_text="Where some are registered by code; empty: nobody was.",
                null=True,
                verbose_name="of them not registered",
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(PERSON_DAYS.format(whole=ON_TOP, column="others"), migrations.RunSQL.noop),
        migrations.RunSQL("", PERSON_DAYS.format(whole=INSTEAD, column="with_registered")),
        migrations.RunSQL("", KEEP_BACK),
        migrations.RemoveField("headcount", "with_registered"),
        migrations.AddConstraint(
            "headcount",
            models.CheckConstraint(
                condition=models.Q(("others", None), ("others__lte", models.F("people")), _connector="OR"),
                name="head_count_others_are_of_the_people",
                violation_error_message="No more than the people who were counted.",
            ),
        ),
    ]
