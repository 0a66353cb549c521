import { createPool } from './db/pool.ts';
import { verifyAudit } from './use-cases/verify-audit.ts';

/**
 * `npm run audit:verify`: one line for every chain of the audit, and exit code 1 when one of them was tampered
 * with. Write the heads down elsewhere now and then: who can rewrite a whole chain cannot rewrite those.
 */
async function verify(url: string): Promise<boolean> {
  const pool = createPool({ url, max: 1, applicationName: 'slate audit:verify' });
  let sound = true;
  try {
    for await (const { site, name, chain, rows, head, problem } of verifyAudit(pool)) {
      const which = `${chain} of ${name ?? 'no site'} (${site})`;
      if (problem === null) console.log(`${which}: sound, ${rows} rows, head ${head}`);
      else console.error(`${which}: TAMPERED WITH, ${problem}`);
      sound &&= problem === null;
    }
  } finally {
    await pool.end();
  }
  return sound;
}

const url = process.env['DATABASE_URL'];
if (url) {
  try {
    if (!(await verify(url))) process.exitCode = 1;
  } catch (error) {
    console.error(`audit:verify: not finished, ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} else {
  console.error('audit:verify: set DATABASE_URL');
  process.exitCode = 1;
}
