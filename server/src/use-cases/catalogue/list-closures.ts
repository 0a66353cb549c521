import type { Closure } from '@slate/shared/sites';
import { localDay } from '@slate/shared/time';
import { closuresDuring } from '../../db/closures.sql.ts';
import { many } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { closureIn } from '../../domain/visibility.ts';
import type { View } from '../../domain/visibility.ts';
import { readSettings } from './read-settings.ts';

/** What is closed on some days, by the clock of the site. */
export async function listClosures(
  db: Queryable,
  siteId: string,
  { date, days }: { date: string; days: number },
  view: View,
): Promise<Closure[]> {
  const { timeZone } = await readSettings(db, siteId);
  const { start, end } = localDay(date, timeZone, days);
  const rows = await many(db, closuresDuring, [siteId, start, end]);
  return rows.map(({ closure }) => closureIn(view, closure));
}
