/**
 * Records the SQL of a hold and its booking from the use cases, so that the baselines, which send the same SQL without
 * the product, cannot drift away from it.
 */
import { randomBytes } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import pg from 'pg';
import { claim } from '../src/db/commands.sql.ts';
import type { Database } from '../src/db/pool.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { placeHold } from '../src/use-cases/cases/place-hold.ts';
import { slotOf } from './lanes.ts';
import type { Lane, Slot } from './lanes.ts';

/** The values that differ between pairs, as text. `number`, `at` and `expires` come from replies. */
export type Blanks = Slot &
  Pick<Lane, 'site' | 'procedure' | 'room' | 'surgeon' | 'user'> & {
    number: string;
    at: string;
    expires: string;
  };

/** Alternating constant text and names of blanks. */
type Text = string[];
export type Value =
  | { kind: 'null' }
  | { kind: 'text'; text: Text }
  | { kind: 'json'; text: Text }
  | { kind: 'ids'; ids: Text[] }
  | { kind: 'bytes'; bytes: Uint8Array };
export type Step = { name: string | undefined; text: string; values: Value[] };
/** Round trips to the database; the steps of one are pipelined. */
export type Script = Step[][];
export type Recording = { hold: Script; book: Script };

type Query = { name?: string; text: string; values?: unknown[] };

export async function recordPair(appUrl: string, lane: Lane, base: number, slot: number): Promise<Recording> {
  const client = new pg.Client({ connectionString: appUrl, pipeline: true });
  await client.connect();
  try {
    const times = slotOf(base, slot);
    const request = { siteId: lane.site, userId: lane.user, name: 'bench', fingerprint: randomBytes(32) };
    const holdRecorder = recordQueries(client);
    const { body } = await placeHold(
      { pool: holdRecorder.pool, publish() {} },
      { ...request, key: times.case },
      {
        roomId: lane.room,
        start: times.start,
        procedureId: lane.procedure,
        surgeonId: lane.surgeon,
      },
    );
    const item = body.case as Case;
    const bookingRecorder = recordQueries(client);
    await changeCase({ pool: bookingRecorder.pool, publish() {} }, { ...request, key: times.key }, item.id, {
      to: 'scheduled',
    });
    const blanks: Blanks = {
      ...times,
      ...whereOf(lane),
      number: numberOf(item.number),
      at: item.heldSince ?? '',
      expires: item.expiresAt ?? '',
    };
    const script = (trips: Query[][]) => trips.map((trip) => trip.map((query) => stepOf(query, blanks)));
    return { hold: script(holdRecorder.trips), book: script(bookingRecorder.trips) };
  } finally {
    await client.end();
  }
}

const numberOf = (number: number | string) => `"number":${number}`;

/** A pool of one connection that records queries, grouped by round trip. */
function recordQueries(client: pg.Client) {
  const trips: Query[][] = [];
  let pendingQueries = 0;
  const query = async (statement: Query | string) => {
    if (pendingQueries === 0) trips.push([]);
    trips.at(-1)?.push(typeof statement === 'string' ? { text: statement } : statement);
    pendingQueries++;
    try {
      return await (typeof statement === 'string' ? client.query(statement) : client.query(statement));
    } finally {
      pendingQueries--;
    }
  };
  const pool = { connect: () => Promise.resolve({ query, release() {} }) };
  return { trips, pool: pool as unknown as Database };
}

function stepOf({ name, text, values = [] }: Query, blanks: Blanks): Step {
  const names = new Map(Object.entries(blanks).map(([blank, value]) => [value, blank]));
  const pattern = new RegExp(`(${[...names.keys()].join('|')})`);
  const withBlanks = (value: string): Text =>
    value.split(pattern).map((part, n) => (n % 2 ? (names.get(part) ?? '') : part));
  return {
    name,
    text,
    values: values.map((value): Value => {
      if (value === null) return { kind: 'null' };
      if (value instanceof Uint8Array) return { kind: 'bytes', bytes: value };
      if (Array.isArray(value)) return { kind: 'ids', ids: value.map((each) => withBlanks(String(each))) };
      if (typeof value === 'object') return { kind: 'json', text: withBlanks(JSON.stringify(value)) };
      const content = typeof value === 'string' ? value : JSON.stringify(value);
      return { kind: /^[[{]/.test(content) ? 'json' : 'text', text: withBlanks(content) };
    }),
  };
}

/** Sends the recorded SQL for another slot over a plain connection. */
export async function replay(client: pg.Client, script: Script, blanks: Blanks) {
  for (const trip of script) {
    const results = await Promise.all(
      trip.map(({ name, text, values }) =>
        client.query<Record<string, unknown>>(
          name === undefined ? text : { name, text, values: values.map((value) => fill(value, blanks)) },
        ),
      ),
    );
    for (const [n, { name }] of trip.entries()) learn(blanks, name, results[n]?.rows[0]);
  }
}

function fill(value: Value, blanks: Blanks): unknown {
  if (value.kind === 'null') return null;
  if (value.kind === 'bytes') return value.bytes;
  if (value.kind === 'ids') return value.ids.map((text) => fillText(text, blanks));
  return fillText(value.text, blanks);
}

const fillText = (text: Text, blanks: Blanks) =>
  text.map((part, n) => (n % 2 ? blanks[part as keyof Blanks] : part)).join('');

function learn(blanks: Blanks, statement: string | undefined, row: Record<string, unknown> | undefined) {
  if (statement !== claim.name || !(row?.at instanceof Date)) return;
  if (Number(row.number) > 0) blanks.number = numberOf(String(row.number));
  blanks.at = row.at.toISOString();
  blanks.expires = new Date(row.at.getTime() + 120_000).toISOString();
}

const whereOf = ({ site, procedure, room, surgeon, user }: Lane) => ({
  site,
  procedure,
  room,
  surgeon,
  user,
});

export const blanksOf = (lane: Lane, slot: Slot): Blanks => ({
  ...slot,
  ...whereOf(lane),
  number: '',
  at: '',
  expires: '',
});
