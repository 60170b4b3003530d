from django.db import migrations

# What "own" means to a sponsor: the children of their sponsorships that run on the Tokyo day, and themselves.
OWN = """
CREATE FUNCTION foster_my_children() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT p.child_id), '{}')
  FROM public.foster_sponsorship AS p JOIN public.foster_sponsor AS s ON s.id = p.sponsor_id,
       LATERAL (SELECT (now() AT TIME ZONE 'Asia/Tokyo')::date AS today) AS d
  WHERE s.user_id = public.core_who() AND p.child_id IS NOT NULL
    AND p.started_on <= d.today AND (p.ended_on IS NULL OR p.ended_on > d.today)
$$;

CREATE FUNCTION foster_my_sponsors() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(id), '{}') FROM public.foster_sponsor WHERE user_id = public.core_who()
$$;

CREATE FUNCTION foster_my_donors() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(donor_id), '{}') FROM public.foster_sponsor WHERE user_id = public.core_who()
$$;

-- Who pays for a child: what officers see of the donors.
CREATE FUNCTION foster_donors() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(donor_id), '{}') FROM public.foster_sponsor
$$;

CREATE FUNCTION foster_uuids_of(children bigint[]) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(uuid), '{}') FROM public.foster_child WHERE id = ANY(children)
$$;

-- The children who live at the shelters of field staff.
CREATE FUNCTION foster_children_at_mine() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(id), '{}') FROM public.foster_child WHERE shelter_id = ANY(public.shelters_mine())
$$;
"""
BACK = """
DROP FUNCTION foster_children_at_mine() CASCADE;
DROP FUNCTION foster_uuids_of(bigint[]) CASCADE;
DROP FUNCTION foster_donors() CASCADE;
DROP FUNCTION foster_my_donors() CASCADE;
DROP FUNCTION foster_my_sponsors() CASCADE;
DROP FUNCTION foster_my_children() CASCADE;
"""
KINDS = "UPDATE core_datakey SET kind = 'foster.child' WHERE owner IN (SELECT uuid FROM foster_child)"


class Migration(migrations.Migration):
    dependencies = [("foster", "0003_allocations_within_bounds"), ("shelters", "0003_own_shelters")]
    operations = [migrations.RunSQL(OWN, BACK), migrations.RunSQL(KINDS, migrations.RunSQL.noop)]
