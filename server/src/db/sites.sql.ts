import { site } from '@slate/shared/sites';
import type { Site } from '@slate/shared/sites';
import { z } from 'zod';
import type { Statement } from './query.ts';

const row = z.object({ site });

export const siteById: Statement<{ site: Site }> = {
  name: 'site-by-id',
  text: 'SELECT site_json(s) AS site FROM sites s WHERE id = $1',
  row,
};

/** No row if the version has changed. $1 site, $2 name, $3 time zone, $4 settings, $5 version */
export const updateSite: Statement<{ site: Site }> = {
  name: 'update-site',
  text: `UPDATE sites s SET name = $2, time_zone = $3, settings = $4, version = version + 1
    WHERE id = $1 AND version = $5 RETURNING site_json(s) AS site`,
  row,
};

/** No row if the version has changed. $1 site, $2 the lists, $3 version */
export const updateReasons: Statement<{ site: Site }> = {
  name: 'update-reasons',
  text: `UPDATE sites s SET reasons = $2, version = version + 1
    WHERE id = $1 AND version = $3 RETURNING site_json(s) AS site`,
  row,
};

/** Whether PostgreSQL knows the time zone: its list can be older than Node's. */
export const knowsZone: Statement<{ known: boolean }> = {
  name: 'knows-zone',
  text: 'SELECT EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower($1)) AS known',
  row: z.object({ known: z.boolean() }),
};

/**
 * Every command starts by writing its key into this table. With this lock, all commands that used the old time
 * zone have committed and are visible, and new ones wait until they can read the new one.
 */
export const waitForCommands = { name: 'wait-for-commands', text: 'LOCK TABLE commands IN SHARE MODE' };
