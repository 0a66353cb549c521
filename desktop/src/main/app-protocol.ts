import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pagePolicy, pageTypes } from '@slate/shared/console-page';
import { protocol } from 'electron';

const scheme = 'app';
export const pageOrigin = `${scheme}://slate`;
export const pageAddress = `${pageOrigin}/`;

/**
 * The paths of the build's files. Each part starts with a letter, a digit, `_` or `-` and has no escapes, so a path
 * cannot leave the folder.
 */
const filePath = /^(\/[\w-][\w.-]*)+$/;

/** Call before Electron is ready. Gives pages of this scheme an origin of their own, which counts as secure. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the console from its folder, with a policy that allows the current server. */
export function serveConsole({ folder, server }: { folder: string; server: () => string | null }): void {
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== 'slate' || request.method !== 'GET') return notFound();
    if (pathname === '/' || pathname === '/index.html') return page(folder, server());
    const type = pageTypes[extname(pathname)];
    if (type === undefined || !filePath.test(pathname)) return notFound();
    const contents = await read(join(folder, pathname));
    return contents ? new Response(contents, { headers: headers(type) }) : notFound();
  });
}

/**
 * Without a policy for openers: the page has none, and cannot open a window. With it, Chromium would start a second process for the
 * page when the headers arrive.
 */
async function page(folder: string, server: string | null): Promise<Response> {
  const html = await read(join(folder, 'index.html'));
  if (!html) return notFound();
  const nonce = randomBytes(18).toString('base64url');
  return new Response(html.toString().replaceAll('__NONCE__', nonce), {
    headers: {
      ...headers('text/html; charset=utf-8'),
      'Content-Security-Policy': contentSecurityPolicy({ nonce, server }),
      'Referrer-Policy': 'no-referrer',
    },
  });
}

/** Only the bundle and one server. */
function contentSecurityPolicy({ nonce, server }: { nonce: string; server: string | null }): string {
  // http → ws, https → wss.
  const servers = server === null ? "'none'" : `${server} ${server.replace(/^http/, 'ws')}`;
  const trustedTypes = ["require-trusted-types-for 'script'", 'trusted-types default'];
  return [...pagePolicy({ nonce, servers }), ...trustedTypes].join('; ');
}

const headers = (type: string) => ({
  'Content-Type': type,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
});

const notFound = () => new Response('Not found.', { status: 404, headers: headers('text/plain') });

async function read(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(file);
  } catch {
    return undefined;
  }
}
