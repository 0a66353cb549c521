/**
 * The format of a desk's log, without I/O.
 *
 * Header: magic, format, and a seal without contents, which shows at once if the log belongs to another desk.
 * Then one frame per append, so an append is read as a whole or not at all:
 *   length of the sealed records (4 bytes), change of the number of waiting requests (2), checksum of both (4),
 *   the sealed records.
 * A frame is authenticated with the desk, its position, its unencrypted part and the tag of the frame before it. So a frame
 * that was removed from the middle, moved, repeated or copied from another file is noticed.
 */
import { crc32 } from 'node:zlib';
import { deskLimits, waitingChange } from '@slate/shared/desk-rules';
import { queueRecord } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import type { Damage } from '../bridge.ts';
import { seal, sealBytes, tagBytes, unseal } from './seal.ts';

const magic = Buffer.from('SLATELOG\x01', 'latin1');
const headerBytes = magic.length + sealBytes;
const clearBytes = 6;
const headBytes = clearBytes + 4;
const recordsOfFrame = queueRecord.array();

/** The position of the next frame. */
export type End = { at: number; frames: number; tag: Buffer };
type Contents = { records: QueueRecord[]; waiting: number; end: End; damage: Damage | null };

const tagOf = (sealed: Buffer) => Buffer.from(sealed.subarray(-tagBytes));

function aboutFrame(desk: string, { frames, tag }: End, clear: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${desk} frame ${frames} `), clear, tag]);
}
const aboutHeader = (desk: string) => Buffer.concat([Buffer.from(`${desk} header `), magic]);

export function frame(key: Buffer, desk: string, end: End, records: readonly QueueRecord[], change: number) {
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

type FrameRead =
  | { kind: 'frame'; change: number; clear: Buffer; sealed: Buffer }
  | { kind: 'cut' | 'broken' };

/** Finds the frame at this position without the key. `cut`: its append was interrupted, so it was never confirmed. */
function frameAt(bytes: Buffer, at: number): FrameRead {
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
    const sealedFrame = frameAt(bytes, end.at);
    const read = sealedFrame.kind === 'frame' ? readFrame(sealedFrame, end, desk, key) : sealedFrame.kind;
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
  { clear, sealed, change }: FrameRead & { kind: 'frame' },
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

/** Counts the waiting requests without the key. Null: this is not a log. */
export function countWaiting(bytes: Buffer): number | null {
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic)) return null;
  let waiting = 0;
  for (let at = headerBytes; at < bytes.length;) {
    const sealedFrame = frameAt(bytes, at);
    if (sealedFrame.kind !== 'frame') break;
    waiting += sealedFrame.change;
    at += headBytes + sealedFrame.sealed.length;
  }
  return Math.max(0, waiting);
}

/** Whether nothing was ever appended to the log. */
export const isUnused = (bytes: Buffer) => bytes.length === headerBytes;

/** The bytes of a log with these records. */
export function newLog(desk: string, key: Buffer, records: readonly QueueRecord[], waiting: number) {
  const sealed = seal(key, aboutHeader(desk), Buffer.alloc(0));
  const parts = [magic, sealed];
  let end: End = { at: headerBytes, frames: 0, tag: tagOf(sealed) };
  // The first frame also carries the count of requests that were left out.
  let change = waiting - waitingChange(records);
  const { recordsPerFrame: perFrame } = deskLimits;
  for (let at = 0; at < records.length; at += perFrame) {
    const part = records.slice(at, at + perFrame);
    const next = frame(key, desk, end, part, change + waitingChange(part));
    change = 0;
    parts.push(next.bytes);
    end = next.end;
  }
  return { bytes: Buffer.concat(parts), end };
}
