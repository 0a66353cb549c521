/** The folder with updates of the desktop program, and its files for workstations. */
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { maxManifestBytes, signedManifest, updateChannel, updateManifest } from '@slate/shared/updates';
import type { UpdateChannel, UpdateFile } from '@slate/shared/updates';
import { Router } from 'express';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { limitKeyOf } from '../domain/address.ts';
import { notFound } from '../domain/refusal.ts';
import { charge } from '../limits.ts';
import type { TakeTokens } from '../limits.ts';
import type { ReadPublished } from '../use-cases/reads/offer-update.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { createTurns } from './turns.ts';

/** The text of a manifest grows when it becomes a JSON string. */
const maxSignedBytes = 2 * maxManifestBytes;

/**
 * Reads the manifest of a channel, `<folder>/<channel>/manifest.json`, whenever it is asked for, so
 * that an update is published by replacing that file. The signature is not checked here: only
 * workstations have the keys.
 */
export function createPublishedReader(folder: string | undefined, log: Logger): ReadPublished {
  const lastReport = new Map<UpdateChannel, string>();
  /** Once per problem: workstations ask again and again. */
  const report = (channel: UpdateChannel, problem: string) => {
    if (lastReport.get(channel) !== problem) log.warn({ channel }, problem);
    lastReport.set(channel, problem);
    return null;
  };
  return async (channel) => {
    if (folder === undefined) return null;
    let text: string;
    try {
      text = await readFile(join(folder, channel, 'manifest.json'), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      return report(channel, 'The manifest of the updates cannot be read.');
    }
    const found = text.length <= maxSignedBytes ? parse(text) : null;
    if (!found) return report(channel, 'The manifest of the updates is malformed: sign it again.');
    if (lastReport.get(channel) !== found.manifest.version)
      log.info({ channel, version: found.manifest.version }, 'offering an update');
    lastReport.set(channel, found.manifest.version);
    return found;
  };
}

function parse(text: string) {
  try {
    const signed = signedManifest.parse(JSON.parse(text));
    return { signed, manifest: updateManifest.parse(JSON.parse(signed.manifest)) };
  } catch {
    return null;
  }
}

export type UpdateFilesDeps = {
  folder: string | undefined;
  readPublished: ReadPublished;
  limit: TakeTokens;
  /** Downloads at the same time. */
  atOnce: number;
  log: Logger;
  onDownload: (result: 'complete' | 'cut') => void;
};

/** One workstation downloads one file; a hospital may share an address. */
const atOncePerAddress = 5;
/**
 * A download that takes longer is cut, so that nobody keeps a place by reading slowly. The
 * workstation resumes it.
 */
const maxMs = 10 * 60_000;
const path = '/updates/:channel/:name';

/**
 * Serves the files that the manifest of a channel names, and nothing else in the folder: an address
 * is only compared with those names, and never becomes a path.
 */
export function createUpdateFiles({
  folder,
  readPublished,
  limit,
  atOnce,
  log,
  onDownload,
}: UpdateFilesDeps): Router {
  const router = Router({ caseSensitive: true });
  const inAddressTurn = createTurns({ atOnce: atOncePerAddress });
  const inTurn = createTurns({ atOnce });

  async function openFile(channel: UpdateChannel, name: string) {
    const update = await readPublished(channel);
    const file = update?.manifest.files.find((each) => each.name === name);
    if (folder === undefined || !file) throw notFound('file');
    try {
      // Not through a link, which could lead out of the folder.
      const handle = await open(
        join(folder, channel, file.name),
        constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0),
      );
      const found = await handle.stat();
      if (found.isFile() && found.size === file.size) return { handle, file };
      await handle.close();
    } catch {}
    log.warn({ channel, name: file.name }, 'A file of the published update is missing or has another size.');
    throw notFound('file');
  }

  async function answer(request: Request, response: Response) {
    response.locals.route = path;
    const caller = limitKeyOf(request.ip ?? '');
    await charge(limit, caller);
    const channel = updateChannel.safeParse(request.params['channel']).data;
    if (channel === undefined) throw notFound('file');
    await inAddressTurn(caller, () =>
      inTurn('all', async () => {
        const { handle, file } = await openFile(channel, String(request.params['name']));
        try {
          await send(request, response, file, handle);
        } finally {
          await handle.close();
          if (request.method === 'GET') onDownload(response.writableFinished ? 'complete' : 'cut');
        }
      }),
    );
  }

  router.get(path, (request, response) => answer(request, response));
  refuseOtherMethods(router, [{ method: 'get', path }]);
  return router;
}

async function send(request: Request, response: Response, { size, sha512 }: UpdateFile, handle: FileHandle) {
  const tag = `"${sha512.slice(0, 32)}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/octet-stream');
  const { range, 'if-range': ifRange = tag } = request.headers;
  const start = ifRange === tag ? startOf(range) : 0;
  if (start >= size) {
    response.status(416).setHeader('Content-Range', `bytes */${size}`);
    response.end();
    return;
  }
  if (start > 0) response.status(206).setHeader('Content-Range', `bytes ${start}-${size - 1}/${size}`);
  response.setHeader('Content-Length', size - start);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const timer = setTimeout(() => response.destroy(), maxMs);
  try {
    await pipeline(handle.createReadStream({ start, autoClose: false }), response);
  } catch (error) {
    // The workstation has gone; it resumes later.
    if (!response.destroyed) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Where to resume. Any other kind of range is ignored, which HTTP allows. */
const startOf = (range = '') => Number(/^bytes=(\d{1,15})-$/.exec(range)?.[1] ?? 0);
