import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createPool } from '../src/db/pool.ts';
import type { Database } from '../src/db/pool.ts';
import type { Queryable } from '../src/db/query.ts';
import { Refusal } from '../src/domain/refusal.ts';

// Runs two commands against each other in a chosen order of their steps. A step is a group of statements that travel to
// the database together: begin, claim, write, commit. The product's own code runs; only its connections wait for their
// turn. A blocked step continues when the other one releases its locks.

type Query = string | { name?: string; text: string };

/** The first statement of each step; the statements after it belong to the step. */
const firstStatements = new Map([
  ['BEGIN', 'begin'],
  ['lock-resources', 'lock'],
  ['lock-resource', 'claim'],
  ['claim', 'claim'],
  ['expire-some', 'claim'],
  ['finish-command', 'write'],
  ['COMMIT', 'commit'],
]);
const stepOf = (query: Query) =>
  firstStatements.get(typeof query === 'string' ? query : (query.name ?? query.text));

class Session {
  readonly name: string;
  readonly pool: Database;
  /** SQLSTATEs of all database errors in this run, including those that were retried. */
  errors: string[] = [];
  pending = 0;
  finished = true;
  /** The waiting step and the running one. */
  #waiting: { step: string; go: () => void } | undefined;
  #current: string | undefined;
  #pids = new Set<number>();
  #queue: Promise<void> = Promise.resolve();

  readonly #changed: () => void;

  constructor(name: string, url: string, changed: () => void) {
    this.name = name;
    this.#changed = changed;
    this.pool = createPool({ url, max: 2, applicationName: `session ${name}` });
    const connect = this.pool.connect.bind(this.pool) as (callback?: unknown) => Promise<pg.PoolClient>;
    // `pool.query` connects with a callback; queries outside a transaction don't wait.
    const gated = async (callback?: unknown) => (callback ? connect(callback) : this.#gated(await connect()));
    Object.assign(this.pool, { connect: gated });
  }

  async run(script: Script): Promise<string> {
    this.finished = false;
    this.errors = [];
    try {
      await script(this.pool, (step) => this.#inTurn(step));
      return 'ok';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    } finally {
      this.finished = true;
      this.#changed();
    }
  }

  get isParked(): boolean {
    return this.#waiting !== undefined && this.pending === 0;
  }

  get pids(): number[] {
    return this.pending > 0 ? [...this.#pids] : [];
  }

  go(): void {
    this.#waiting?.go();
  }

  /** The finished step, reported once. */
  takeDone(): string[] {
    if (this.#current === undefined || !(this.finished || this.isParked)) return [];
    const done = `${this.name}:${this.#current}`;
    this.#current = undefined;
    return [done];
  }

  #gated(client: pg.PoolClient): pg.PoolClient {
    this.#pids.add((client as unknown as { processID: number }).processID);
    const query = (...args: [Query, ...unknown[]]) => this.#send(client, args);
    return new Proxy(client, {
      get(target, key) {
        if (key === 'query') return query;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async #send(client: pg.PoolClient, args: [Query, ...unknown[]]): Promise<unknown> {
    await this.#inTurn(stepOf(args[0]));
    this.pending++;
    try {
      return await (client.query as (...all: unknown[]) => Promise<unknown>).apply(client, args);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code) this.errors.push(error.code);
      throw error;
    } finally {
      this.pending--;
      this.#changed();
    }
  }

  /** In order of the calls. */
  #inTurn(step: string | undefined): Promise<void> {
    this.#queue = this.#queue.then(() => this.#turn(step));
    return this.#queue;
  }

  #turn(step: string | undefined): Promise<void> | undefined {
    if (step === undefined) return undefined;
    return new Promise((resolve) => {
      this.#waiting = {
        step,
        go: () => {
          this.#waiting = undefined;
          this.#current = step;
          resolve();
        },
      };
      this.#changed();
    });
  }
}

type Turn = 'A' | 'B';
/** The commands of a session. `turn` starts a custom step. */
export type Script = (pool: Database, turn: (step: string) => Promise<void>) => Promise<unknown>;
/** The outcome of each session (`ok` or a refusal's code), the order of finished steps, observations, and errors. */
export type Run = { outcomes: [string, string]; trace: string[]; observations: string[]; errors: string[] };

/** Sessions connect to `url`; `monitor` sees which session blocks which. */
export function createStepper(url: string, monitor: Queryable) {
  let changed = () => {};
  const notify = () => changed();
  const sessions = [new Session('A', url, notify), new Session('B', url, notify)] as const;

  const blockedPids = async () => {
    const pids = sessions.flatMap((session) => session.pids);
    if (pids.length === 0) return [];
    const { rows } = await monitor.query<{ pid: number }>(
      `SELECT pid FROM unnest($1::int[]) pid WHERE pg_blocking_pids(pid) <> '{}'`,
      [pids],
    );
    return rows.map(({ pid }) => pid);
  };

  /** Resolves when each session is finished, waits for its turn, or is blocked by the other. */
  async function settled(): Promise<void> {
    for (;;) {
      const moving = () => sessions.filter((session) => !session.finished && !session.isParked);
      if (moving().length === 0) return;
      const change = new Promise<'changed'>((resolve) => {
        changed = () => resolve('changed');
      });
      // Checks for blocking only after a delay, because the check costs as much as a step.
      if ((await Promise.race([change, pause(5, 'waiting')])) === 'changed') continue;
      const blocked = await blockedPids();
      if (moving().every((session) => session.pids.some((pid) => blocked.includes(pid)))) return;
    }
  }

  /** `turns`: the session that continues when both could; after the end of the list, A. */
  async function run(
    scripts: readonly [Script, Script],
    turns: readonly Turn[],
    observe: () => Promise<string[]>,
  ): Promise<Run & { turns: Turn[] }> {
    const observations: string[] = [];
    const [A, B] = sessions;
    const trace: string[] = [];
    const choices: Turn[] = [];
    const outcomes = Promise.all([A.run(scripts[0]), B.run(scripts[1])]);
    outcomes.catch(() => {});
    await settled();
    while (sessions.some((session) => !session.finished)) {
      const free = sessions.filter((session) => session.isParked);
      if (free.length === 2) choices.push(turns[choices.length] ?? 'A');
      const session = free.length === 2 && choices.at(-1) === 'B' ? B : free[0];
      session?.go();
      await settled();
      trace.push(...[session === B ? [B, A] : [A, B]].flat().flatMap((each) => each.takeDone()));
      observations.push(...(await observe()));
    }
    return {
      outcomes: await outcomes,
      trace,
      observations,
      turns: choices,
      errors: sessions.flatMap(({ errors }) => errors),
    };
  }

  return {
    /**
     * Tries every order of the steps once: when both could continue, A does in one run and B in another. `prepare` sets up
     * each run.
     */
    async *everyOrder(
      prepare: () => Promise<readonly [Script, Script]>,
      observe: () => Promise<string[]>,
    ): AsyncGenerator<Run> {
      for (let turns: Turn[] | undefined = []; turns;) {
        const { turns: choices, ...result }: Run & { turns: Turn[] } = await run(
          await prepare(),
          turns,
          observe,
        );
        yield result;
        const last = choices.lastIndexOf('A');
        turns = last === -1 ? undefined : [...choices.slice(0, last), 'B'];
      }
    },
    async end(): Promise<void> {
      await Promise.all(sessions.map((session) => session.pool.end()));
    },
  };
}
export type Stepper = ReturnType<typeof createStepper>;
