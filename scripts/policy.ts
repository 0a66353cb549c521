/** `npm run policy`: writes the files in `docs/policy` from the table of settings. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { policyFiles } from './policy-files.ts';

for (const [name, contents] of Object.entries(policyFiles())) {
  const file = join(import.meta.dirname, '..', 'docs', 'policy', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}
