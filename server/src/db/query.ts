import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';

/**
 * A named query (prepared once per connection) and the schema of its rows. Rows are parsed, so a wrong row fails
 * here and not three calls later.
 */
export type Statement<Row> = {
  readonly name: string;
  readonly text: string;
  readonly row: z.ZodType<Row>;
  /** Not prepared: PostgreSQL plans it for its values each time. For values of very different frequency. */
  readonly isPlannedByValues?: boolean;
};

export type Queryable = Pick<Pool | ClientBase, 'query'>;

export async function many<Row>(
  db: Queryable,
  statement: Statement<Row>,
  values: unknown[] = [],
): Promise<Row[]> {
  const { name, text, row, isPlannedByValues } = statement;
  const result = await db.query<Record<string, unknown>>({
    name: isPlannedByValues ? undefined : name,
    text,
    values,
  });
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

/** Runs a statement without reading rows; returns how many rows it affected. */
export async function run(
  db: Queryable,
  name: string,
  text: string,
  values: unknown[] = [],
): Promise<number> {
  const result = await db.query({ name, text, values });
  return result.rowCount ?? 0;
}

/** bigint columns arrive as text; ours all fit a double. */
export const bigint = z.coerce.number().int();
/** A timestamptz column as an ISO instant, as on the wire. */
export const timestamp = z.date().transform((at) => at.toISOString());
