import type { Database } from '../src/db/pool.ts';

type Query = { name: string; text: string };
let rewritings = 0;

type Session = { query(query: Query | string, ...rest: unknown[]): unknown };

/**
 * A pool with some statements rewritten, by name: to switch off a protection and check that the test notices, or to slow
 * a statement down so that a race always happens.
 */
export function rewrite(pool: Database, changes: Record<string, (text: string) => string>): Database {
  // Under a new name: the connection may have prepared the original already.
  const suffix = `rewritten-${++rewritings}`;
  const wrap = <Target extends Session>(target: Target): Target =>
    new Proxy(target, {
      get(_, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        if (property !== 'query') return value.bind(target) as unknown;
        return (query: Query | string, ...rest: unknown[]) => {
          const change = typeof query === 'string' ? undefined : changes[query.name];
          if (!change || typeof query === 'string') return target.query(query, ...rest);
          const text = change(query.text);
          if (text === query.text) throw new Error(`${query.name}: nothing was rewritten`);
          return target.query({ ...query, name: `${query.name}-${suffix}`, text }, ...rest);
        };
      },
    });
  const outer = wrap(pool as Session as Database & Session);
  return new Proxy(outer, {
    get(_, property) {
      if (property === 'connect') return async () => wrap((await pool.connect()) as unknown as Session);
      return Reflect.get(outer, property) as unknown;
    },
  });
}
