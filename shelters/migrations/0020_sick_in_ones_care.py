from django.db import migrations

# Whose illnesses and allowances field staff read and write: who stays with them or was last there, and whom
# they wrote down and who has been nowhere yet (as shelters_may_take). Who moved on is in the care of others:
# what comes to them there is nothing for a phone taken at the first shelter.
CARE = """
CREATE FUNCTION shelters_in_my_care() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT resident_id AS id FROM public.shelters_stay AS stay
    WHERE shelter_id = ANY(public.shelters_mine()) AND NOT is_planned
      AND NOT EXISTS (SELECT FROM public.shelters_stay AS later
                      WHERE later.resident_id = stay.resident_id AND NOT later.is_planned
                        AND lower(later.nights) > lower(stay.nights))
    UNION
    SELECT id FROM public.shelters_resident AS resident
    WHERE registered_by_id = public.core_who() AND public.shelters_mine() <> '{}'
      AND NOT EXISTS (SELECT FROM public.shelters_stay AS stay
                      WHERE stay.resident_id = resident.id AND NOT stay.is_planned)
  ) AS mine
$$;
"""
BACK = "DROP FUNCTION shelters_in_my_care() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("shelters", "0019_postings_are_kept")]
    operations = [migrations.RunSQL(CARE, BACK)]
