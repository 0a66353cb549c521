import { surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { caseCause } from '@slate/shared/changes';
import type { CaseCause } from '@slate/shared/changes';
import { actor } from '@slate/shared/fields';
import type { Actor } from '@slate/shared/fields';
import { z } from 'zod';
import { caseById } from '../../db/cases.sql.ts';
import { bigint, many, maybeOne, timestamp } from '../../db/query.ts';
import type { Queryable, Statement } from '../../db/query.ts';
import { upgradeStored } from '../../db/stored/shape.ts';
import { notFound } from '../../domain/refusal.ts';
import { caseIn } from '../../domain/visibility.ts';
import type { View } from '../../domain/visibility.ts';

type HistoryEntry = { revision: number; at: string; by: Actor | null; cause: CaseCause; case: Case };

const changeOfCase = z.object({ cause: caseCause, case: surgicalCase });

const historyOf: Statement<HistoryEntry> = {
  name: 'history-of-case',
  text: `SELECT revision, at, actor AS by, body, shape FROM changes
    WHERE site_id = $1 AND body ->> 'type' = 'case' AND body -> 'case' ->> 'id' = $2
    ORDER BY revision DESC LIMIT 200`,
  row: z
    .object({
      revision: bigint,
      at: timestamp,
      by: actor.nullable(),
      body: z.record(z.string(), z.unknown()),
      shape: z.int(),
    })
    .transform(({ body, shape, ...entry }) => ({
      ...entry,
      ...changeOfCase.parse(upgradeStored(body, shape)),
    })),
};

/** One case and its history, latest first. */
export async function readCase(db: Queryable, siteId: string, caseId: string, view: View) {
  const [found, past] = await Promise.all([
    maybeOne(db, caseById, [siteId, caseId]),
    many(db, historyOf, [siteId, caseId]),
  ]);
  const item = found && caseIn(view, found.case);
  if (!item) throw notFound('case');
  return {
    case: item,
    history: past.flatMap((entry) => {
      const visible = caseIn(view, entry.case);
      return visible ? [{ ...entry, case: visible }] : [];
    }),
  };
}
