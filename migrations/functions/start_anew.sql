-- After an import: consoles load the site again, and new cases get numbers after the imported ones. Runs as the owner: the
-- server's role may change neither.
CREATE FUNCTION start_anew(p_site uuid, p_last_number bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE sites SET epoch = gen_random_uuid() WHERE id = p_site;
  -- Far enough ahead that numbers drawn meanwhile are not drawn again. It only ever goes forward.
  PERFORM setval('case_numbers', p_last_number + 1000)
    WHERE p_last_number >= (SELECT last_value FROM case_numbers) AND p_last_number < 1000000000;
END $$;

REVOKE ALL ON FUNCTION start_anew FROM PUBLIC;
GRANT EXECUTE ON FUNCTION start_anew TO slate_server;
