import { statSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refused } from '../refused.ts';

/** The disk operations of a log. In tests, every one of them can fail. */
export type DiskFile = {
  read(): Promise<Buffer>;
  /** Writes all bytes. After an error, some of them may be in the file. */
  write(bytes: Buffer, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Resolves when the written bytes are on the disk, not only in memory. */
  sync(): Promise<void>;
  close(): Promise<void>;
};
export type Disk = {
  open(path: string): Promise<DiskFile>;
  /** Creates the file, or empties it. Only this user can read it. */
  create(path: string): Promise<DiskFile>;
  /** The file at this path now: another file may have taken its place. */
  stat(path: string): Promise<{ size: number; file: string }>;
  rename(from: string, to: string): Promise<void>;
  /** Resolves when creations and renames in the folder survive a power failure. */
  syncFolder(path: string): Promise<void>;
};

export const realDisk: Disk = {
  open: (path) => openFile(path, 'r+'),
  create: (path) => openFile(path, 'w+'),
  // Synchronous: the result is in memory, and handing it to a thread would take longer.
  stat: (path) =>
    new Promise((resolve) => {
      const { size, dev, ino } = statSync(path, { bigint: true });
      resolve({ size: Number(size), file: `${dev} ${ino}` });
    }),
  rename,
  syncFolder: async (path) => {
    // Windows has no such call. There, syncing a file also makes its name durable.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** A write of at most this size is done here: handing it to a thread would take longer. Only its sync is slow. */
const smallBytes = 64 * 1024;

async function openFile(path: string, flags: string): Promise<DiskFile> {
  const file = await open(path, flags, 0o600);
  return {
    read: async () => {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await file.read(bytes, length, size - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    },
    write: async (bytes, at) => {
      for (let length = 0; length < bytes.length;) {
        const rest = [bytes, length, bytes.length - length, at + length] as const;
        const isSmall = bytes.length <= smallBytes;
        const written = isSmall ? writeSync(file.fd, ...rest) : (await file.write(...rest)).bytesWritten;
        if (written === 0) throw Object.assign(new Error('Nothing was written.'), { code: 'EIO' });
        length += written;
      }
    },
    truncate: (length) => file.truncate(length),
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}

/** Creates the file and syncs its bytes, but not its name in the folder. */
export async function writeWhole(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  const file = await disk.create(path);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A crash leaves the complete old file or the complete new one; after this resolves, the new one. */
export async function replaceFile(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  await writeWhole(disk, `${path}.new`, bytes);
  await disk.rename(`${path}.new`, path);
  await disk.syncFolder(dirname(path));
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code ?? '';
export const isDiskError = (error: unknown) => error instanceof Error && 'syscall' in error;
export const isMissing = (error: unknown) => codeOf(error) === 'ENOENT';

/** An error of the disk as a sentence for the person. */
export function diskRefusal(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const code = codeOf(error);
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
    return new Refused(
      'Nothing was saved: the disk of this workstation is full. Free some space, then try again.',
    );
  if (['EROFS', 'EACCES', 'EPERM'].includes(code))
    return new Refused('Nothing was saved: Slate can’t write to its folder on this workstation. Tell IT.');
  return new Refused(
    'Nothing was saved: the disk of this workstation reported an error. Try again, and tell IT.',
  );
}
