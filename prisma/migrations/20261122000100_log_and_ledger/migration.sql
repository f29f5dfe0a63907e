-- What Prisma's schema cannot say: dated tables without overlap, partitions of the log, checks, and the functions
-- that end a transaction. A function's name carries its version, so that old and new nodes can run side by side.

CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE team_parentage ADD CONSTRAINT team_parentage_no_overlap
  EXCLUDE USING gist (team_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE team_leadership ADD CONSTRAINT team_leadership_no_overlap
  EXCLUDE USING gist (team_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE membership ADD CONSTRAINT membership_no_overlap
  EXCLUDE USING gist (member_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE customer_ownership ADD CONSTRAINT customer_ownership_no_overlap
  EXCLUDE USING gist (customer_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE lifecycle_change ADD CONSTRAINT lifecycle_change_no_overlap
  EXCLUDE USING gist (customer_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE stage_change ADD CONSTRAINT stage_change_no_overlap
  EXCLUDE USING gist (opportunity_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE opportunity_amount ADD CONSTRAINT opportunity_amount_no_overlap
  EXCLUDE USING gist (opportunity_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE opportunity_ownership ADD CONSTRAINT opportunity_ownership_no_overlap
  EXCLUDE USING gist (opportunity_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE task_status_change ADD CONSTRAINT task_status_change_no_overlap
  EXCLUDE USING gist (task_id WITH =, tstzrange("from", until) WITH &&);
ALTER TABLE task_assignment ADD CONSTRAINT task_assignment_no_overlap
  EXCLUDE USING gist (task_id WITH =, tstzrange("from", until) WITH &&);

ALTER TABLE target ADD CONSTRAINT target_one_contestant
  CHECK (num_nonnulls(member_id, team_id) = 1 AND contestant_id = coalesce(member_id, team_id));
ALTER TABLE opportunity ADD CONSTRAINT opportunity_amounts_not_negative
  CHECK (amount >= 0 AND won_amount >= 0);
ALTER TABLE opportunity ADD CONSTRAINT opportunity_closed_when_not_open
  CHECK ((status = 'OPEN') = (closed_at IS NULL));
ALTER TABLE meeting ADD CONSTRAINT meeting_ends_after_it_starts CHECK (ends_at > starts_at);

-- At most one version of a metric counts, and at most one is being built.
CREATE UNIQUE INDEX metric_version_one_per_state ON metric_version (metric_id, state)
  WHERE state IN ('ACTIVE', 'BUILDING');

INSERT INTO log_epoch (id, epoch) VALUES (1, gen_random_uuid());
ALTER TABLE log_epoch ADD CONSTRAINT log_epoch_one_row CHECK (id = 1);

-- ---------------------------------------------------------------- partitions of the log

-- A row that no month takes goes to the default partition: late maintenance loses nothing.
CREATE TABLE event_default PARTITION OF event DEFAULT;

-- Makes the month partitions from the present month to p_ahead months on. Called at every start and once a day.
CREATE FUNCTION event_partitions_v1(p_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  made integer := 0;
  month date;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('muster.event_partitions'));
  FOR ahead IN 0..p_ahead LOOP
    month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
    name := 'event_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass(name) IS NOT NULL;
    -- Only a month that has no rows in the default partition can be split off.
    CONTINUE WHEN EXISTS (SELECT FROM event_default
      WHERE logged_at >= month AT TIME ZONE 'UTC' AND logged_at < (month + interval '1 month') AT TIME ZONE 'UTC');
    EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', name,
      month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- ---------------------------------------------------------------- the end of a transaction

-- Adds to the roll-ups, in the order of their key (the caller sorts), and marks with '-infinity' the rows whose
-- reached_at must be settled from the ledger. The time line is counts_at, so:
-- 1. entries that all count before reached_at move everything after it alike: it stays;
-- 2. entries that are all positive, none before last_at: the last of them reached it;
-- 3. anything else is settled by rollups_settle_v1.
-- Says whether anything is to be settled.
CREATE FUNCTION rollups_apply_v1(p_organization uuid, p_rollups jsonb) RETURNS boolean LANGUAGE sql AS $$
  WITH applied AS (
  INSERT INTO rollup AS r (organization_id, metric_version_id, grain, bucket, kind, contestant_id, team_path_id,
    amount, entries, last_at, reached_at)
  SELECT p_organization, n.version, n.grain, n.bucket, n.kind, n.contestant, n.path, n.amount, n.entries, n.last,
    -- Where all are positive the row brings its first moment, for rule 2; settling puts the last one into new rows.
    CASE WHEN n.positive THEN n.first ELSE '-infinity' END
  FROM jsonb_to_recordset(p_rollups) AS n(version uuid, grain "PeriodUnit", bucket date, kind "RollupKind",
    contestant uuid, path uuid, amount numeric, entries integer, first timestamptz, last timestamptz, positive boolean)
  ON CONFLICT (organization_id, metric_version_id, grain, bucket, kind, contestant_id, team_path_id) DO UPDATE SET
    amount = r.amount + excluded.amount,
    entries = r.entries + excluded.entries,
    last_at = greatest(r.last_at, excluded.last_at),
    reached_at = CASE
      WHEN r.reached_at = '-infinity' THEN r.reached_at
      WHEN excluded.last_at < r.reached_at THEN r.reached_at
      WHEN excluded.reached_at <> '-infinity' AND excluded.reached_at >= r.last_at THEN excluded.last_at
      ELSE '-infinity' END
  RETURNING reached_at = '-infinity' AS marked
  )
  -- Single positive entries are settled already, which is what nearly all are.
  SELECT bool_or(marked) OR p_rollups @? '$[*] ? (@.entries > 1)' FROM applied
$$;

-- Walks back over a contestant's entries of the bucket to the last one before which the score was lower.
CREATE FUNCTION rollups_settle_v1(p_organization uuid, p_rollups jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  row record;
  reached timestamptz;
BEGIN
  UPDATE rollup r SET reached_at = n.last
  FROM jsonb_to_recordset(p_rollups) AS n(version uuid, grain "PeriodUnit", bucket date, kind "RollupKind",
    contestant uuid, path uuid, entries integer, last timestamptz, positive boolean)
  WHERE n.positive AND n.entries > 1 AND r.entries = n.entries
    AND r.organization_id = p_organization AND r.metric_version_id = n.version AND r.grain = n.grain
    AND r.bucket = n.bucket AND r.kind = n.kind AND r.contestant_id = n.contestant AND r.team_path_id = n.path;

  FOR row IN
    SELECT n.* FROM jsonb_to_recordset(p_rollups) AS n(version uuid, grain "PeriodUnit", bucket date,
      kind "RollupKind", contestant uuid, path uuid, start timestamptz, "end" timestamptz)
    JOIN rollup r ON r.organization_id = p_organization AND r.metric_version_id = n.version AND r.grain = n.grain
      AND r.bucket = n.bucket AND r.kind = n.kind AND r.contestant_id = n.contestant AND r.team_path_id = n.path
    WHERE r.reached_at = '-infinity'
  LOOP
    reached := NULL;
    IF row.kind = 'MEMBER' THEN
      SELECT w.counts_at INTO reached FROM (
        SELECT e.counts_at, e.position, e.ordinal,
          sum(e.amount) OVER (ORDER BY e.counts_at DESC, e.position DESC, e.ordinal DESC) AS since
        FROM score_entry e
        WHERE e.organization_id = p_organization AND e.metric_version_id = row.version
          AND e.member_id = row.contestant AND e.team_path_id = row.path
          AND e.counts_at >= coalesce(row.start, '-infinity') AND e.counts_at < coalesce(row."end", 'infinity')
      ) w WHERE w.since > 0 ORDER BY w.counts_at DESC, w.position DESC, w.ordinal DESC LIMIT 1;
    ELSE
      SELECT w.counts_at INTO reached FROM (
        SELECT e.counts_at, e.position, e.ordinal,
          sum(e.amount) OVER (ORDER BY e.counts_at DESC, e.position DESC, e.ordinal DESC) AS since
        FROM score_entry e
        WHERE e.organization_id = p_organization AND e.metric_version_id = row.version
          AND e.team_path_id IN (SELECT p.id FROM team_path p
            WHERE p.organization_id = p_organization AND row.contestant = ANY (p.team_ids))
          AND e.counts_at >= coalesce(row.start, '-infinity') AND e.counts_at < coalesce(row."end", 'infinity')
      ) w WHERE w.since > 0 ORDER BY w.counts_at DESC, w.position DESC, w.ordinal DESC LIMIT 1;
    END IF;
    UPDATE rollup r SET reached_at = reached
    WHERE r.organization_id = p_organization AND r.metric_version_id = row.version AND r.grain = row.grain
      AND r.bucket = row.bucket AND r.kind = row.kind AND r.contestant_id = row.contestant
      AND r.team_path_id = row.path;
  END LOOP;
END $$;

-- The last statement of every transaction, in one flight with COMMIT. Takes the organization's head, so that log
-- order is commit order, and refuses (40001: try again) what was derived from an older revision or from other closed
-- periods: nothing enters a closed one. p_events and p_entries are arrays; an entry names its event by index, or a position of its own.
CREATE FUNCTION finish_v1(
  p_organization uuid, p_now timestamptz, p_shift interval, p_revision integer, p_bump boolean,
  p_closed_before timestamptz, p_events jsonb, p_entries jsonb, p_rollups jsonb, p_paths jsonb,
  p_caller text, p_mutation text, p_key text, p_outcome jsonb
) RETURNS TABLE (first_position bigint, last_position bigint, at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  head record;
  count integer := jsonb_array_length(p_events);
  unsettled boolean := false;
BEGIN
  IF p_rollups <> '[]' THEN
    unsettled := rollups_apply_v1(p_organization, p_rollups);
  END IF;

  UPDATE log_head h SET
    position = h.position + count,
    logged_at = greatest(h.logged_at, date_trunc('milliseconds', clock_timestamp() + p_shift)),
    revision = h.revision + p_bump::integer
  WHERE h.organization_id = p_organization
  RETURNING h.position, h.logged_at, h.closed_before, h.revision - p_bump::integer AS revision INTO head;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'organization % has no log', p_organization;
  END IF;
  IF head.revision <> p_revision THEN
    RAISE EXCEPTION 'derived from revision %, now %', p_revision, head.revision USING ERRCODE = '40001';
  END IF;
  IF p_entries <> '[]' AND head.closed_before IS DISTINCT FROM p_closed_before THEN
    RAISE EXCEPTION 'a period was closed or reopened' USING ERRCODE = '40001';
  END IF;

  INSERT INTO event (organization_id, position, logged_at, occurred_at, type, version, record_type, record_id,
    record_version, actor_id, payload, visibility)
  SELECT p_organization, head.position - count + e.ordinality, head.logged_at,
    coalesce((e.value ->> 'occurredAt')::timestamptz, p_now), e.value ->> 'type', (e.value ->> 'version')::smallint,
    e.value ->> 'recordType', (e.value ->> 'recordId')::uuid, (e.value ->> 'recordVersion')::integer,
    (e.value ->> 'actorId')::uuid, e.value -> 'payload', e.value -> 'visibility'
  FROM jsonb_array_elements(p_events) WITH ORDINALITY AS e;

  IF p_entries <> '[]' THEN
    PERFORM entries_insert_v1(p_organization, head.position - count, head.logged_at, p_entries, p_paths);
    IF unsettled THEN
      PERFORM rollups_settle_v1(p_organization, p_rollups);
    END IF;
  END IF;

  IF p_key IS NOT NULL THEN
    UPDATE idempotency_key k SET outcome = p_outcome || jsonb_build_object('position', head.position::text)
    WHERE k.organization_id = p_organization AND k.caller_key = p_caller AND k.mutation = p_mutation
      AND k.key = p_key;
  END IF;
  RETURN QUERY SELECT head.position - count + 1, head.position, head.logged_at;
END $$;

-- p_base: the position before the transaction's first event. An entry has `event` (index from 1 into the events of
-- this transaction) or, when a version is built from the log, `position` and `recordedAt` of its own.
CREATE FUNCTION entries_insert_v1(
  p_organization uuid, p_base bigint, p_logged_at timestamptz, p_entries jsonb, p_paths jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_paths <> '[]' THEN
    INSERT INTO team_path (id, organization_id, team_ids)
    SELECT n.id, p_organization, n."teamIds"
    FROM jsonb_to_recordset(p_paths) AS n(id uuid, "teamIds" uuid[])
    WHERE NOT EXISTS (SELECT FROM team_path p WHERE p.id = n.id)
    ORDER BY n.id
    ON CONFLICT DO NOTHING;
  END IF;
  INSERT INTO score_entry (organization_id, metric_version_id, position, ordinal, subject, member_id, team_path_id,
    amount, counts_at, originally_at, recorded_at, reverses_position, reverses_ordinal)
  SELECT p_organization, n.version, coalesce(n.position, p_base + n.event), n.ordinal, n.subject, n.member, n.path,
    n.amount, n."countsAt", n."originallyAt", coalesce(n."recordedAt", p_logged_at),
    coalesce(n."reversesPosition", p_base + n."reversesEvent"), n."reversesOrdinal"
  FROM jsonb_to_recordset(p_entries) AS n(version uuid, event integer, position bigint, ordinal integer,
    subject text, member uuid, path uuid, amount numeric, "countsAt" timestamptz, "originallyAt" timestamptz,
    "recordedAt" timestamptz, "reversesPosition" bigint, "reversesEvent" integer, "reversesOrdinal" integer);
END $$;
