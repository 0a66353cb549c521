/**
 * The log of a desk in a browser's database. One frame per append, sealed together with the desk, its place in the log and
 * the tag of the frame before it. The head says how many frames there are and how many requests wait; it is sealed with the
 * last tag. So no frame can be changed, removed, moved, repeated or brought from another log without being noticed.
 */
import {
  appendRefusal,
  deskLimits,
  deskLockedMeanwhile,
  rewriteAt,
  rewriteLaterAt,
  waitingChange,
} from '@slate/shared/desk-rules';
import { queueRecord, requestsOf, stillNeeded } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import { z } from 'zod';
import type { Damage } from '../../../bridge.ts';
import { timeNow } from '../../../desk/desk-store.ts';
import type { DeskLog } from '../../../desk/desk-store.ts';
import { textBytes, textOf } from '../../../desk/desk-keys.ts';
import type { Bytes } from '../../../desk/desk-keys.ts';
import { Refused } from '../../../refused.ts';
import { answerOf, transact } from './browser-database.ts';
import type { Stores } from './browser-database.ts';
import { bytes, concat, isSame, seal, tagOf, unseal } from './browser-seal.ts';

const head = z.strictObject({
  /** A seal without contents, so that a log of another desk is noticed at once. */
  start: bytes,
  frames: z.int().min(0),
  bytes: z.int().min(0),
  waiting: z.int(),
  /** The seal of these numbers. */
  end: bytes,
});
type Head = z.infer<typeof head>;
const recordsOfFrame = queueRecord.array();

/** The place of the next frame. */
type End = Pick<Head, 'frames' | 'bytes' | 'waiting'> & { tag: Bytes };

const aboutStart = (desk: string) => textBytes(`${desk} start`);
const aboutFrame = (desk: string, { frames, tag }: Pick<End, 'frames' | 'tag'>) =>
  concat(textBytes(`${desk} frame ${frames} `), tag);
const aboutEnd = (desk: string, end: End) =>
  concat(textBytes(`${desk} end ${end.frames} ${end.bytes} ${end.waiting} `), end.tag);

/** The frames of this desk. */
const framesOf = (place: string) => IDBKeyRange.bound([place], [place, []]);

type LogOf = { place: string; desk: string; key: CryptoKey };

/** Seals records as a whole log. */
async function newLog({ desk, key }: LogOf, records: readonly QueueRecord[], waiting: number) {
  const start = await seal(key, aboutStart(desk), new Uint8Array());
  let end: End = { frames: 0, bytes: 0, waiting, tag: tagOf(start) };
  const frames: Bytes[] = [];
  for (let at = 0; at < records.length; at += deskLimits.recordsPerFrame) {
    const next = await frame({ desk, key }, end, records.slice(at, at + deskLimits.recordsPerFrame), 0);
    frames.push(next.sealed);
    end = next.end;
  }
  return { head: await headOf({ desk, key }, start, end), frames, end };
}

async function frame(
  { desk, key }: Omit<LogOf, 'place'>,
  end: End,
  records: readonly QueueRecord[],
  waitingDelta: number,
) {
  const plain = textBytes(JSON.stringify(records));
  const sealed = await seal(key, aboutFrame(desk, end), plain);
  const { frames, bytes: before, waiting } = end;
  const next = {
    frames: frames + 1,
    bytes: before + sealed.length,
    waiting: waiting + waitingDelta,
    tag: tagOf(sealed),
  };
  return { sealed, end: next };
}

async function headOf({ desk, key }: Omit<LogOf, 'place'>, start: Bytes, end: End): Promise<Head> {
  const { frames, bytes: size, waiting } = end;
  return {
    start,
    frames,
    bytes: size,
    waiting,
    end: await seal(key, aboutEnd(desk, end), new Uint8Array()),
  };
}

/** An empty log. Writing it replaces an existing one. */
export async function emptyLog(of: LogOf): Promise<(stores: Stores) => void> {
  const created = await newLog(of, [], 0);
  return (stores) => writeWhole(stores, of.place, created);
}

function writeWhole(
  { logs, frames }: Stores,
  place: string,
  log: { head: Head; frames: readonly Bytes[] },
): void {
  frames.delete(framesOf(place));
  log.frames.forEach((sealed, at) => frames.put(sealed, [place, at]));
  logs.put(log.head, place);
}

/** How many requests wait, without the key. Null: there is no log. */
export async function countWaiting({ logs }: Stores, place: string): Promise<number | null> {
  const read = head.safeParse(await answerOf<unknown>(logs.get(place)));
  return read.success ? Math.max(0, read.data.waiting) : null;
}

/** Whether nothing was ever written to the log. */
export async function isUnused({ logs, frames }: Stores, place: string): Promise<boolean> {
  const [stored, count] = await Promise.all([
    answerOf<unknown>(logs.get(place)),
    answerOf(frames.count(framesOf(place))),
  ]);
  return count === 0 && (stored === undefined || head.safeParse(stored).data?.frames === 0);
}

const sizeOf = (value: unknown) => (value instanceof Uint8Array ? value.length : 0);

/** Reads the whole log. Null: it is not the log of this desk. */
async function readLog({ place, desk, key }: LogOf) {
  const contents = await transact('readonly', async ({ logs, frames }) => {
    const all = framesOf(place);
    const [stored, keys, values] = await Promise.all([
      answerOf<unknown>(logs.get(place)),
      answerOf(frames.getAllKeys(all)),
      answerOf<unknown[]>(frames.getAll(all)),
    ]);
    return { stored, keys, values };
  });
  const parsed = head.safeParse(contents.stored);
  if (!parsed.success || (await unseal(key, aboutStart(desk), parsed.data.start)) === null) return null;
  const stored = parsed.data;

  const tags = [tagOf(stored.start)];
  const reading = contents.values.map(async (value, at) => {
    const [tag, position] = [tags[at], contents.keys[at]];
    const sealed = bytes.safeParse(value).data;
    tags.push(sealed ? tagOf(sealed) : new Uint8Array());
    if (!sealed || !tag || !Array.isArray(position) || position[1] !== at) return null;
    return unseal(key, aboutFrame(desk, { frames: at, tag }), sealed);
  });
  const records: QueueRecord[] = [];
  let intact = 0;
  for (const plain of await Promise.all(reading)) {
    const read = plain && recordsIn(plain);
    if (!read) break;
    records.push(...read);
    intact += 1;
  }
  const size = contents.values.slice(0, intact).reduce<number>((sum, value) => sum + sizeOf(value), 0);
  const all = contents.values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
  const waiting = waitingIn(records);
  const end: End = { frames: intact, bytes: size, waiting, tag: tags[intact] ?? new Uint8Array() };
  const isWhole =
    intact === contents.values.length && (await unseal(key, aboutEnd(desk, end), stored.end)) !== null;
  const damage: Damage | null = isWhole
    ? null
    : { kind: 'broken', intact: records.length, bytes: Math.max(all, stored.bytes) - size };
  return { records, end, head: stored, damage };
}

const waitingIn = (records: readonly QueueRecord[]) =>
  requestsOf(records).filter(({ closed, state }) => closed === null && state !== 'done').length;

function recordsIn(plain: Bytes): QueueRecord[] | null {
  try {
    return recordsOfFrame.parse(JSON.parse(textOf(plain)));
  } catch {
    // Written by a newer version of the console.
    return null;
  }
}

/** Null: this is not the log of this desk. */
export async function openLog(of: LogOf): Promise<DeskLog | null> {
  const contents = await readLog(of);
  if (contents === null) return null;
  const { place } = of;
  const { damage } = contents;
  let { records, end, head: current } = contents;
  let isSound = damage === null;
  let isClosed = false;
  let nextRewriteAt = 0;
  let working: Promise<unknown> = Promise.resolve();

  /** Refuses if another tab has written, or the data of the page were deleted. */
  async function checkUntouched({ logs }: Stores) {
    const stored = head.safeParse(await answerOf<unknown>(logs.get(place)));
    if (!stored.success || !isSame(stored.data.end, current.end)) throw new Refused(touched);
  }

  /** Copies the whole log as it is, and continues with its readable part. */
  async function repair() {
    const repaired = await headOf(of, current.start, end);
    await transact('readwrite', async (stores) => {
      await checkUntouched(stores);
      await copyLog(stores, place, `${place}.broken-${timeNow()}`);
      stores.frames.delete(IDBKeyRange.bound([place, end.frames], [place, []]));
      stores.logs.put(repaired, place);
    });
    current = repaired;
    isSound = true;
  }

  async function write(added: readonly QueueRecord[]) {
    if (isClosed) throw new Refused(deskLockedMeanwhile);
    if (!recordsOfFrame.safeParse(added).success) throw new Refused(invalid);
    const next = await frame(of, end, added, waitingChange(added));
    const { bytes: total, waiting } = next.end;
    const refusal = appendRefusal(added, { bytes: next.sealed.length, total, waiting });
    if (refusal !== undefined) throw new Refused(refusal);
    if (!isSound) await repair();
    const nextHead = await headOf(of, current.start, next.end);
    await transact('readwrite', async (stores) => {
      await checkUntouched(stores);
      stores.frames.add(next.sealed, [place, end.frames]);
      stores.logs.put(nextHead, place);
    });
    [end, current] = [next.end, nextHead];
    for (const record of added) records.push(record);
  }

  /** Rewrites the log without the records that are no longer needed. */
  async function rewrite() {
    const needed = stillNeeded(records);
    nextRewriteAt = rewriteLaterAt(end.bytes);
    if (needed.length === records.length) return;
    const rewritten = await newLog(of, needed, waitingIn(needed));
    await transact('readwrite', async (stores) => {
      await checkUntouched(stores);
      writeWhole(stores, place, rewritten);
    });
    records = needed;
    [end, current] = [rewritten.end, rewritten.head];
    nextRewriteAt = rewriteAt(end.bytes);
  }
  /** If the log cannot be rewritten, it stays as it is. */
  const tryToRewrite = () => rewrite().catch(() => {});

  if (isSound) await tryToRewrite();
  return {
    records: () => records,
    damage,
    append: (added) => {
      const writing = working.then(() => write(added));
      working = writing
        .catch(() => {})
        .then(() => (isSound && !isClosed && end.bytes >= nextRewriteAt ? tryToRewrite() : undefined));
      return writing;
    },
    close: async () => {
      isClosed = true;
      await working;
    },
  };
}

/** Copies head and frames unchanged, even if they are damaged. */
export async function copyLog({ logs, frames }: Stores, from: string, to: string): Promise<void> {
  const [stored, keys, values] = await Promise.all([
    answerOf<unknown>(logs.get(from)),
    answerOf(frames.getAllKeys(framesOf(from))),
    answerOf<unknown[]>(frames.getAll(framesOf(from))),
  ]);
  if (stored !== undefined) logs.put(stored, to);
  keys.forEach((key, at) => frames.put(values[at], [to, ...(key as IDBValidKey[]).slice(1)]));
}

/** Deletes log and frames of these places. */
export function deleteLogs({ logs, frames }: Stores, from: string, to: string): void {
  logs.delete(IDBKeyRange.bound(from, to));
  frames.delete(IDBKeyRange.bound([from], [to, []]));
}

const invalid = 'Nothing was saved: this is not a valid request.';
const touched =
  'Nothing was saved: something else has changed this desk in this browser. Close the other tabs of Slate, then reload this page.';
