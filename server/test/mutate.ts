import type { Queryable } from '../src/db/query.ts';

/**
 * Takes a protection away from the database of a test, to see that its absence would be noticed: rewrites one
 * of its functions. What is to be rewritten must be there.
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
    if (!text.includes(from)) throw new Error(`${name} does not say: ${from}`);
    text = text.replaceAll(from, to);
  }
  await owner.query(text);
}
