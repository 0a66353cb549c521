import type { RouteReply } from '@slate/shared/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../api/client.ts';
import { sessionStore } from '../../stores/session.ts';
import { useRetry } from '../connection/use-retry.ts';

type CaseWithHistory = RouteReply<'case'>;
export type History =
  | { status: 'loading'; latest: CaseWithHistory | null }
  | { status: 'ready'; latest: CaseWithHistory }
  | { status: 'failed' | 'forbidden' | 'gone'; latest: CaseWithHistory | null };

/** At most one request in this time, however often the case changes. */
const pauseMs = 150;

type Known = {
  /** The latest known version. */
  version: number | null;
  /** A current board does not have the case. Each time it is loaded, changes of the case may be missing before. */
  isOffBoard: boolean;
};

/** Loads the history of a case, and loads it again when the case has changed or may have. */
export function useHistory(
  caseId: string,
  { version, isOffBoard }: Known,
): { history: History; retry: () => void } {
  const [history, setHistory] = useState<History>({ status: 'loading', latest: null });
  const [attempt, setAttempt] = useState(0);
  const shown = useRef(caseId);
  useEffect(() => {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return undefined;
    const aborted = new AbortController();
    const load = async () => {
      const params = { site: session.site.id, case: caseId };
      const outcome = await call('case', { params }, { signal: aborted.signal });
      if (aborted.signal.aborted) return;
      setHistory(({ latest }) => {
        if (outcome.kind === 'done') return { status: 'ready', latest: outcome.reply };
        if (outcome.kind === 'unreachable') return { status: 'failed', latest };
        const { code } = outcome.problem;
        return { status: code === 'forbidden' ? code : code === 'not_found' ? 'gone' : 'failed', latest };
      });
    };
    // For the same case, the old history stays until the new one arrives.
    if (shown.current !== caseId) setHistory({ status: 'loading', latest: null });
    shown.current = caseId;
    const timer = setTimeout(() => void load(), version === null ? 0 : pauseMs);
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [caseId, version, attempt, isOffBoard]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const retry = useCallback(() => {
    setHistory({ status: 'loading', latest: null });
    reload();
  }, [reload]);
  useRetry(history.status === 'failed' ? history : null, reload);
  return { history, retry };
}
