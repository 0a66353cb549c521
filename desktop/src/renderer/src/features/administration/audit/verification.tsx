import { Button } from '@mantine/core';
import type { RouteReply } from '@slate/shared/contract';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../../api/client.ts';
import { sessionStore } from '../../../stores/session.ts';
import { Callout } from '../../../ui/callout.tsx';
import { auditWords as words } from '../../../words/audit.ts';
import type { Entry } from './use-audit.ts';
import styles from './audit.module.css';

type Step = RouteReply<'verifyAudit'>;
type State =
  | { status: 'running' | 'stopped' | 'interrupted'; done: number; length: number }
  | { status: 'done'; length: number; problem: string | null };

const inWords = (state: State) => {
  if (state.status === 'done') {
    return state.problem === null
      ? `${words.sound(state.length)} ${state.length > 0 ? words.soundHelp : ''}`
      : words.broken(state.problem);
  }
  if (state.status === 'running') return words.verifying(state.done, state.length);
  return words[state.status](state.done);
};

function useVerification(chain: Entry['chain']) {
  const [state, setState] = useState<State | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function verify() {
    const session = sessionStore.getState();
    if (session.status !== 'signed_in') return;
    const stopping = new AbortController();
    running.current = stopping;
    let last: Step | undefined;
    const progress = () => ({ done: last?.after ?? 0, length: last?.length ?? 0 });
    setState({ status: 'running', ...progress() });
    while (!last?.isDone) {
      const query = { chain, ...(last && { after: last.after, hash: last.hash }) };
      const outcome = await call(
        'verifyAudit',
        { params: { site: session.site.id }, query },
        { signal: stopping.signal },
      );
      if (stopping.signal.aborted) return setState({ status: 'stopped', ...progress() });
      if (outcome.kind === 'refused' && outcome.problem.code === 'rate_limited') {
        await pause((outcome.problem.retryAfter ?? 1) * 1000, stopping.signal);
        continue;
      }
      if (outcome.kind !== 'done') return setState({ status: 'interrupted', ...progress() });
      last = outcome.reply;
      setState({ status: 'running', ...progress() });
    }
    setState({ status: 'done', length: last.length, problem: last.problem });
  }
  return { state, verify: () => void verify(), stop: () => running.current?.abort() };
}

/** Verifies a chain step by step, and says how far it is and what it found. */
export function Verification({ chain }: { chain: Entry['chain'] }) {
  const { state, verify, stop } = useVerification(chain);
  const isRunning = state?.status === 'running';
  const isBroken = state?.status === 'done' && state.problem !== null;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={isRunning ? stop : verify}>
        {isRunning ? words.stop : words.verify(words.chains[chain])}
      </Button>
      {state && (
        <div className={styles.outcome}>
          <Callout kind={isBroken ? 'warning' : 'info'}>{inWords(state)}</Callout>
        </div>
      )}
    </>
  );
}

/** Ends early when it is stopped. */
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
