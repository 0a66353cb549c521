/**
 * The log of a desk: an encrypted file that only grows, and is rewritten when little of it is still needed.
 *
 * Header: magic, format, then the seal of nothing, so that a log of another desk is noticed at once.
 * Then one frame per append, which therefore counts as a whole or not at all:
 *   length of the sealed records (4 bytes), change of the number of waiting requests (2), checksum of these (4),
 *   the sealed records.
 * Authenticated with a frame: the desk, its place in the file, its clear part, and the tag of the frame before it. So no
 * frame can be removed from the middle, moved, repeated or brought from another file.
 */
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { changeOfWaiting, queueRecord, stillNeeded } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import { Refused } from '../bridge.ts';
import type { Damage } from '../bridge.ts';
import { diskRefusal, replaceFile, writeWhole } from './disk.ts';
import type { Disk, DiskFile } from './disk.ts';
import type { Log } from './log.ts';
import { seal, sealBytes, tagBytes, unseal } from './seal.ts';

const magic = Buffer.from('SLATELOG\x01', 'latin1');
const headerBytes = magic.length + sealBytes;
const clearBytes = 6;
const headBytes = clearBytes + 4;
const recordsOfFrame = queueRecord.array();

export const limits = {
  /** Requests that wait, and bytes: beyond this, nothing more can be asked for. */
  waiting: 10_000,
  bytes: 32 * 1024 * 1024,
  /** What is already asked for can still be sent, answered and closed. */
  reserveBytes: 32 * 1024 * 1024,
  /** One append. A command has at most 64 kB. */
  frameBytes: 8 * 1024 * 1024,
};
/** A log smaller than this is not rewritten while it is in use. */
const smallBytes = 64 * 1024;

/** The place where the next frame goes. */
type End = { at: number; frames: number; tag: Buffer };
type Contents = { records: QueueRecord[]; waiting: number; end: End; damage: Damage | null };

const tagOf = (sealed: Buffer) => Buffer.from(sealed.subarray(-tagBytes));

function aboutFrame(desk: string, { frames, tag }: End, clear: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${desk} frame ${frames} `), clear, tag]);
}
const aboutHeader = (desk: string) => Buffer.concat([Buffer.from(`${desk} header `), magic]);

function frame(key: Buffer, desk: string, end: End, records: readonly QueueRecord[], change: number) {
  const plain = Buffer.from(JSON.stringify(records));
  const clear = Buffer.alloc(clearBytes);
  clear.writeUInt32BE(plain.length + sealBytes, 0);
  clear.writeInt16BE(change, 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(clear));
  const sealed = seal(key, aboutFrame(desk, end, clear), plain);
  const bytes = Buffer.concat([clear, check, sealed]);
  return { bytes, end: { at: end.at + bytes.length, frames: end.frames + 1, tag: tagOf(sealed) } };
}

const waitingChange = (records: readonly QueueRecord[]) =>
  records.reduce((sum, record) => sum + changeOfWaiting(record), 0);

type Framed = ReturnType<typeof frame>;

type Found = { kind: 'frame'; change: number; clear: Buffer; sealed: Buffer } | { kind: 'cut' | 'broken' };

/** The frame at this place, without the key. `cut`: its append was interrupted, so it was never confirmed. */
function frameAt(bytes: Buffer, at: number): Found {
  const head = bytes.subarray(at, at + headBytes);
  // After a power failure, the file can be longer than what was written to it.
  if (head.length < headBytes || isZero(bytes, at)) return { kind: 'cut' };
  const clear = head.subarray(0, clearBytes);
  const length = head.readUInt32BE(0);
  if (crc32(clear) !== head.readUInt32BE(clearBytes) || length < sealBytes) return { kind: 'broken' };
  const sealed = bytes.subarray(at + headBytes, at + headBytes + length);
  return sealed.length < length
    ? { kind: 'cut' }
    : { kind: 'frame', change: clear.readInt16BE(4), clear, sealed };
}

function isZero(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** Null: this is not the log of this desk. */
export function readLog(bytes: Buffer, desk: string, key: Buffer): Contents | null {
  const sealed = bytes.subarray(magic.length, headerBytes);
  if (!bytes.subarray(0, magic.length).equals(magic)) return null;
  if (unseal(key, aboutHeader(desk), sealed) === null) return null;
  const records: QueueRecord[] = [];
  let end: End = { at: headerBytes, frames: 0, tag: tagOf(sealed) };
  let waiting = 0;
  while (end.at < bytes.length) {
    const found = frameAt(bytes, end.at);
    const read = found.kind === 'frame' ? readFrame(found, end, desk, key) : found.kind;
    const rest = bytes.length - end.at;
    if (read === 'cut') return { records, waiting, end, damage: { kind: 'cut', bytes: rest } };
    if (read === 'broken')
      return { records, waiting, end, damage: { kind: 'broken', intact: records.length, bytes: rest } };
    for (const record of read.records) records.push(record);
    waiting += read.change;
    end = read.end;
  }
  return { records, waiting, end, damage: null };
}

function readFrame(
  { clear, sealed, change }: Found & { kind: 'frame' },
  end: End,
  desk: string,
  key: Buffer,
) {
  const plain = unseal(key, aboutFrame(desk, end, clear), sealed);
  if (plain === null) return 'broken';
  try {
    const records = recordsOfFrame.parse(JSON.parse(plain.toString()));
    const at = end.at + headBytes + sealed.length;
    return { records, change, end: { at, frames: end.frames + 1, tag: tagOf(sealed) } };
  } catch {
    // Written by a newer version of the program.
    return 'broken';
  }
}

/** How many requests wait, without the key. Null: this is not a log. */
export function countWaiting(bytes: Buffer): number | null {
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic)) return null;
  let waiting = 0;
  for (let at = headerBytes; at < bytes.length;) {
    const found = frameAt(bytes, at);
    if (found.kind !== 'frame') break;
    waiting += found.change;
    at += headBytes + found.sealed.length;
  }
  return Math.max(0, waiting);
}

/** Whether a log was begun and nothing was ever written to it. */
export const isUnused = (bytes: Buffer) => bytes.length === headerBytes;

export type DeskLog = {
  records(): readonly QueueRecord[];
  readonly damage: Damage | null;
  /** Resolves when the records are on the disk. Otherwise it throws `Refused`, and none of them counts. */
  append(records: readonly QueueRecord[]): Promise<void>;
  /** Refuses what is not yet being written, and resolves when the file is closed. The key is no longer used. */
  close(): Promise<void>;
};

export type DeskLogDeps = { path: string; desk: string; key: Buffer; disk: Disk; log: Log };

/** Creates an empty log. It replaces an existing one. */
export const createLog = ({ path, desk, key, disk }: DeskLogDeps): Promise<void> =>
  replaceFile(disk, path, newLog(desk, key, [], 0).bytes);

/** As many records per frame as one append has. */
const perFrame = 100;

function newLog(desk: string, key: Buffer, records: readonly QueueRecord[], waiting: number) {
  const sealed = seal(key, aboutHeader(desk), Buffer.alloc(0));
  const parts = [magic, sealed];
  let end: End = { at: headerBytes, frames: 0, tag: tagOf(sealed) };
  // The first frame also stands for the requests that these ones took the place of.
  let change = waiting - waitingChange(records);
  for (let at = 0; at < records.length; at += perFrame) {
    const some = records.slice(at, at + perFrame);
    const next = frame(key, desk, end, some, change + waitingChange(some));
    change = 0;
    parts.push(next.bytes);
    end = next.end;
  }
  return { bytes: Buffer.concat(parts), end };
}

type Append = { records: readonly QueueRecord[]; resolve: () => void; reject: (error: Error) => void };

/** Null: the file is not the log of this desk. */
export async function openLog({ path, desk, key, disk, log }: DeskLogDeps): Promise<DeskLog | null> {
  let file: DiskFile | null = await disk.open(path);
  const contents = readLog(await file.read(), desk, key);
  if (contents === null) {
    await file.close();
    return null;
  }
  const { damage } = contents;
  let { records, waiting, end } = contents;
  let identity = (await disk.stat(path)).file;
  /** The file ends with the last confirmed append. Otherwise it is repaired before anything is written. */
  let isSound = damage === null;
  let mustKeepBroken = damage?.kind === 'broken';
  let rewriteAt = 0;
  let isClosed = false;
  let queue: Append[] = [];
  let working = Promise.resolve();

  const opened = async () => (file ??= await disk.open(path));
  async function closeFile() {
    const closing = file;
    file = null;
    await closing?.close();
  }

  /** A second program on this profile, perhaps on another machine, has written or replaced the file. */
  async function checkUntouched() {
    const now = await disk.stat(path).catch(() => null);
    if (now?.file !== identity || (isSound && now.size !== end.at)) throw new Refused(touched);
  }

  /** Proves that all that was confirmed is there, and removes what is behind it. What cannot be read is kept first. */
  async function repair() {
    await closeFile().catch(() => {});
    const repaired = await opened();
    const bytes = await repaired.read();
    const intact = readLog(bytes.subarray(0, end.at), desk, key);
    if (intact?.end.tag.equals(end.tag) !== true) throw new Refused(touched);
    if (mustKeepBroken) {
      const kept = `${path}.broken-${new Date().toISOString().replaceAll(/[:.]/g, '')}`;
      await replaceFile(disk, kept, bytes);
      log.warn(`A part of a desk’s log cannot be read. The whole log is kept as ${kept}.`);
      mustKeepBroken = false;
    }
    await repaired.truncate(end.at);
    await repaired.sync();
    await disk.syncFolder(dirname(path));
    isSound = true;
  }

  async function writeAtEnd(bytes: Buffer) {
    const target = await opened();
    isSound = false;
    try {
      await target.write(bytes, end.at);
      await target.sync();
      isSound = true;
    } catch (error) {
      // None of it was confirmed, so none of it may be found after a restart. The next append repairs what is left.
      await target.truncate(end.at).catch(() => {});
      await target.sync().catch(() => {});
      throw error;
    }
  }

  function refusalOf(added: readonly QueueRecord[], { bytes, end: next }: Framed, nextWaiting: number) {
    const asks = added.some(({ type }) => type === 'asked');
    if (isClosed) return locked;
    if (bytes.length > limits.frameBytes) return tooLarge;
    if (asks && nextWaiting > limits.waiting) return tooMany;
    if (next.at > limits.bytes + (asks ? 0 : limits.reserveBytes)) return full;
    return undefined;
  }

  /** One write and one sync for all appends that have arrived since the last one. */
  async function write(batch: readonly Append[]) {
    const parts: Buffer[] = [];
    const added: Append[] = [];
    let next = end;
    let nextWaiting = waiting;
    for (const append of batch) {
      // Sealed before anything is awaited: a desk that is closed meanwhile no longer has its key.
      const change = waitingChange(append.records);
      const framed = frame(key, desk, next, append.records, change);
      const refusal = refusalOf(append.records, framed, nextWaiting + change);
      if (refusal !== undefined) {
        append.reject(new Refused(refusal));
        continue;
      }
      parts.push(framed.bytes);
      added.push(append);
      next = framed.end;
      nextWaiting += change;
    }
    if (added.length === 0) return;
    try {
      await checkUntouched();
      if (!isSound) await repair();
      await writeAtEnd(Buffer.concat(parts));
    } catch (error) {
      log.error('The log of a desk could not be written.', error);
      for (const { reject } of added) reject(diskRefusal(error));
      return;
    }
    end = next;
    waiting = nextWaiting;
    for (const append of added) {
      for (const record of append.records) records.push(record);
      append.resolve();
    }
  }

  /** Rewrites the log without what is no longer needed. */
  async function rewrite() {
    const needed = stillNeeded(records);
    rewriteAt = end.at < limits.bytes ? Math.min(2 * end.at + smallBytes, limits.bytes) : end.at + smallBytes;
    if (needed.length === records.length) return;
    const { bytes, end: newEnd } = newLog(desk, key, needed, waiting);
    await checkUntouched();
    await writeWhole(disk, `${path}.new`, bytes);
    isSound = false;
    // Windows replaces no file that is open.
    await closeFile();
    await disk.rename(`${path}.new`, path);
    records = [...needed];
    if (needed.length === 0) waiting = 0;
    end = newEnd;
    identity = (await disk.stat(path)).file;
    await disk.syncFolder(dirname(path));
    isSound = true;
    rewriteAt = Math.min(2 * end.at + smallBytes, limits.bytes);
  }
  const tryToRewrite = () =>
    rewrite().catch((error: unknown) => log.error('The log of a desk could not be rewritten.', error));

  async function work() {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      await write(batch);
      if (isSound && !isClosed && end.at >= rewriteAt) await tryToRewrite();
    }
  }

  if (isSound) await tryToRewrite();
  return {
    records: () => records,
    damage,
    append: (added) =>
      new Promise((resolve, reject) => {
        queue.push({ records: added, resolve, reject });
        if (queue.length === 1) working = working.then(work);
      }),
    close: async () => {
      isClosed = true;
      await working;
      await closeFile();
    },
  };
}

const locked = 'Nothing was saved: the desk was locked meanwhile. Unlock it, then try again.';
const tooLarge = 'Nothing was saved: this is too large to be kept at this desk.';
const tooMany = `Nothing was saved: ${limits.waiting.toLocaleString('en-US')} requests wait at this desk already. Send or discard some first.`;
const full = 'Nothing was saved: the log of this desk is full. Send or discard some requests first.';
const touched =
  'Nothing was saved: something else has changed this desk’s log on the disk. Close every other Slate on this workstation, then sign in again.';
