-- Claims with the transport and the reprocessing of equipment, like `claimsWithHandling` of shared/src/cases.ts. A closure takes
-- exactly its time. The caller has locked the resources.
CREATE FUNCTION with_handling(p_site uuid, p_claims jsonb) RETURNS jsonb
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(CASE WHEN r.id IS NULL THEN a.claim ELSE a.claim || jsonb_build_object(
      'start', (a.claim ->> 'start')::timestamptz
        - coalesce((r.attributes ->> 'transportMinutes')::int, 0) * interval '1 minute',
      'end', (a.claim ->> 'end')::timestamptz
        + coalesce((r.attributes ->> 'reprocessMinutes')::int, 0) * interval '1 minute') END ORDER BY a.n), '[]')
  FROM jsonb_array_elements(p_claims) WITH ORDINALITY a(claim, n)
  LEFT JOIN resources r ON r.site_id = p_site AND r.id = (a.claim ->> 'resource')::uuid AND r.kind = 'equipment'
    AND a.claim ->> 'case' IS NOT NULL
$$;
