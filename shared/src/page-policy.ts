/**
 * What the console's page may do, wherever it comes from: load what lies beside it, and talk to these servers. Styles
 * that the kit makes as it runs carry the nonce of this very page.
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
