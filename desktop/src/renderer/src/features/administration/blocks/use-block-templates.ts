import type { RouteReply } from '@slate/shared/contract';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { call } from '../../../api/client.ts';
import { subscribeToChanges } from '../../../stores/changes.ts';
import { connectionStore } from '../../../stores/connection.ts';
import { sessionStore } from '../../../stores/session.ts';

export type BlockRules = RouteReply<'blockTemplates'>;

/** The templates and holidays of the site. They are loaded again when one changes, and when the connection is back. */
export function useBlockTemplates() {
  const [rules, setRules] = useState<BlockRules | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const isLive = useStore(connectionStore, ({ connection }) => connection.status === 'live');
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  useEffect(() => {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return undefined;
    const aborted = new AbortController();
    const load = async () => {
      const params = { site: session.site.id };
      const outcome = await call('blockTemplates', { params }, { signal: aborted.signal });
      if (aborted.signal.aborted) return;
      setFailed(outcome.kind !== 'done');
      if (outcome.kind === 'done') setRules(outcome.reply);
    };
    void load();
    return () => aborted.abort();
  }, [attempt, isLive]);
  useEffect(
    () =>
      subscribeToChanges(({ body }) => {
        const isRule =
          body.type === 'block_template' ||
          body.type === 'holiday' ||
          (body.type === 'removed' && body.of !== 'block');
        if (isRule) reload();
      }),
    [reload],
  );
  return { rules, hasFailed, reload };
}
