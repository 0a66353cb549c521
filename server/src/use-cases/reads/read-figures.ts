import { id } from '@slate/shared/fields';
import { z } from 'zod';
import { bigint, many } from '../../db/query.ts';
import type { Queryable, Statement } from '../../db/query.ts';

const figures = z.object({ site_id: id, revision: bigint, live_holds: bigint });

const siteFigures: Statement<z.infer<typeof figures>> = {
  name: 'site-figures',
  text: `
    SELECT s.id AS site_id, s.revision, (SELECT count(*) FROM cases c
      WHERE c.site_id = s.id AND c.state = 'held' AND c.expires_at > clock_timestamp()) AS live_holds
    FROM sites s`,
  row: figures,
};

export type SiteFigures = { siteId: string; revision: number; liveHolds: number };

/** Figures of each site for the metrics. */
export async function readFigures(db: Queryable): Promise<SiteFigures[]> {
  const rows = await many(db, siteFigures);
  return rows.map(({ site_id: siteId, revision, live_holds: liveHolds }) => ({
    siteId,
    revision,
    liveHolds,
  }));
}
