import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createPool } from './db/pool.ts';
import { readAnchors } from './use-cases/audit/anchor-audit.ts';
import type { AnchoredHead } from './use-cases/audit/anchor-audit.ts';
import { secretsFrom } from './identity/secrets.ts';
import { verifyAudit } from './use-cases/audit/verify-audit.ts';

/**
 * `npm run audit:verify [-- --expect <file>]`: prints one line per audit chain; exits with 1 if one was tampered with.
 * The file has heads anchored earlier (AUDIT_ANCHOR_FILE, or lines of the log), which reveal a chain that was rewritten as
 * a whole. Their signatures are checked if SLATE_SECRET is set.
 */
async function verify(url: string, anchored: AnchoredHead[]): Promise<boolean> {
  const pool = createPool({ url, max: 1, applicationName: 'slate audit:verify' });
  let sound = true;
  try {
    for await (const { site, name, chain, rows, head, problem } of verifyAudit(pool, { anchored })) {
      const label = `${chain} of ${name ?? 'no site'} (${site})`;
      if (problem === null) console.log(`${label}: sound, ${rows} rows, head ${head}`);
      else console.error(`${label}: TAMPERED WITH, ${problem}`);
      sound &&= problem === null;
    }
  } finally {
    await pool.end();
  }
  return sound;
}

async function readAnchoredHeads(): Promise<AnchoredHead[]> {
  const { expect } = parseArgs({ options: { expect: { type: 'string' } } }).values;
  if (expect === undefined) {
    console.log('Without --expect, a chain that was truncated or rewritten as a whole looks sound.');
    return [];
  }
  const secret = process.env['SLATE_SECRET'];
  if (!secret) console.log('SLATE_SECRET is not set: the signatures of the anchored heads are not checked.');
  try {
    return readAnchors(await readFile(expect, 'utf8'), secret ? secretsFrom(secret).anchorSecret : undefined);
  } catch (error) {
    throw new Error(`${expect}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const url = process.env['DATABASE_URL'];
if (url) {
  try {
    if (!(await verify(url, await readAnchoredHeads()))) process.exitCode = 1;
  } catch (error) {
    console.error(`audit:verify: not finished, ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} else {
  console.error('audit:verify: set DATABASE_URL');
  process.exitCode = 1;
}
