-- As finish_v1, and says besides how many milliseconds it waited for the organization's head: who writes at the same time
-- in one organization queues there, and nowhere else would that show.
CREATE FUNCTION finish_v2(
  p_organization uuid, p_now timestamptz, p_shift interval, p_revision integer, p_bump boolean,
  p_closed_before timestamptz, p_events jsonb, p_entries jsonb, p_rollups jsonb, p_paths jsonb,
  p_caller text, p_mutation text, p_key text, p_outcome jsonb
) RETURNS TABLE (first_position bigint, last_position bigint, at timestamptz, waited_ms float8) LANGUAGE plpgsql AS $$
DECLARE
  head record;
  count integer := jsonb_array_length(p_events);
  unsettled boolean := false;
  asked timestamptz;
  waited float8;
BEGIN
  IF p_rollups <> '[]' THEN
    unsettled := rollups_apply_v1(p_organization, p_rollups);
  END IF;

  asked := clock_timestamp();
  UPDATE log_head h SET
    position = h.position + count,
    logged_at = greatest(h.logged_at, date_trunc('milliseconds', clock_timestamp() + p_shift)),
    revision = h.revision + p_bump::integer
  WHERE h.organization_id = p_organization
  RETURNING h.position, h.logged_at, h.closed_before, h.revision - p_bump::integer AS revision INTO head;
  waited := extract(epoch FROM clock_timestamp() - asked) * 1000;
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
  RETURN QUERY SELECT head.position - count + 1, head.position, head.logged_at, waited;
END $$;
