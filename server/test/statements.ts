import pg from 'pg';
import type { Database } from '../src/db/pool.ts';

// Pools whose statements a test delays, rewrites or watches, by the name of the statement.

type Statement = string | { name?: string; text: string };
type Session = { query(statement: Statement, ...values: unknown[]): Promise<unknown> };
/** Runs around each statement: `send` sends it, or its replacement. A statement without a name has its text as name. */
type Around = (
  name: string,
  send: (replacement?: Statement) => Promise<unknown>,
  session: Session,
  statement: Statement,
) => Promise<unknown>;

/**
 * The pool, with a step before each statement of that name. COMMIT does not wait for the last statement of a transaction, so
 * it overtakes a step before it.
 */
export const beforeStatement = (pool: Database, name: string, act: () => void | Promise<void>): Database =>
  aroundStatements(pool, async (each, send) => {
    if (each === name) await act();
    return send();
  });

/** The pool, with a step after the reply to each statement of that name. */
export const afterStatement = (pool: Database, name: string, act: () => Promise<void>): Database =>
  aroundStatements(pool, async (each, send) => {
    const reply = await send();
    if (each === name) await act();
    return reply;
  });

/** The pool, with all SQLSTATEs recorded, including those of statements that are retried. */
export const recordErrors = (pool: Database, errors: Set<string>): Database =>
  aroundStatements(pool, (_, send) =>
    send().catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code) errors.add(error.code);
      throw error;
    }),
  );

let rewritings = 0;

/** The pool, with some statements rewritten: to switch off a protection and check that the test notices. */
export function rewrite(pool: Database, changes: Record<string, (text: string) => string>): Database {
  // Under a new name: the connection may have prepared the original already.
  const suffix = `rewritten-${++rewritings}`;
  return aroundStatements(pool, (name, send, _, statement) => {
    const change = changes[name];
    if (!change || typeof statement === 'string') return send();
    const text = change(statement.text);
    if (text === statement.text) throw new Error(`${name}: nothing was rewritten`);
    return send({ ...statement, name: `${name}-${suffix}`, text });
  });
}

/** The pool, with `around` called for each statement. */
export function aroundStatements(pool: Database, around: Around): Database {
  const wrap = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(_, key) {
        if (key === 'query') {
          const session = target as unknown as Session;
          return (statement: Statement, ...values: unknown[]) => {
            const name = typeof statement === 'string' ? statement : (statement.name ?? '');
            const send = (replacement = statement) => session.query(replacement, ...values);
            return around(name, send, session, statement);
          };
        }
        if (key === 'connect') return async () => wrap(await pool.connect());
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  return wrap(pool);
}

/** A point that a command reaches and does not pass before the test opens the gate. */
export function createGate() {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    pass: () => {
      reached.resolve();
      return opened.promise;
    },
  };
}
