-- Whether the installation has no site yet. Anyone can request an account, so pending accounts do not count.
CREATE FUNCTION needs_set_up() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT NOT EXISTS (SELECT FROM sites) AND NOT EXISTS (SELECT FROM users WHERE status <> 'pending')
$$;
