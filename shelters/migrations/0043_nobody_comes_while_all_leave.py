from django.db import migrations

# As before (0009_who_writes_a_stay); nor does it while an evacuation runs there, whatever state somebody says
# meanwhile: pages call it shut as long, and a child or a guest must not be sent into it.
TAKES = """
CREATE OR REPLACE FUNCTION shelters_takes_people(shelter bigint, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(closed_on > day, true) AND coalesce(
    (SELECT state NOT IN ('exposed', 'closed') FROM public.shelters_shelterstatus
     WHERE shelter_id = shelter AND since <= day ORDER BY since DESC, id DESC LIMIT 1), true){left}
  FROM public.shelters_shelter WHERE id = shelter
$$;
"""
LEFT = """
    AND NOT EXISTS (SELECT FROM public.shelters_evacuation AS running
                    WHERE running.shelter_id = shelter AND running.finished_at IS NULL
                      AND (running.started_at AT TIME ZONE time_zone)::date <= day)"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0042_what_is_paid_is_an_expense")]
    operations = [migrations.RunSQL(TAKES.format(left=LEFT), TAKES.format(left=""))]
