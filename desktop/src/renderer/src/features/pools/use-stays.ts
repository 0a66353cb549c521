import type { Board } from '@slate/shared/contract/reads';
import { addDays } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { call } from '../../api/client.ts';
import { boardStore } from '../../stores/board.ts';
import { sessionStore } from '../../stores/session.ts';
import { useRetry } from '../connection/use-retry.ts';

export const nightsShown = 7;
/** A bed is taken by who was operated on before: so far back is asked for. A board has at most 14 days. */
export const daysBefore = 7;

/** Not oftener than this, however much happens on the board meanwhile. */
const pauseMs = 30_000;

export type Stays = { board: Board | null; isUnreachable: boolean; again: () => void };

/**
 * The cases whose patients may lie in a bed in these nights: more days than the board has, so they are asked for,
 * and again when something has changed on the board.
 */
export function useStays(date: string): Stays {
  const [stays, setStays] = useState<{ date: string; board: Board } | null>(null);
  const [failure, setFailure] = useState<object | null>(null);
  const [attempt, setAttempt] = useState(0);
  const revision = useStore(boardStore, (state) => state.view?.board.revision ?? null);
  const known = stays?.date === date ? stays.board : null;
  const isBehind = known !== null && revision !== null && known.revision < revision;

  useEffect(() => {
    if (known && !isBehind) return undefined;
    const stopping = new AbortController();
    const { signal } = stopping;
    const ask = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const query = { date: addDays(date, -daysBefore), days: daysBefore + nightsShown };
      const outcome = await call('board', { params: { site: session.site.id }, query }, { signal });
      if (signal.aborted) return;
      setFailure(outcome.kind === 'done' ? null : {});
      if (outcome.kind === 'done') setStays({ date, board: outcome.reply });
    };
    const timer = setTimeout(() => void ask(), known ? pauseMs : 0);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [date, known, isBehind, attempt]);

  const again = () => setAttempt((count) => count + 1);
  useRetry(failure, again);
  return { board: known, isUnreachable: failure !== null, again };
}
