import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pageTypes } from '@slate/shared/console-page';
import { protocol } from 'electron';
import { contentSecurityPolicy } from './content-security-policy.ts';

const scheme = 'app';
export const pageOrigin = `${scheme}://slate`;
export const pageAddress = `${pageOrigin}/`;

/**
 * Every part of an address begins with a letter, a digit, `_` or `-`, and there are no escapes: so it cannot lead
 * out of the folder, whatever it is made of. What the build makes looks like this.
 */
const plain = /^(\/[\w-][\w.-]*)+$/;

/** To be called before Electron is ready. A page of this scheme has an origin of its own, and a secure one. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** The pages of the console come from its folder; the policy names the server there is when one is asked for. */
export function serveConsole({ folder, server }: { folder: string; server: () => string | null }): void {
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== 'slate' || request.method !== 'GET') return nothing();
    if (pathname === '/' || pathname === '/index.html') return page(folder, server());
    const type = pageTypes[extname(pathname)];
    if (type === undefined || !plain.test(pathname)) return nothing();
    const contents = await read(join(folder, pathname));
    return contents ? new Response(contents, { headers: headers(type) }) : nothing();
  });
}

async function page(folder: string, server: string | null): Promise<Response> {
  const html = await read(join(folder, 'index.html'));
  if (!html) return nothing();
  const nonce = randomBytes(18).toString('base64url');
  return new Response(html.toString().replaceAll('__NONCE__', nonce), {
    headers: {
      ...headers('text/html; charset=utf-8'),
      'Content-Security-Policy': contentSecurityPolicy({ nonce, server }),
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
    },
  });
}

const headers = (type: string) => ({
  'Content-Type': type,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
});

const nothing = () => new Response('Not found.', { status: 404, headers: headers('text/plain') });

async function read(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(file);
  } catch {
    return undefined;
  }
}
