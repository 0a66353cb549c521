import type { DayWithout, Opening } from '@slate/shared/contract/reads';
import { localDateOf, minutesBetween } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { holdAt } from '../../commands/hold.ts';
import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { sessionStore } from '../../stores/session.ts';
import { zoneNow } from '../../stores/view.ts';
import { paletteWords as words } from '../../words/palette.ts';
import { dot } from './entry.ts';
import type { Entry } from './entry.ts';
import { detailsOf } from './intents/proposals.ts';
import type { Proposal } from './intents/proposals.ts';
import { timesWithin } from './phrase/times.ts';

export type Slots =
  | { status: 'none' }
  | { status: 'searching' }
  | { status: 'found'; openings: readonly Opening[]; without: readonly DayWithout[] }
  /** Refused for this reason; null: no reply. */
  | { status: 'failed'; reason: string | null };

/** No search while the person is still typing. */
const pauseMs = 250;
const maxShown = 3;
/** The number of days to search if the day itself has no free slot. */
export const widerDays = 14;

/**
 * Searches openings for a proposal, nearest to its time first. If its day has none and no day was typed, searches the next
 * `widerDays` days.
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
    const [search, near, days] = JSON.parse(key) as [NonNullable<typeof body>, string | null, number | null];
    const stopping = new AbortController();
    const load = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const params = { site: session.site.id };
      const searchDays = (count: number) =>
        call('openings', { params, body: { ...search, days: count } }, { signal: stopping.signal });
      let outcome = await searchDays(days ?? 1);
      const isEmpty = outcome.kind === 'done' && outcome.reply.openings.length === 0;
      if (isEmpty && days === null && !stopping.signal.aborted) outcome = await searchDays(widerDays);
      if (stopping.signal.aborted) return;
      if (outcome.kind !== 'done') {
        const reason = outcome.kind === 'refused' ? outcome.problem.detail : null;
        return setSlots({ key, slots: { status: 'failed', reason } });
      }
      const { openings, without } = outcome.reply;
      const nearest = near === null ? openings : openings.toSorted(byDistance(near));
      setSlots({ key, slots: { status: 'found', openings: nearest.slice(0, maxShown), without } });
    };
    const timer = setTimeout(() => void load(), pauseMs);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [key]);

  if (key === '') return { status: 'none' };
  return slots.key === key ? slots.slots : { status: 'searching' };
}

/** Returns a comparison by day, then by distance from the time of day. */
function byDistance(near: string) {
  const dayOf = ({ start }: Opening) => localDateOf(start, zoneNow());
  const away = ({ start }: Opening) => {
    const minutes = Math.abs(minutesBetween(near, start)) % 1440;
    return Math.min(minutes, 1440 - minutes);
  };
  return (a: Opening, b: Opening) => dayOf(a).localeCompare(dayOf(b)) || away(a) - away(b);
}

/** Returns an entry for each free slot, which holds it. */
export function slotEntries(view: BoardView, proposal: Proposal, openings: readonly Opening[]): Entry[] {
  const { timeZone } = view.board.site;
  return openings.map(({ roomId, start, end, block, cautions }, index) => {
    const [caution] = cautions;
    const date = localDateOf(start, timeZone);
    const day = date === view.date ? '' : `${words.day(date)}${dot}`;
    return {
      id: `slot-${index}`,
      label: [
        { strong: nameIn(view, roomId) },
        `${dot}${day}${words.time(start, end, timeZone)} (${words.block[block]})`,
      ],
      detail: null,
      judgment:
        caution === undefined
          ? { tone: 'good', text: words.free }
          : { tone: 'doubtful', text: words.caution(caution) },
      keys: `Alt+${index + 1}`,
      changes: true,
      run: () => void holdAt({ roomId, start, end }, detailsOf(proposal)),
    };
  });
}
