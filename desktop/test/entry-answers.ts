import { defaultSettings } from '@slate/shared/sites';

type EntryRequest = { path: string; body: unknown };
type Person = { sites: readonly object[] };

/** The answers of a server to a person who signs in and opens a desk; undefined: another request. */
export function answerToEntry({ path, body }: EntryRequest, me: Person, secret: string) {
  const done = (reply: object) => ({ status: 200, body: reply });
  if (['/auth/login', '/auth/refresh', '/auth/password'].includes(path)) {
    const tokens = { accessToken: 'access', expiresIn: 600, refreshToken: 'refresh-token-of-this-test' };
    return done({ ...tokens, workstation: 'proof' });
  }
  if (path === '/me') return done(me);
  if (path === '/sites')
    return done({ sites: me.sites.map((site) => ({ ...site, settings: defaultSettings, version: 1 })) });
  if (path.endsWith('/devices')) return done({ id: (body as { id: string }).id, secret, position: 0 });
  return undefined;
}
