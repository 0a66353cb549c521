import type { PlannedChange } from '@slate/shared/contract/consequences';
import type { CaseInTheWay } from '@slate/shared/contract/decisions';
import type { Problem } from '@slate/shared/errors';
import { useEffect, useState } from 'react';
import { call } from '../../../api/client.ts';
import { subscribeToChanges } from '../../../stores/changes.ts';
import { sessionStore } from '../../../stores/session.ts';

export type FoundCases =
  | { readonly status: 'loading' }
  | { readonly status: 'failed' }
  | { readonly status: 'refused'; readonly problem: Problem }
  | { readonly status: 'found'; readonly cases: readonly CaseInTheWay[] };

/**
 * The cases in the way of a change, as the server finds them. They are loaded again after a refusal (`problem`), and when
 * somebody changes one of them.
 */
export function useCasesInTheWay(change: PlannedChange, problem: Problem | null) {
  const [found, setFound] = useState<FoundCases>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const body = JSON.stringify(change);
  useEffect(() => {
    const stopping = new AbortController();
    const load = async () => {
      const session = sessionStore.getState();
      if (session.status !== 'signed_in') return;
      const input = { params: { site: session.site.id }, body: JSON.parse(body) as PlannedChange };
      const outcome = await call('casesInTheWay', input, { signal: stopping.signal });
      if (stopping.signal.aborted) return;
      if (outcome.kind === 'done') setFound({ status: 'found', cases: outcome.reply.cases });
      else if (outcome.kind === 'refused') setFound({ status: 'refused', problem: outcome.problem });
      else setFound({ status: 'failed' });
    };
    void load();
    return () => stopping.abort();
  }, [body, problem, attempt]);
  const listed = found.status === 'found' ? found.cases : none;
  useEffect(
    () =>
      subscribeToChanges(({ body: changed }) => {
        if (changed.type === 'case' && listed.some(({ caseId }) => caseId === changed.case.id))
          setAttempt((before) => before + 1);
      }),
    [listed],
  );
  return { found, retry: () => setAttempt((before) => before + 1) };
}

const none: readonly CaseInTheWay[] = [];
