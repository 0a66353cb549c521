/**
 * The log of a desk: an encrypted file that only grows, and is rewritten when little of it is still needed. The format is
 * in `desk-log-format.ts`.
 */
import { dirname } from 'node:path';
import {
  appendRefusal,
  deskLockedMeanwhile,
  rewriteAt,
  rewriteLaterAt,
  waitingChange,
} from '@slate/shared/desk-rules';
import { stillNeeded } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import { timeNow } from '../desk/desk-store.ts';
import type { DeskLog } from '../desk/desk-store.ts';
import { Refused } from '../refused.ts';
import { diskRefusal, replaceFile, writeWhole } from './disk.ts';
import type { Disk, DiskFile } from './disk.ts';
import { frame, newLog, readLog } from './desk-log-format.ts';
import type { Log } from './log.ts';

export type DeskLogDeps = { path: string; desk: string; key: Buffer; disk: Disk; log: Log };

/** Creates an empty log. It replaces an existing one. */
export const createLog = ({ path, desk, key, disk }: DeskLogDeps): Promise<void> =>
  replaceFile(disk, path, newLog(desk, key, [], 0).bytes);

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
  /** Whether the file ends with the last confirmed append. If not, it is repaired before anything is written. */
  let isSound = damage === null;
  let mustCopy = damage?.kind === 'broken';
  let nextRewriteAt = 0;
  let isClosed = false;
  let queue: Append[] = [];
  let working = Promise.resolve();

  const openFile = async () => (file ??= await disk.open(path));
  async function closeFile() {
    const closing = file;
    file = null;
    await closing?.close();
  }

  /** Refuses if a second program, perhaps on another machine, has written or replaced the file. */
  async function checkUntouched() {
    const now = await disk.stat(path).catch(() => null);
    if (now?.file !== identity || (isSound && now.size !== end.at)) throw new Refused(touched);
  }

  /** Checks that every confirmed append is there, and removes the bytes after them. Unreadable bytes are copied first. */
  async function repair() {
    await closeFile().catch(() => {});
    const repaired = await openFile();
    const bytes = await repaired.read();
    const intact = readLog(bytes.subarray(0, end.at), desk, key);
    if (intact?.end.tag.equals(end.tag) !== true) throw new Refused(touched);
    if (mustCopy) {
      const copy = `${path}.broken-${timeNow()}`;
      await replaceFile(disk, copy, bytes);
      log.warn(`A part of a desk’s log cannot be read. A copy of the whole log is ${copy}.`);
      mustCopy = false;
    }
    await repaired.truncate(end.at);
    await repaired.sync();
    await disk.syncFolder(dirname(path));
    isSound = true;
  }

  async function writeAtEnd(bytes: Buffer) {
    const target = await openFile();
    isSound = false;
    try {
      await target.write(bytes, end.at);
      await target.sync();
      isSound = true;
    } catch (error) {
      // None of it was confirmed, so a restart must find none of it. The next append repairs the file.
      await target.truncate(end.at).catch(() => {});
      await target.sync().catch(() => {});
      throw error;
    }
  }

  /** One write and one sync for all appends that have arrived since the last one. */
  async function write(batch: readonly Append[]) {
    const parts: Buffer[] = [];
    const accepted: Append[] = [];
    let next = end;
    let nextWaiting = waiting;
    for (const append of batch) {
      // Seals before the first `await`: closing the desk overwrites its key.
      const change = waitingChange(append.records);
      const framed = frame(key, desk, next, append.records, change);
      const { length: bytes } = framed.bytes;
      const after = { bytes, total: framed.end.at, waiting: nextWaiting + change };
      const refusal = isClosed ? deskLockedMeanwhile : appendRefusal(append.records, after);
      if (refusal !== undefined) {
        append.reject(new Refused(refusal));
        continue;
      }
      parts.push(framed.bytes);
      accepted.push(append);
      next = framed.end;
      nextWaiting += change;
    }
    if (accepted.length === 0) return;
    try {
      await checkUntouched();
      if (!isSound) await repair();
      await writeAtEnd(Buffer.concat(parts));
    } catch (error) {
      log.error('The log of a desk could not be written.', error);
      for (const { reject } of accepted) reject(diskRefusal(error));
      return;
    }
    end = next;
    waiting = nextWaiting;
    for (const append of accepted) {
      for (const record of append.records) records.push(record);
      append.resolve();
    }
  }

  /** Rewrites the log without the records that are no longer needed. */
  async function rewrite() {
    const needed = stillNeeded(records);
    nextRewriteAt = rewriteLaterAt(end.at);
    if (needed.length === records.length) return;
    const { bytes, end: newEnd } = newLog(desk, key, needed, waiting);
    await checkUntouched();
    await writeWhole(disk, `${path}.new`, bytes);
    isSound = false;
    // Windows cannot replace an open file.
    await closeFile();
    await disk.rename(`${path}.new`, path);
    records = [...needed];
    if (needed.length === 0) waiting = 0;
    end = newEnd;
    identity = (await disk.stat(path)).file;
    await disk.syncFolder(dirname(path));
    isSound = true;
    nextRewriteAt = rewriteAt(end.at);
  }
  const tryToRewrite = () =>
    rewrite().catch((error: unknown) => log.error('The log of a desk could not be rewritten.', error));

  async function work() {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      await write(batch);
      if (isSound && !isClosed && end.at >= nextRewriteAt) await tryToRewrite();
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

const touched =
  'Nothing was saved: something else has changed this desk’s log on the disk. Close every other Slate on this workstation, then sign in again.';
