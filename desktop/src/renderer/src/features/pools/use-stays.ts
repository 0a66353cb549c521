import { bedRange, isPlaced, mayTake } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Board } from '@slate/shared/contract/reads';
import { happensAt } from '@slate/shared/reality';
import { addDays, covers, localDateOf, overlaps } from '@slate/shared/time';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { call } from '../../api/client.ts';
import { boardStore } from '../../stores/board.ts';
import { myScope, sessionStore } from '../../stores/session.ts';
import { useRetry } from '../connection/use-retry.ts';
import { fullest, stretchesOf, poolUses } from './uses.ts';

export const nightsShown = 7;
/** Patients from earlier days may still have a bed, so this many days before are loaded too. A board has at most 14 days. */
export const daysBefore = 7;

/** At most one request in this time, however often the board changes. */
const pauseMs = 30_000;

export type Stays = { board: Board | null; isUnreachable: boolean; retry: () => void };

/**
 * Loads the board of the days around a date, to count beds: the console's board has too few days. Loads it again when the
 * board changes. Without a date, loads nothing.
 */
export function useStays(date: string | null): Stays {
  const [stays, setStays] = useState<{ date: string; board: Board } | null>(null);
  const [failure, setFailure] = useState<object | null>(null);
  const [attempt, setAttempt] = useState(0);
  const revision = useStore(boardStore, (state) => state.view?.board.revision ?? null);
  const current = stays && stays.date === date ? stays.board : null;
  const isBehind = current !== null && revision !== null && current.revision < revision;

  useEffect(() => {
    if (date === null || (current && !isBehind)) return undefined;
    const stopping = new AbortController();
    const { signal } = stopping;
    const load = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const query = { date: addDays(date, -daysBefore), days: daysBefore + nightsShown };
      const outcome = await call('board', { params: { site: session.site.id }, query }, { signal });
      if (signal.aborted) return;
      setFailure(outcome.kind === 'done' ? null : {});
      if (outcome.kind === 'done') setStays({ date, board: outcome.reply });
    };
    const timer = setTimeout(() => void load(), current ? pauseMs : 0);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [date, current, isBehind, attempt]);

  const retry = () => setAttempt((count) => count + 1);
  useRetry(failure, retry);
  return { board: current, isUnreachable: failure !== null, retry };
}

/**
 * Returns how many beds of a pool are free during all nights of a case; null if unknown. Takes the cases of the shown days
 * from the console's board, because it is always current.
 */
export function useFreeBeds(
  item: Case,
  isNeeded: boolean,
): (poolId: string, nights: number) => number | null {
  const view = useStore(boardStore, (state) => state.view);
  const isCounted = isNeeded && isPlaced(item) && myScope('cases.read') === 'any';
  const zone = view?.board.site.timeZone ?? '';
  const { board } = useStays(view && isCounted ? localDateOf(happensAt(item).start, zone) : null);
  const cases = useMemo(() => {
    if (!view || !board) return null;
    const others = board.cases.filter(
      (each) => !(isPlaced(each) && overlaps(mayTake(each), view.board.range)),
    );
    return [...others, ...view.board.cases].filter(({ id }) => id !== item.id);
  }, [view, board, item.id]);
  return (poolId, nights) => {
    const pool = view?.resources.get(poolId);
    if (!pool || !board || !cases || !isPlaced(item)) return null;
    const { start, end } = bedRange(happensAt(item).start, nights, zone);
    if (!covers(board.range, { start, end })) return null;
    const uses = poolUses(pool, { cases, closures: board.closures, zone, now: board.at });
    const range = { start: Date.parse(start), end: Date.parse(end) };
    return Math.max(0, pool.capacity - (fullest(stretchesOf(uses, range))?.used ?? 0));
  };
}
