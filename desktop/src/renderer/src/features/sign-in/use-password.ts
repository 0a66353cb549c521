import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { createRetry } from '../../realtime/retry.ts';
import { findOutage } from '../../stores/cut-off.ts';
import { signIn } from '../../stores/desk-entry.ts';
import type { Entered } from '../../stores/desk-entry.ts';
import { deskWords } from '../../words/desk.ts';
import { entryWords as words } from '../../words/entry.ts';

type Options = {
  /** Shown for a wrong password. */
  refusal?: string | undefined;
  /** Without an answer, tries the same password again until there is one. */
  keepsTrying?: boolean;
};

/** The state of a password field: to sign in, to unlock, and when the server is back. */
export function usePassword(email: string, { refusal, keepsTrying = false }: Options = {}) {
  const [password, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  /** The password is temporary: it only lets the person choose another. */
  const [isTemporary, setTemporary] = useState(false);
  const [waitUntil, setWaitUntil] = useState(0);
  const waitSeconds = useSecondsUntil(waitUntil);
  const field = useRef<HTMLInputElement>(null);

  /** The password to keep trying with. */
  const sentPassword = useRef<string | null>(null);
  const latestAttempt = useRef(attempt);
  useEffect(() => {
    latestAttempt.current = attempt;
  });
  const [retry] = useState(() => createRetry(() => void latestAttempt.current()));
  const [stopTrying] = useState(() => () => {
    sentPassword.current = null;
    retry.cancel();
  });
  useEffect(() => stopTrying, [stopTrying]);

  function setPassword(typed: string) {
    stopTrying();
    setTyped(typed);
  }

  /** Returns the sentence to show; null if none. */
  async function wordsOf(outcome: Exclude<Entered, { kind: 'done' }>): Promise<string | null> {
    if (outcome.kind === 'unreachable') {
      const text = words.noAnswer((await findOutage())?.why ?? null);
      return keepsTrying ? `${text} ${words.keepsTrying}` : text;
    }
    if (outcome.kind === 'refused') {
      const isWrong = outcome.problem.code === 'unauthenticated';
      return isWrong && refusal !== undefined ? refusal : words.refused(outcome.problem);
    }
    const { answer } = outcome;
    if (answer.result === 'refused') return answer.why;
    if (answer.result === 'impossible')
      return `${words.noAnswer((await findOutage())?.why ?? null)} ${deskWords.notLetIn[answer.why]}`;
    setWaitUntil(performance.now() + answer.waitMs);
    return null;
  }

  async function send(event: FormEvent) {
    event.preventDefault();
    stopTrying();
    sentPassword.current = password;
    setProblem(null);
    // Later attempts leave the focus where the person works meanwhile.
    if (!(await attempt())) field.current?.focus();
  }

  /** Returns whether the person is in. */
  async function attempt(): Promise<boolean> {
    setBusy(true);
    const outcome = await signIn(email, password);
    const text = outcome.kind === 'done' ? null : await wordsOf(outcome);
    setBusy(false);
    if (outcome.kind === 'done') return true;
    if (outcome.kind === 'refused' && outcome.problem.code === 'forbidden') {
      setTemporary(true);
      return false;
    }
    setProblem(text);
    // Without an answer the same password may be right, so it stays.
    const isAnswered =
      outcome.kind === 'refused' || (outcome.kind === 'not_let_in' && outcome.answer.result === 'wrong');
    if (isAnswered) setPassword('');
    else if (keepsTrying && sentPassword.current === password) retry.later();
    return false;
  }

  return { password, setPassword, problem, isBusy, isTemporary, waitSeconds, field, send };
}

const lookMs = 200;

/** Whole seconds until then, by the monotonic clock; 0 when it is over. */
function useSecondsUntil(until: number): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(look, lookMs);
    function look() {
      const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      setSeconds(left);
      if (left === 0) clearInterval(timer);
    }
    look();
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
