import type { DayWithout, Opening } from '@slate/shared/board';
import { localDateOf, minutesBetween } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { sessionStore } from '../../stores/session.ts';
import { zoneNow } from '../../stores/view.ts';
import { detailsOf } from './intents/proposals.ts';
import { timesWithin } from './phrase/times.ts';
import type { Proposal } from './intents/proposals.ts';

export type Slots =
  | { status: 'none' }
  | { status: 'searching' }
  | { status: 'found'; openings: readonly Opening[]; without: readonly DayWithout[] }
  /** Refused for a reason, or without an answer. */
  | { status: 'failed'; reason: string | null };

/** Nobody is asked while somebody still types. */
const pauseMs = 250;
const shown = 3;
/** How far ahead is looked when the day has nothing. */
export const widerDays = 14;

/**
 * The openings for what is proposed; of those, the nearest to the time that was said. On the day, and unless that
 * was said, on later ones when it has none.
 */
export function useSlots(proposal: Proposal | null): Slots {
  const [slots, setSlots] = useState<{ key: string; slots: Slots }>({ key: '', slots: { status: 'none' } });
  const body = proposal && {
    date: proposal.date,
    minutes: proposal.minutes,
    ...detailsOf(proposal),
    ...(proposal.room && proposal.start === null && { roomIds: [proposal.room.id] }),
    ...(proposal.window && timesWithin(proposal.window)),
    limit: 40,
  };
  const key = body === null ? '' : JSON.stringify([body, proposal?.start, proposal?.days]);

  useEffect(() => {
    if (key === '') return undefined;
    const [asked, near, days] = JSON.parse(key) as [NonNullable<typeof body>, string | null, number | null];
    const stopping = new AbortController();
    const ask = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const params = { site: session.site.id };
      const search = (count: number) =>
        call('openings', { params, body: { ...asked, days: count } }, { signal: stopping.signal });
      let outcome = await search(days ?? 1);
      const isEmpty = outcome.kind === 'done' && outcome.reply.openings.length === 0;
      if (isEmpty && days === null && !stopping.signal.aborted) outcome = await search(widerDays);
      if (stopping.signal.aborted) return;
      if (outcome.kind !== 'done') {
        const reason = outcome.kind === 'refused' ? outcome.problem.detail : null;
        return setSlots({ key, slots: { status: 'failed', reason } });
      }
      const { openings, without } = outcome.reply;
      const nearest = near === null ? openings : openings.toSorted(byDistance(near));
      setSlots({ key, slots: { status: 'found', openings: nearest.slice(0, shown), without } });
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [key]);

  if (key === '') return { status: 'none' };
  return slots.key === key ? slots.slots : { status: 'searching' };
}

/** The earlier day comes first, and on a day what is nearest to the time. */
function byDistance(near: string) {
  const dayOf = ({ start }: Opening) => localDateOf(start, zoneNow());
  const away = ({ start }: Opening) => {
    const minutes = Math.abs(minutesBetween(near, start)) % 1440;
    return Math.min(minutes, 1440 - minutes);
  };
  return (a: Opening, b: Opening) => dayOf(a).localeCompare(dayOf(b)) || away(a) - away(b);
}
