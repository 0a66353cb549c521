import { rm, writeFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Queryable } from './db/query.ts';
import { offerSetUp, setUpHours } from './identity/set-up.ts';

type Announcement = {
  db: Queryable;
  /** The origin of the link. */
  base: string;
  email: string | undefined;
  /** Where to write the link; undefined: to the log. */
  file: string | undefined;
  log: Pick<Logger, 'info'>;
};

/** If there is no site yet, makes the set-up link and writes it to the log or the file. */
export async function announceSetUp({ db, base, email, file, log }: Announcement): Promise<void> {
  const secret = await offerSetUp(db, email ?? null);
  if (secret === null) return;
  const link = `${base}/#/set-up/${secret}`;
  if (file === undefined) {
    log.info(`This server has no site yet. Set it up within ${setUpHours} hours, once: ${link}`);
    return;
  }
  // A new file: the mode of an existing one would stay as it is.
  await rm(file, { force: true });
  await writeFile(file, `${link}\n`, { mode: 0o600, flag: 'wx' });
  log.info(
    { file },
    `This server has no site yet. The set-up link in the file works once, within ${setUpHours} hours.`,
  );
}
