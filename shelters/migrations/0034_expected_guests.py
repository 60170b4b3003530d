import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Who is on the way to a shelter in danger is stopped, and sent on by who expects them.
GUESTS = """
-- Who hands somebody on is called when it gets dangerous there. Who did not arrive is written back to where
-- they came from by whoever said so: that is no plan of theirs, nor have they to know that place.
CREATE FUNCTION shelters_sign_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.planned_by_id := CASE WHEN TG_OP = 'UPDATE' THEN OLD.planned_by_id
                            WHEN NEW.is_planned AND NOT NEW.is_missing AND public.core_role() = 'field_staff'
                            THEN public.core_who() END;
  RETURN NEW;
END $$;
CREATE TRIGGER plan_is_signed BEFORE INSERT OR UPDATE OF planned_by_id ON shelters_stay
  FOR EACH ROW EXECUTE FUNCTION shelters_sign_plan();

-- Of a shelter of one's own, or any for an administrator: who is to be called about expected guests.
CREATE FUNCTION shelters_who_handed_on(shelter bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT planned_by_id), '{}') FROM public.shelters_stay
  WHERE shelter_id = shelter AND is_planned AND cancelled_at IS NULL AND planned_by_id IS NOT NULL
    AND NOT is_missing
    AND (public.core_role() = 'administrator' OR shelter = ANY(public.shelters_mine()))
$$;

-- Whom the person handed on to a shelter that takes nobody now, as "code → code of the shelter": what they
-- knew when they did. Not who has come under another roof meanwhile.
CREATE FUNCTION shelters_guests_in_danger() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(resident.code || ' → ' || shelter.code ORDER BY resident.code), '{}')
  FROM public.shelters_stay AS stay
  JOIN public.shelters_resident AS resident ON resident.id = stay.resident_id
  JOIN public.shelters_shelter AS shelter ON shelter.id = stay.shelter_id
  CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE shelter.time_zone)::date AS day) AS today
  WHERE stay.planned_by_id = public.core_who() AND public.core_role() = 'field_staff'
    AND stay.is_planned AND stay.cancelled_at IS NULL AND NOT stay.is_missing
    AND NOT shelter.id = ANY(public.shelters_mine())
    AND (NOT public.shelters_takes_people(shelter.id, today.day)
         OR EXISTS (SELECT FROM public.shelters_evacuation AS running
                    WHERE running.shelter_id = shelter.id AND running.finished_at IS NULL))
    AND NOT EXISTS (SELECT FROM public.shelters_stay AS here
                    WHERE here.resident_id = resident.id AND NOT here.is_planned AND here.nights @> today.day)
$$;

-- For administrators, who see no stays: from where somebody was handed on who did not arrive, and nobody
-- can look for them: nobody is posted, or the shelter is locked down. Codes of shelters, one a person.
CREATE FUNCTION shelters_missing_from() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(shelter.code ORDER BY shelter.code), '{}')
  FROM public.shelters_stay AS stay
  JOIN public.shelters_shelter AS shelter ON shelter.id = stay.shelter_id
  WHERE public.core_role() = 'administrator'
    AND stay.is_planned AND stay.is_missing AND stay.cancelled_at IS NULL
    AND (NOT EXISTS (SELECT FROM public.shelters_posting AS posting
                     JOIN public.accounts_user AS person ON person.id = posting.user_id AND person.is_active
                     WHERE posting.shelter_id = shelter.id
                       AND posting.days @> (now() AT TIME ZONE shelter.time_zone)::date)
         OR EXISTS (SELECT FROM public.shelters_shelterlockdown AS lock
                    WHERE lock.shelter_id = shelter.id AND lock.lifted_at IS NULL))
$$;
"""
GUESTS_BACK = """
DROP FUNCTION shelters_missing_from();
DROP FUNCTION shelters_guests_in_danger();
DROP FUNCTION shelters_who_handed_on(bigint);
DROP TRIGGER plan_is_signed ON shelters_stay;
DROP FUNCTION shelters_sign_plan();
"""
# As before (0009_who_writes_a_stay); who is expected may stand at the door of a shelter that takes nobody.
MAY_TAKE = """
CREATE OR REPLACE FUNCTION shelters_may_take(resident bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(
    (SELECT shelter_id = ANY(public.shelters_mine()) FROM public.shelters_stay
     WHERE resident_id = resident AND (NOT is_planned OR (
       cancelled_at >= now() AND shelter_id = ANY(public.shelters_mine())))  -- taken back just now
     ORDER BY lower(nights) DESC, id DESC LIMIT 1),
    (SELECT registered_by_id = public.core_who() AND public.shelters_mine() <> '{{}}'
     FROM public.shelters_resident WHERE id = resident),
    false){expected}
$$;
"""
EXPECTED = """
  OR EXISTS (SELECT FROM public.shelters_stay WHERE resident_id = resident AND is_planned
             AND cancelled_at IS NULL AND shelter_id = ANY(public.shelters_mine()))"""


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0033_danger_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "stay",
            "planned_by",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="expected by the word of",
            ),
        ),
        migrations.RunSQL(GUESTS, GUESTS_BACK),
        migrations.RunSQL(MAY_TAKE.format(expected=EXPECTED), MAY_TAKE.format(expected="")),
        migrations.AlterField(
            "evacuationperson",
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
                    ("not_coming", "does not come"),
                ],
                max_length=12,
                verbose_name="outcome",
            ),
        ),
    ]
