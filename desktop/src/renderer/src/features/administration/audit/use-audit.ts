import type { RouteReply } from '@slate/shared/contract';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { call } from '../../../api/client.ts';
import type { Input } from '../../../api/client.ts';
import { sessionStore } from '../../../stores/session.ts';
import { useRetry } from '../../connection/use-retry.ts';

export type Entry = RouteReply<'audit'>['entries'][number];
export type Filter = Omit<Input<'audit'>['query'], 'before' | 'limit'>;

const atOnce = 200;

type Loaded = { readonly filter: Filter; readonly entries: readonly Entry[]; readonly isAll: boolean };

/** The entries that match, latest first. Older ones are loaded on demand, each page from the last entry on. */
export function useAudit(filter: Filter) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState<{ readonly filter: Filter } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const current = loaded?.filter === filter ? loaded : null;
  const [isLoadingMore, setLoadingMore] = useState(false);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  const load = useCallback(
    async (before: Entry | undefined, signal?: AbortSignal) => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const query = { ...filter, limit: atOnce, ...(before && { before: before.seq }) };
      const outcome = await call('audit', { params: { site: session.site.id }, query }, signal && { signal });
      if (signal?.aborted) return;
      if (outcome.kind !== 'done') return setFailed({ filter });
      setFailed(null);
      const { entries } = outcome.reply;
      const isAll = entries.length < atOnce;
      setLoaded((now) => {
        if (!before) return { filter, entries, isAll };
        // A late page must not follow other entries than the one it was loaded from.
        if (now?.filter !== filter || now.entries.at(-1) !== before) return now;
        return { filter, entries: [...now.entries, ...entries], isAll };
      });
    },
    [filter],
  );
  useEffect(() => {
    const stopping = new AbortController();
    void load(undefined, stopping.signal);
    return () => stopping.abort();
  }, [load, attempt]);
  const failure = failed?.filter === filter ? failed : null;
  useRetry(current === null ? failure : null, retry);

  const last = current?.entries.at(-1);
  const more = useMemo(
    () =>
      last && current?.isAll === false
        ? async () => {
            setLoadingMore(true);
            await load(last);
            setLoadingMore(false);
          }
        : null,
    [last, current?.isAll, load],
  );
  return { entries: current?.entries ?? null, hasFailed: failure !== null, more, isLoadingMore, retry };
}
