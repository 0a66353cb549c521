/** The console's page: the desktop program and the server hand out the same. */

/** What it is made of, by the ends of their names. Whatever else lies beside it is not handed out. */
export const pageTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * What it may do, wherever it comes from: load what lies beside it, and talk to these servers. Styles that the kit
 * makes as it runs carry the nonce of this very page.
 */
export const pagePolicy = ({ nonce, servers }: { nonce: string; servers: string }): string[] => [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self'",
  "font-src 'self'",
  `connect-src ${servers}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];
