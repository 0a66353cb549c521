import type { Queryable } from '../src/db/query.ts';

/**
 * Removes a protection from a test database, to check that tests notice: rewrites an SQL function. Throws if the text to
 * replace is missing.
 */
export async function mutate(
  owner: Queryable,
  name: string,
  ...changes: [from: string, to: string][]
): Promise<void> {
  const { rows } = await owner.query<{ text: string }>('SELECT pg_get_functiondef($1::regproc) AS text', [
    name,
  ]);
  let text = rows[0]?.text ?? '';
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${name} does not contain: ${from}`);
    text = text.replaceAll(from, to);
  }
  await owner.query(text);
}
