CREATE FUNCTION block_template_json(t block_templates) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('id', t.id, 'plan', t.plan, 'recurrence', t.recurrence, 'exceptions', t.exceptions,
    'version', t.version)
$$;
