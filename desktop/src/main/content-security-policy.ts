/**
 * Nothing but what lies in the bundle, and one server. Styles that the kit makes as it runs carry the nonce of
 * this very page.
 */
export function contentSecurityPolicy({ nonce, server }: { nonce: string; server: string | null }): string {
  // http → ws, https → wss.
  const connections = server === null ? "'none'" : `${server} ${server.replace(/^http/, 'ws')}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src ${connections}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}
