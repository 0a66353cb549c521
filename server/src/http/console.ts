import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { pagePolicy, pageTypes } from '@slate/shared/console-page';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { sendUnlessSame, tagOf } from './entity-tag.ts';
import { refuseOtherMethods } from './other-methods.ts';

const notBuilt =
  'The console has not been built here: run `npm run build`, then start the server again. ' +
  'The API works without it; its documentation is at /api-docs.\n';

/**
 * Serves the console to browsers. All files are read when the server starts, so that an address never becomes a path,
 * and a build that is replaced meanwhile is never mixed with the old one.
 */
export function createConsole(folder: string): Router {
  const router = Router({ caseSensitive: true });
  const files = readFiles(folder);
  const page = files.get('/index.html')?.toString();
  files.delete('/index.html');

  router.get(['/', '/index.html'], (request, response) => {
    response.locals.route = '/';
    response.setHeader('Cache-Control', 'no-store');
    if (page === undefined) {
      response.status(404).setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end(notBuilt);
      return;
    }
    const nonce = randomBytes(18).toString('base64url');
    response.setHeader('Content-Security-Policy', policy(nonce, request.headers.host));
    response.setHeader('Content-Type', pageTypes['.html'] ?? '');
    response.end(page.replaceAll('__NONCE__', nonce));
  });

  for (const [address, body] of files) {
    const send = senderOf(address, body);
    router.get(address, (request, response) => {
      response.locals.route = 'console';
      return send(request, response);
    });
  }
  refuseOtherMethods(
    router,
    ['/', '/index.html', ...files.keys()].map((path) => ({ method: 'get', path })),
  );
  return router;
}

/** Allows only content from this server. */
function policy(nonce: string, host = '') {
  // Older browsers do not count sockets among 'self'.
  const sockets = /^[\w.:-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return pagePolicy({ nonce, servers: `'self'${sockets}` }).join('; ');
}

/** The files by address. Does not follow links, so nothing outside the folder is read. */
function readFiles(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of entriesOf(folder)) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && extname(path) in pageTypes) {
      files.set(`/${relative(folder, path).split(sep).join('/')}`, readFileSync(path));
    }
  }
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

type Send = (request: Request, response: Response) => Promise<void> | void;

function senderOf(address: string, body: Buffer): Send {
  const type = pageTypes[extname(address)] ?? '';
  if (!address.startsWith('/assets/')) {
    const tag = tagOf(body);
    return (request, response) => sendUnlessSame(request, response, { body, tag, type });
  }
  const encodings = /^text|json|svg/.test(type) ? compressions(body) : [];
  return async (request, response) => {
    // The file's name contains a hash of its content.
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.setHeader('Content-Type', type);
    response.vary('Accept-Encoding');
    const encoding = encodings.find(({ name }) => request.acceptsEncodings(name));
    const content = encoding ? await encoding.compressed() : body;
    if (encoding) response.setHeader('Content-Encoding', encoding.name);
    response.setHeader('Content-Length', content.length);
    response.end(content);
  };
}

/** Compressed once, on the first request: hospital networks are slow, and not every process serves consoles. */
const compressions = (body: Buffer) => [
  { name: 'br', compressed: once(() => brotli(body, brotliOptions)) },
  { name: 'gzip', compressed: once(() => promisify(gzip)(body, { level: 9 })) },
];
const brotli = promisify(brotliCompress);
/** Level 9 of 11: the last two levels take ten times as long for a few percent. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

function once<Result>(make: () => Promise<Result>) {
  let result: Promise<Result> | undefined;
  return () => (result ??= make());
}
