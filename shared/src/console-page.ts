// The desktop program and the server serve the same page.

/** The served file types, by extension. Other files in the folder are not served. */
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
 * The content security policy: the page loads its own files and connects to these servers. The nonce allows the styles
 * that the component library creates at run time.
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
