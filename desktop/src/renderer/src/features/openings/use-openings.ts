import type { DayWithout, Opening } from '@slate/shared/contract/reads';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { sessionStore } from '../../stores/session.ts';
import { useRetry } from '../connection/use-retry.ts';
import type { searchOf } from '../../stores/criteria.ts';

export type Found =
  | { kind: 'searching' }
  | { kind: 'found'; openings: readonly Opening[]; without: readonly DayWithout[] }
  | { kind: 'refused'; reason: string }
  /** Rate limited: searches again after these seconds. */
  | { kind: 'waiting'; seconds: number }
  | { kind: 'unreachable' };

/** Long enough not to search at every letter, too short to be noticed. */
const pauseMs = 250;

/**
 * Searches once the input has not changed for a moment. Old results stay until the reply arrives. Replies to earlier searches
 * are ignored.
 */
export function useOpenings(search: ReturnType<typeof searchOf>) {
  const [found, setFound] = useState<Found>({ kind: 'searching' });
  const [isSearching, setSearching] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(search);

  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const run = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      setSearching(true);
      const input = { params: { site: session.site.id }, body: JSON.parse(key) as typeof search };
      const outcome = await call('openings', input, { signal });
      if (signal.aborted) return;
      setSearching(false);
      if (outcome.kind === 'done') {
        const { openings, without } = outcome.reply;
        return setFound({ kind: 'found', openings, without });
      }
      if (outcome.kind === 'unreachable') return setFound({ kind: 'unreachable' });
      const { code, retryAfter = 10, detail, errors } = outcome.problem;
      if (code !== 'rate_limited') {
        return setFound({ kind: 'refused', reason: errors?.map(({ reason }) => reason).join(' ') ?? detail });
      }
      setFound({ kind: 'waiting', seconds: Math.ceil(retryAfter) });
      timer = setTimeout(() => void run(), retryAfter * 1000);
    };
    timer = setTimeout(() => void run(), pauseMs);
    return () => {
      stopping.abort();
      clearTimeout(timer);
    };
  }, [key, attempt]);

  const retry = () => setAttempt((count) => count + 1);
  useRetry(found.kind === 'unreachable' ? found : null, retry);
  return { found, isSearching, retry };
}
