import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';

/**
 * A query with a name (prepared once per connection), what it takes, and what one row of it is. Rows are
 * parsed: a database that answers something else is noticed here and not three calls later.
 */
export type Statement<Row> = { readonly name: string; readonly text: string; readonly row: z.ZodType<Row> };

export type Queryable = Pick<Pool | ClientBase, 'query'>;

export async function many<Row>(
  db: Queryable,
  statement: Statement<Row>,
  values: unknown[] = [],
): Promise<Row[]> {
  const { name, text, row } = statement;
  const result = await db.query<Record<string, unknown>>({ name, text, values });
  return result.rows.map((each) => row.parse(each));
}

export async function maybeOne<Row>(db: Queryable, statement: Statement<Row>, values: unknown[] = []) {
  const rows = await many(db, statement, values);
  if (rows.length > 1) throw new Error(`${statement.name}: expected at most one row, got ${rows.length}`);
  return rows[0];
}

export async function one<Row>(
  db: Queryable,
  statement: Statement<Row>,
  values: unknown[] = [],
): Promise<Row> {
  const row = await maybeOne(db, statement, values);
  if (row === undefined) throw new Error(`${statement.name}: expected one row, got none`);
  return row;
}

/** For statements whose rows nobody reads; answers how many rows were touched. */
export async function run(
  db: Queryable,
  name: string,
  text: string,
  values: unknown[] = [],
): Promise<number> {
  const result = await db.query({ name, text, values });
  return result.rowCount ?? 0;
}

/** bigint columns arrive as text; those of ours fit a double. */
export const bigint = z.coerce.number().int();
/** timestamptz columns as the contract writes instants. */
export const timestamp = z.date().transform((at) => at.toISOString());
