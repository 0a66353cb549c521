import type { Closure } from '@slate/shared/sites';
import { localDay, overlaps } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { call } from '../../../api/client.ts';
import { subscribeToChanges } from '../../../stores/changes.ts';
import { boardStore } from '../../../stores/board.ts';
import { sessionStore } from '../../../stores/session.ts';
import { zoneNow } from '../../../stores/view.ts';
import { useRetry } from '../../connection/use-retry.ts';

/**
 * The closures of some days; null while they are loading. They are kept current from the feed, and loaded again when it had
 * a gap.
 */
export function useClosures(date: string, days: number) {
  const [closures, setClosures] = useState<readonly Closure[] | null>(null);
  const [failure, setFailure] = useState<object | null>(null);
  const [attempt, setAttempt] = useState(0);
  const epoch = useStore(boardStore, ({ isStale, view }) => (isStale ? null : (view?.board.epoch ?? null)));

  useEffect(() => {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return undefined;
    const stopping = new AbortController();
    const range = localDay(date, zoneNow(), days);
    const changes: ((before: readonly Closure[]) => readonly Closure[])[] = [];
    let isLoaded = false;
    const apply = (change: (typeof changes)[number]) => {
      if (isLoaded) setClosures((before) => before && change(before));
      else changes.push(change);
    };
    const stop = subscribeToChanges(({ body }) => {
      if (body.type === 'closure_removed') apply((before) => before.filter(({ id }) => id !== body.id));
      if (body.type !== 'closure') return;
      const { closure } = body;
      apply((before) => {
        const others = before.filter(({ id }) => id !== closure.id);
        return overlaps(closure, range) ? [...others, closure] : others;
      });
    });
    const load = async () => {
      const input = { params: { site: session.site.id }, query: { date, days } };
      const outcome = await call('closures', input, { signal: stopping.signal });
      if (stopping.signal.aborted) return;
      setFailure(outcome.kind === 'done' ? null : {});
      if (outcome.kind !== 'done') return;
      isLoaded = true;
      // Changes that arrived meanwhile may be newer than the reply.
      setClosures(
        changes.reduce((before, change) => change(before), outcome.reply.closures as readonly Closure[]),
      );
    };
    void load();
    return () => {
      stop();
      stopping.abort();
    };
  }, [date, days, attempt, epoch]);

  const retry = () => setAttempt((count) => count + 1);
  useRetry(failure, retry);
  return { closures, hasFailed: failure !== null, retry };
}
