"""What could differ after a restore: a statement that does it, and how the comparison must name it."""

_A_RATE_MORE = """
INSERT INTO core_exchangerate
SELECT 900, gen_random_uuid(), '2020-01-01', base, quote, rate, source FROM core_exchangerate LIMIT 1
"""
_DEAF = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$
"""
DAMAGE = {
    "a changed row": (
        "UPDATE shelters_shelter SET capacity = 13",
        "table public.shelters_shelter: as many rows, but not the same ones",
    ),
    "a row more": (_A_RATE_MORE, "table public.core_exchangerate: 2 rows instead of 1"),
    "a row less": ("DELETE FROM core_datakey", "table public.core_datakey: 0 rows instead of"),
    "a trigger off": (
        "ALTER TABLE supply_movement DISABLE TRIGGER append_only",
        "trigger append_only on public.supply_movement: “",
    ),
    "a trigger gone": (
        "DROP TRIGGER append_only ON accounts_revealentry",
        "trigger append_only on public.accounts_revealentry: missing",
    ),
    "a foreign key asleep": (
        "ALTER TABLE shelters_stay DISABLE TRIGGER ALL",
        "constraint shelters_stay_resident_id",
    ),
    "a constraint gone": (
        "ALTER TABLE core_outboxmessage DROP CONSTRAINT outbox_one_mail_per_key",
        "constraint outbox_one_mail_per_key on public.core_outboxmessage: missing",
    ),
    "an index gone": ("DROP INDEX outbox_open", "index public.outbox_open: missing"),
    "another function": (_DEAF, "function public.refuse_change(): “"),
    "another owner": (
        "ALTER TABLE core_job OWNER TO lfnkr_app",
        "relation public.core_job: “owner lfnkr_owner” is gone",
    ),
    "a right more": (
        "GRANT TRUNCATE ON core_auditentry TO lfnkr_app",
        "grant table public.core_auditentry: “lfnkr_app TRUNCATE by",
    ),
    "a right in future": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE lfnkr_owner GRANT ALL ON TABLES TO PUBLIC",
        "future grant r of lfnkr_owner in every schema, public: not in the backup",
    ),
    "a policy": (
        "CREATE POLICY all_see_all ON core_job USING (true)",
        "policy all_see_all on public.core_job",
    ),
    "row security": ("ALTER TABLE core_exchangerate ENABLE ROW LEVEL SECURITY", "“row security true” is new"),
    "a table more": ("CREATE TABLE leak AS SELECT 1 AS x", "table public.leak: not in the backup"),
    "a column": ("ALTER TABLE core_job ADD COLUMN leaked text", "“leaked text"),
    "a default": (
        "ALTER TABLE supply_item ALTER COLUMN name SET DEFAULT 'x'",
        "relation public.supply_item: “name",
    ),
    "a sequence": (
        "SELECT setval('core_job_id_seq', 4000)",
        "sequence public.core_job_id_seq: stands at 4000 instead of",
    ),
    "a power": ("ALTER ROLE lfnkr_app BYPASSRLS", "role lfnkr_app: “"),
    "a membership": (
        "GRANT lfnkr_owner TO lfnkr_app",
        "membership lfnkr_app in lfnkr_owner: not in the backup",
    ),
    "a setting": (
        "ALTER ROLE lfnkr_backup RESET ALL",
        "setting lfnkr_backup: default_transaction_read_only: missing",
    ),
    "the database": (
        "GRANT CREATE ON DATABASE lfnkr TO lfnkr_app",
        "grant the database: “lfnkr_app CREATE",
    ),
}
