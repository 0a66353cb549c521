import { basename } from 'node:path';
import type { Disk, DiskFile } from '../src/main/disk.ts';

type Content = { cached: Buffer; durable: Buffer; number: number };

/** A disk in memory. It can fail at any step, and lose all unsynced bytes. */
export type SimulatedDisk = Disk & {
  /** Its operations in order, such as `sync log`. */
  steps: string[];
  /** Called before each step; it may throw. For `write`, the part before `bytes` is written first. */
  before: (step: string) => { bytes: number; error: Error } | undefined;
  /** The bytes of a file as programs see them. */
  file(path: string): Buffer | undefined;
  /** Changes a file without the program. */
  put(path: string, bytes: Buffer): void;
  /** The disk after a power failure. `keep` returns numbers from 0 to 1, which decide which unsynced bytes survive. */
  afterPowerFailure(keep: () => number): SimulatedDisk;
};

export const diskError = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' });

export function simulatedDisk(names: ReadonlyMap<string, Content> = new Map()): SimulatedDisk {
  const cached = new Map(names);
  const durable = new Map(names);
  let lastNumber = 0;
  const contentOf = (path: string) => {
    const content = cached.get(path);
    if (!content) throw diskError('ENOENT');
    return content;
  };
  const step = (operation: string, path: string) => {
    const name = `${operation} ${basename(path)}`;
    disk.steps.push(name);
    return disk.before(name);
  };

  function fileOf(path: string, content: Content): DiskFile {
    return {
      read: () => act(() => Buffer.from(content.cached)),
      write: (bytes, at) =>
        act(() => {
          const failure = step('write', path);
          const written = bytes.subarray(0, failure?.bytes ?? bytes.length);
          const longer = Buffer.alloc(Math.max(content.cached.length, at + written.length));
          content.cached.copy(longer);
          written.copy(longer, at);
          content.cached = longer;
          if (failure) throw failure.error;
        }),
      truncate: (length) =>
        act(() => {
          step('truncate', path);
          content.cached = Buffer.from(content.cached.subarray(0, length));
        }),
      sync: () =>
        act(() => {
          step('sync', path);
          content.durable = Buffer.from(content.cached);
        }),
      close: () => Promise.resolve(),
    };
  }

  const disk: SimulatedDisk = {
    steps: [],
    before: () => undefined,
    file: (path) => cached.get(path)?.cached,
    put: (path, bytes) => {
      cached.set(path, { cached: bytes, durable: bytes, number: --lastNumber });
    },
    open: (path) => act(() => fileOf(path, contentOf(path))),
    create: (path) =>
      act(() => {
        step('create', path);
        const content = { cached: Buffer.alloc(0), durable: Buffer.alloc(0), number: ++lastNumber };
        cached.set(path, content);
        return fileOf(path, content);
      }),
    stat: (path) =>
      act(() => {
        const { cached: bytes, number } = contentOf(path);
        return { size: bytes.length, file: String(number) };
      }),
    rename: (from, to) =>
      act(() => {
        step('rename', from);
        cached.set(to, contentOf(from));
        cached.delete(from);
      }),
    syncFolder: () =>
      act(() => {
        step('sync folder', '');
        durable.clear();
        for (const [name, content] of cached) durable.set(name, content);
      }),
    afterPowerFailure: (keep) => {
      const remaining = new Map<string, Content>();
      for (const [name, content] of keep() < 0.5 ? cached : durable) {
        const bytes = survivorOf(content, keep);
        remaining.set(name, { cached: bytes, durable: bytes, number: content.number });
      }
      return simulatedDisk(remaining);
    },
  };
  return disk;
}

/** Some unsynced pages may be on the disk and others not; the file may already have its new length. */
function survivorOf({ cached, durable }: Content, keep: () => number): Buffer {
  const unsynced = cached.length - durable.length;
  if (unsynced <= 0) return keep() < 0.5 ? cached : durable;
  const length = durable.length + Math.floor(keep() * (unsynced + 1));
  const bytes = Buffer.alloc(length);
  durable.copy(bytes);
  for (let at = durable.length; at < length; at += pageBytes) {
    if (keep() < 0.7) cached.copy(bytes, at, at, Math.min(at + pageBytes, length));
  }
  return bytes;
}
const pageBytes = 64;

/** As with a real disk, everything takes a moment. */
async function act<Result>(work: () => Result): Promise<Result> {
  await Promise.resolve();
  return work();
}
