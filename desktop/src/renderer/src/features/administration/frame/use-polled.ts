import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Outcome } from '../../../api/client.ts';
import { administrationStore } from '../../../stores/administration.ts';
import { connectionStore, isCutOff } from '../../../stores/connection.ts';
import { sessionStore } from '../../../stores/session.ts';
import { useRetry } from '../../connection/use-retry.ts';
import { isSame } from './merge.ts';

/** The server announces changes of people, but a message may be lost, and the time when a person was last seen is not announced. */
const everyMs = 60_000;

export type Read<Item> = (siteId: string, signal: AbortSignal) => Promise<Outcome<readonly Item[]>>;

/** Loads a list page by page. */
export async function readPages<Item>(
  readPage: (cursor: string | null) => Promise<Outcome<{ items: readonly Item[]; next: string | null }>>,
): Promise<Outcome<readonly Item[]>> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const outcome: Awaited<ReturnType<typeof readPage>> = await readPage(cursor);
    if (outcome.kind !== 'done') return outcome;
    items.push(...outcome.reply.items);
    cursor = outcome.reply.next;
  } while (cursor !== null);
  return { kind: 'done', reply: items };
}

/**
 * Loads records that the feed does not carry: now, after every change, when the page is focused or connected again, and
 * regularly while it is visible and the server can be reached. `items` is null until they are loaded.
 */
export function usePolled<Item>(read: Read<Item>) {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [failure, setFailure] = useState<Outcome<readonly Item[]> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const changes = useStore(administrationStore, (state) => state.changes);
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return undefined;
    const stopping = new AbortController();
    let isLoading = true;
    const load = async () => {
      const outcome = await latest.current(session.site.id, stopping.signal);
      if (stopping.signal.aborted) return;
      isLoading = false;
      if (outcome.kind !== 'done') return setFailure(outcome);
      setFailure(null);
      const { reply } = outcome;
      setItems((before) => (isSame(before, reply) ? before : reply));
    };
    void load();
    // Loading again would abort a load that takes longer than the pause.
    const again = () => !isLoading && document.visibilityState === 'visible' && !isCutOff() && retry();
    const timer = setInterval(again, everyMs);
    window.addEventListener('focus', again, { signal: stopping.signal });
    document.addEventListener('visibilitychange', again, { signal: stopping.signal });
    const stopListening = connectionStore.subscribe(({ connection }, { connection: before }) => {
      if (connection.status === 'live' && before.status !== 'live') again();
    });
    return () => {
      stopListening();
      clearInterval(timer);
      stopping.abort();
    };
  }, [attempt, changes, retry]);

  useRetry(failure, retry);
  /** Why the server does not answer this. */
  const refusal = failure?.kind === 'refused' ? failure.problem.detail : null;
  return { items, hasFailed: failure !== null, refusal, retry };
}
