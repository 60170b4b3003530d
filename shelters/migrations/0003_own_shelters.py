from django.db import migrations

# What "own" means to field staff: where they are posted on the Tokyo day. Row policies ask these functions;
# they read with the owner's rights, so that a policy does not lean on another.
OWN = """
CREATE FUNCTION shelters_mine() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(shelter_id), '{}') FROM public.shelters_posting
  WHERE user_id = public.core_who() AND days @> (now() AT TIME ZONE 'Asia/Tokyo')::date
$$;

CREATE FUNCTION shelters_my_residents() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT resident_id), '{}') FROM public.shelters_stay
  WHERE shelter_id = ANY(public.shelters_mine())
$$;

-- The records whose sealed values field staff may open.
CREATE FUNCTION shelters_my_sealed() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(uuid), '{}') FROM (
    SELECT uuid FROM public.shelters_shelter WHERE id = ANY(public.shelters_mine())
    UNION ALL
    SELECT uuid FROM public.shelters_resident WHERE id = ANY(public.shelters_my_residents())
  ) AS mine
$$;
"""
BACK = """
DROP FUNCTION shelters_my_sealed() CASCADE;
DROP FUNCTION shelters_my_residents() CASCADE;
DROP FUNCTION shelters_mine() CASCADE;
"""
# Keys made before they said whose they are.
KINDS = """
UPDATE core_datakey SET kind = 'shelters.shelter' WHERE owner IN (SELECT uuid FROM shelters_shelter);
UPDATE core_datakey SET kind = 'shelters.resident' WHERE owner IN (SELECT uuid FROM shelters_resident);
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0002_append_only"), ("accounts", "0003_row_identity")]
    operations = [migrations.RunSQL(OWN, BACK), migrations.RunSQL(KINDS, migrations.RunSQL.noop)]
