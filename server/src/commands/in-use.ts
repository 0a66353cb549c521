import { mayFrom } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import type { Blocker } from '@slate/shared/errors';
import { rangeOf } from '@slate/shared/time';
import type { BlockingClaim } from '../db/resources.sql.ts';
import { Refusal } from '../domain/refusal.ts';

/** The most cases that `bump` may name. */
const maxBlockers = 200;
const maxNamed = 5;

/** Builds a refusal that lists the claims in the way and says what to do about each kind. */
export function inUse(
  subject: string,
  inTheWay: readonly BlockingClaim[],
  zone: string,
  total = inTheWay.length,
): Refusal {
  const list = inTheWay.slice(0, maxNamed).map((claim) => describe(claim, zone));
  if (total > list.length) list.push(`and ${total - list.length} more`);
  const advice = [
    inTheWay.some(canBump) && 'Move them, or choose which to bump to the depot.',
    inTheWay.some(({ closure }) => closure) && 'Change or remove the closures first.',
    inTheWay.some((claim) => claim.case && !canBump(claim)) && 'Wait until cases in progress are finished.',
  ];
  return new Refusal('in_use', [`${subject}: ${list.join(', ')}.`, ...advice.filter(Boolean)].join(' '), {
    blockers: inTheWay.slice(0, maxBlockers).map(blockerOf),
  });
}

/** Builds a refusal that lists cases that a change would leave in a worse place. */
export function affects(
  cases: readonly PlacedCase[],
  zone: string,
  why: string,
  advice = 'Decide what happens to each of them.',
): Refusal {
  const named = cases
    .slice(0, maxNamed)
    .map(({ number, start, end }) => `${number} ${rangeOf(start, end, zone)}`);
  const more = cases.length > named.length ? ` and ${cases.length - named.length} more` : '';
  return new Refusal('in_use', `These cases ${why}: ${named.join(', ')}${more}. ${advice}`, {
    blockers: cases
      .slice(0, maxBlockers)
      .map((item) => blockerOf({ ...item, resourceId: item.roomId, case: item, closure: null })),
  });
}

/** Holds can be released and planned cases bumped. Cases in progress and finished cases stay. */
export const canBump = ({ case: item }: Pick<BlockingClaim, 'case'>) =>
  item !== null && (item.state === 'held' || mayFrom('bump', item.state));

function describe({ case: item, closure, start, end }: BlockingClaim, zone: string): string {
  const range = rangeOf(start, end, zone);
  if (item === null) return `closed ${range} (${closure?.reason ?? 'no reason given'})`;
  const state =
    canBump({ case: item }) && item.state !== 'held' ? '' : `, ${item.state.replaceAll('_', ' ')}`;
  return `case ${item.number} ${range}${state}`;
}

function blockerOf({ resourceId, start, end, case: item, closure }: Omit<BlockingClaim, 'total'>): Blocker {
  if (item === null) return { kind: 'closure', resourceId, start, end, reason: closure?.reason ?? '' };
  return {
    kind: item.state === 'held' ? 'hold' : 'case',
    resourceId,
    start,
    end,
    caseId: item.id,
    number: item.number,
    title: item.title,
    ...(item.holder && { by: item.holder.name }),
    ...(item.expiresAt && { expiresAt: item.expiresAt }),
  };
}
