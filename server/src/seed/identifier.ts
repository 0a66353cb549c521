import { createHash } from 'node:crypto';

/** The same name is the same UUID (version 8) wherever and whenever the demo hospital is planted. */
export function idOf(...name: string[]): string {
  const hex = createHash('sha256')
    .update(['slate demo', ...name].join('\n'))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
