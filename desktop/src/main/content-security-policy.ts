import { pagePolicy } from '@slate/shared/console-page';

/** Nothing but what lies in the bundle, and one server. */
export function contentSecurityPolicy({ nonce, server }: { nonce: string; server: string | null }): string {
  // http → ws, https → wss.
  const servers = server === null ? "'none'" : `${server} ${server.replace(/^http/, 'ws')}`;
  const texts = ["require-trusted-types-for 'script'", 'trusted-types default'];
  return [...pagePolicy({ nonce, servers }), ...texts].join('; ');
}
