import type { Database } from '../src/db/pool.ts';

type Statement = string | { name?: string };
type Session = { query(statement: Statement, ...values: unknown[]): Promise<unknown> };
/** Runs around each statement: `name` is its name, or its text if it has none. `send` sends it. */
type Around = (name: string, send: () => Promise<unknown>, session: Session) => Promise<unknown>;

/**
 * The pool, with a step before each statement of that name. COMMIT does not wait for the last statement of a transaction, so
 * it overtakes a step before it.
 */
export const beforeStatement = (pool: Database, name: string, act: () => void | Promise<void>): Database =>
  aroundStatements(pool, async (each, send) => {
    if (each === name) await act();
    return send();
  });

/** The pool, with `around` called for each statement. */
export function aroundStatements(pool: Database, around: Around): Database {
  const wrap = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(_, key) {
        if (key === 'query') {
          const session = target as unknown as Session;
          return (statement: Statement, ...values: unknown[]) => {
            const name = typeof statement === 'string' ? statement : (statement.name ?? '');
            return around(name, () => session.query(statement, ...values), session);
          };
        }
        if (key === 'connect') return async () => wrap(await pool.connect());
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  return wrap(pool);
}
