import type { Opening } from '@slate/shared/board';
import { minutesBetween } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { sessionStore } from '../../stores/session.ts';
import { detailsOf } from './proposals.ts';
import type { Proposal } from './proposals.ts';

export type Slots =
  | { status: 'none' }
  | { status: 'searching' }
  | { status: 'found'; openings: readonly Opening[] }
  | { status: 'failed' };

/** Nobody is asked while somebody still types. */
const pauseMs = 250;
const shown = 3;
/** How far ahead is looked when the day has nothing. */
export const widerDays = 14;

/**
 * The openings for what is proposed; of those, the nearest to the time that was said. On the day, and unless that
 * was said (`isDaySaid`), on later ones when it has none.
 */
export function useSlots(proposal: Proposal | null, isDaySaid: boolean): Slots {
  const [slots, setSlots] = useState<{ key: string; slots: Slots }>({ key: '', slots: { status: 'none' } });
  const body = proposal && {
    date: proposal.date,
    minutes: proposal.minutes,
    ...detailsOf(proposal),
    ...(proposal.room && proposal.start === null && { roomIds: [proposal.room.id] }),
    limit: 40,
  };
  const key = body === null ? '' : JSON.stringify([body, proposal?.start, isDaySaid]);

  useEffect(() => {
    if (key === '') return undefined;
    const [asked, near, isThatDay] = JSON.parse(key) as [NonNullable<typeof body>, string | null, boolean];
    const stopping = new AbortController();
    const ask = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const params = { site: session.site.id };
      const search = (days: number) =>
        call('openings', { params, body: { ...asked, days } }, { signal: stopping.signal });
      let outcome = await search(1);
      const isEmpty = outcome.kind === 'done' && outcome.reply.openings.length === 0;
      if (isEmpty && !isThatDay && !stopping.signal.aborted) outcome = await search(widerDays);
      if (stopping.signal.aborted) return;
      if (outcome.kind !== 'done') return setSlots({ key, slots: { status: 'failed' } });
      const { openings } = outcome.reply;
      const away = ({ start }: Opening) => (near === null ? 0 : Math.abs(minutesBetween(start, near)));
      const nearest = openings.toSorted((a, b) => away(a) - away(b)).slice(0, shown);
      setSlots({ key, slots: { status: 'found', openings: nearest } });
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
