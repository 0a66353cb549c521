import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { UpdateFile, UpdateRefusal } from '@slate/shared/updates';
import { isDiskError, isMissing } from '../disk.ts';

export type Fetch = (address: string, options: RequestInit) => Promise<Response>;

/** The reason why an update is not installed. */
export class UpdateRefused extends Error {
  readonly why: UpdateRefusal;
  constructor(why: UpdateRefusal, cause?: unknown) {
    super(`The update is refused: ${why}.`, { cause });
    this.why = why;
  }
}

const stallMs = 60_000;

/** A request that follows no redirect and sends nothing about the person. Aborted when nothing arrives for a while. */
export async function request(fetch: Fetch, address: string, headers: Record<string, string> = {}) {
  const stalled = new AbortController();
  const abort = () => stalled.abort(new Error('Nothing arrived for a while.'));
  let timer = setTimeout(abort, stallMs);
  const done = () => {
    clearTimeout(timer);
    stalled.abort();
  };
  try {
    const response = await fetch(address, {
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      headers,
      signal: stalled.signal,
    });
    const stream: AsyncIterable<Uint8Array> | null = response.body;
    async function* chunks() {
      for await (const chunk of stream ?? []) {
        clearTimeout(timer);
        timer = setTimeout(abort, stallMs);
        yield chunk;
      }
    }
    return { response, chunks, done };
  } catch (error) {
    done();
    const text = error instanceof Error ? `${error.message} ${String(error.cause)}` : '';
    throw /redirect/i.test(text) ? new UpdateRefused('redirected', error) : error;
  }
}

export type Download = {
  fetch: Fetch;
  address: string;
  file: UpdateFile;
  /** The file of the download. A partial file is resumed. */
  path: string;
  onProgress: (percent: number) => void;
};

/** Resolves when the whole file is there and has the signed hash. Throws `UpdateRefused` if it has another hash. */
export async function download({ fetch, address, file, path, onProgress }: Download): Promise<void> {
  try {
    let size = await sizeOf(path);
    if (size > file.size) {
      await rm(path);
      size = 0;
    }
    if (size < file.size) await receive(fetch, address, file, path, size, onProgress);
    // Hashes the file on the disk, which will be unpacked.
    if ((await sha512Of(path)) === file.sha512) return;
    await rm(path);
  } catch (error) {
    throw isDiskError(error) ? new UpdateRefused('disk', error) : error;
  }
  throw new UpdateRefused('hash');
}

async function receive(
  fetch: Fetch,
  address: string,
  { size, sha512 }: UpdateFile,
  path: string,
  from: number,
  onProgress: (percent: number) => void,
) {
  const range = from > 0 ? { Range: `bytes=${from}-`, 'If-Range': `"${sha512.slice(0, 32)}"` } : undefined;
  const { response, chunks, done } = await request(fetch, address, range);
  try {
    const isResumed = response.status === 206;
    if (isResumed && response.headers.get('Content-Range') !== `bytes ${from}-${size - 1}/${size}`)
      throw new Error('The server sent another part than the requested one.');
    if (!isResumed && response.status !== 200) throw new Error(`The server answered ${response.status}.`);
    let at = isResumed ? from : 0;
    const target = await open(path, isResumed ? 'r+' : 'w', 0o600);
    try {
      for await (const chunk of chunks()) {
        if (at + chunk.length > size) throw new UpdateRefused('oversized');
        for (let written = 0; written < chunk.length;) {
          const { bytesWritten } = await target.write(chunk, written, chunk.length - written, at + written);
          written += bytesWritten;
        }
        at += chunk.length;
        onProgress(Math.floor((at / size) * 100));
      }
    } finally {
      await target.close();
    }
    if (at < size) throw new Error('The download was cut.');
  } catch (error) {
    if (error instanceof UpdateRefused) await rm(path, { force: true });
    throw error;
  } finally {
    done();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

export async function sha512Of(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
