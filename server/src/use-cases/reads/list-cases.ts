import { isPlaced, surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { CasesSearch } from '@slate/shared/contract/reads';
import { happensAt } from '@slate/shared/reality';
import { instant, localDay } from '@slate/shared/time';
import { z } from 'zod';
import { happensIn, siteHeadOf } from '../../db/board.sql.ts';
import { many, maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import { caseIn } from '../../domain/visibility.ts';
import type { View } from '../../domain/visibility.ts';

const hiddenStates = ['expired', 'released', 'voided'];
const row = z.object({ case: surgicalCase });
const cursorOf = z.tuple([instant.nullable(), z.uuid()]);

/**
 * Cases by start, in pages; cases without a time (the depot) come last. A day has what takes place on it and what is
 * expected to go on into it, without delays by others (RE9).
 */
export async function listCases(
  db: Queryable,
  siteId: string,
  search: CasesSearch,
  view: View,
): Promise<{ cases: Case[]; next: string | null }> {
  const head = await maybeOne(db, siteHeadOf, [siteId]);
  if (!head) throw notFound('site');

  const values: unknown[] = [siteId];
  const conditions = ['site_id = $1'];
  const where = (condition: (parameter: string) => string, value: unknown) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  // This condition selects one of the two partial indexes by start.
  const isHidden = search.state !== undefined && hiddenStates.includes(search.state);
  conditions.push(`state ${isHidden ? '' : 'NOT '}IN ('expired', 'released', 'voided')`);
  if (search.date) {
    const { start, end } = localDay(search.date, head.time_zone, search.days);
    where((parameter) => `lower(happens) < ${parameter}::timestamptz`, end);
    values.push(start, head.at);
    const [from, now] = [`$${values.length - 1}::timestamptz`, `$${values.length}::timestamptz`];
    // Cases in hidden states have their planned times, at most a day.
    const first = isHidden ? `${from} - interval '24 hours'` : firstStart(from, now);
    conditions.push(
      `lower(happens) >= ${first}`,
      `(lower(happens) >= ${from} OR upper(expected_at(c, ${now})) > ${from})`,
    );
  }
  if (search.state) where((parameter) => `state = ${parameter}`, search.state);
  if (search.surgeonId) where((parameter) => `surgeon_id = ${parameter}::uuid`, search.surgeonId);
  if (search.roomId) where((parameter) => `room_id = ${parameter}::uuid`, search.roomId);
  if (search.patientRef) where((parameter) => `patient_ref = ${parameter}`, search.patientRef);
  if (view.kind === 'own') {
    where(
      (parameter) => `(surgeon_id = ANY (${parameter}::uuid[]) OR created_by = $${values.length + 1}::uuid)`,
      [...view.surgeonIds],
    );
    values.push(view.userId);
  }
  if (search.cursor !== undefined) {
    const [start, after] = parseCursor(search.cursor);
    if (start === null) {
      conditions.push('lower(happens) IS NULL');
      where((parameter) => `id > ${parameter}::uuid`, after);
    } else {
      values.push(start, after);
      const [from, id] = [`$${values.length - 1}::timestamptz`, `$${values.length}::uuid`];
      conditions.push(`((lower(happens), id) > (${from}, ${id}) OR lower(happens) IS NULL)`);
    }
  }
  values.push(search.limit + 1);
  const text = `SELECT case_json(c) AS case FROM cases c WHERE ${conditions.join(' AND ')}
    ORDER BY lower(happens), id LIMIT $${values.length}`;

  const found = (await many(db, { name: '', text, row }, values)).map((each) => each.case);
  const page = found.slice(0, search.limit);
  const last = page.at(-1);
  return {
    cases: page.flatMap((item) => caseIn(view, item) ?? []),
    next: found.length > search.limit && last ? writeCursor(last) : null,
  };
}

/**
 * The first start of the cases that are on the days from this moment on (RE9), so that the index by start is read only
 * from there. `FILTER`, because PostgreSQL would look for a plain minimum from the beginning of the history on.
 */
const firstStart = (from: string, now: string) => `
  (SELECT least(${from}, min(lower(c.happens)) FILTER (WHERE upper(expected_at(c, ${now})) > ${from}))
  FROM cases c WHERE c.site_id = $1 AND c.state NOT IN ('expired', 'released', 'voided')
    AND (${happensIn(`${from} - interval '4 hours'`, from)} OR c.state IN ('in_room', 'incision', 'closed')))`;

const writeCursor = (item: Case) =>
  Buffer.from(JSON.stringify([isPlaced(item) ? happensAt(item).start : null, item.id])).toString('base64url');

function parseCursor(text: string): z.infer<typeof cursorOf> {
  try {
    return cursorOf.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw invalid('cursor', 'Isn’t a valid cursor. Start again without it.');
  }
}
