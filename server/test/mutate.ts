import type { Queryable } from '../src/db/query.ts';

/**
 * Removes a protection from a test database, to check that tests notice: rewrites an SQL function. Throws if the text to
 * replace is missing. Returns a function that restores it.
 */
export async function mutate(
  owner: Queryable,
  name: string,
  ...changes: [from: string, to: string][]
): Promise<() => Promise<void>> {
  const { rows } = await owner.query<{ text: string }>('SELECT pg_get_functiondef($1::regproc) AS text', [
    name,
  ]);
  const original = rows[0]?.text ?? '';
  let text = original;
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${name} does not contain: ${from}`);
    text = text.replaceAll(from, to);
  }
  await owner.query(text);
  return async () => {
    await owner.query(original);
  };
}

/**
 * Returns SQL for a mutated function: the first session that gets there waits for the second, so that both are between the
 * same two statements, on any machine.
 */
export async function meetingOfTwo(owner: Queryable): Promise<string> {
  await owner.query(
    `DROP SEQUENCE IF EXISTS arrivals; CREATE SEQUENCE arrivals; GRANT ALL ON SEQUENCE arrivals TO PUBLIC`,
  );
  return `PERFORM nextval('arrivals'); WHILE (SELECT last_value FROM arrivals) < 2 LOOP PERFORM pg_sleep(0.005); END LOOP;`;
}
