import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Replaces `from` by `to` in this source file. */
export type Change = { file: string; from: string; to: string };

/**
 * The environment of a server without a protection: its sources change as they are loaded, never on disk. A test of the
 * protection must fail on it.
 */
export function mutant(...changes: [Change, ...Change[]]): Record<string, string> {
  const urls = changes.map(({ file, from, to }) => {
    const path = join(import.meta.dirname, '..', '..', file);
    const found = readFileSync(path, 'utf8').split(from).length - 1;
    if (found !== 1) throw new Error(`${file} has ${found} times: ${from}. Update the mutant.`);
    return { url: pathToFileURL(path).href, from, to };
  });
  return {
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'mutant-hook.ts')).href}`,
    SLATE_TEST_MUTANT: JSON.stringify(urls),
  };
}
