import type { Database } from '../src/db/pool.ts';

type Query = { name: string; text: string };
let rewritings = 0;

type Session = { query(query: Query | string, ...rest: unknown[]): unknown };

/**
 * The pool with some of its statements rewritten, by name. A test switches a protection off with it, to see
 * that it would have noticed; or slows a statement down, to meet a race every time.
 */
export function rewrite(pool: Database, changes: Record<string, (text: string) => string>): Database {
  // Under a name of its own: a connection may know the original, or another rewriting, already.
  const suffix = `rewritten-${++rewritings}`;
  const rewritten = <Target extends Session>(target: Target): Target =>
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
  const outer = rewritten(pool as Session as Database & Session);
  return new Proxy(outer, {
    get(_, property) {
      if (property === 'connect') return async () => rewritten((await pool.connect()) as unknown as Session);
      return Reflect.get(outer, property) as unknown;
    },
  });
}
