from django.db import migrations, models

# As before (0017_evacuations_are_kept); why it was begun may be said by who finishes it, if nobody said it.
KEEP = """
CREATE OR REPLACE FUNCTION shelters_keep_evacuation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ending text[] := {ending};
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF OLD.finished_at IS NOT NULL OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
    RAISE EXCEPTION 'an evacuation is finished once and else not changed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'evacuation_is_kept';
  END IF;
  IF NEW.finished_by_id IS DISTINCT FROM public.core_who() OR NEW.finished_at < OLD.started_at THEN
    RAISE EXCEPTION 'who finishes it says so themselves'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'evacuation_is_finished_in_person';
  END IF;
  RETURN NEW;
END $$;
"""
BEFORE = "'{finished_at,finished_by_id}'"
WITH_WHY = f"CASE WHEN OLD.reason = '' THEN '{{finished_at,finished_by_id,reason}}' ELSE {BEFORE} END"


class Migration(migrations.Migration):
    dependencies = [("shelters", "0038_sought_and_found")]
    operations = [
        migrations.RunSQL(KEEP.format(ending=WITH_WHY), KEEP.format(ending=BEFORE)),
        migrations.AlterField(
            "evacuation", "reason", models.CharField(blank=True, max_length=200, verbose_name="reason")
        ),
        migrations.AddConstraint(
            "evacuation",
            models.CheckConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="evacuation_finished_with_a_reason",
            ),
        ),
    ]
