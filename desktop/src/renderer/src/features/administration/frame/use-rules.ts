import type { ChangeBody } from '@slate/shared/changes';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Outcome } from '../../../api/client.ts';
import { subscribeToChanges } from '../../../stores/changes.ts';
import { connectionStore } from '../../../stores/connection.ts';
import { sessionStore } from '../../../stores/session.ts';

export type RulesSource<Rules> = {
  readonly load: (site: string, signal: AbortSignal) => Promise<Outcome<Rules>>;
  /** Whether a change is one of these rules. */
  readonly isRule: (body: ChangeBody) => boolean;
};

/** Rules of the site. They are loaded again when one changes, and when the connection is back. */
export function useRules<Rules>({ load, isRule }: RulesSource<Rules>) {
  const [rules, setRules] = useState<Rules | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const isLive = useStore(connectionStore, ({ connection }) => connection.status === 'live');
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  useEffect(() => {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return undefined;
    const aborted = new AbortController();
    const run = async () => {
      const outcome = await load(session.site.id, aborted.signal);
      if (aborted.signal.aborted) return;
      setFailed(outcome.kind !== 'done');
      if (outcome.kind === 'done') setRules(outcome.reply);
    };
    void run();
    return () => aborted.abort();
  }, [attempt, isLive, load]);
  useEffect(
    () =>
      subscribeToChanges(({ body }) => {
        if (isRule(body)) reload();
      }),
    [isRule, reload],
  );
  return { rules, hasFailed, reload };
}
