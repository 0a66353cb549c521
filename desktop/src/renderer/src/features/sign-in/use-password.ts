import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { findObstacle } from '../../stores/cut-off.ts';
import { signIn } from '../../stores/desk-entry.ts';
import type { Entered } from '../../stores/desk-entry.ts';
import { deskWords } from '../../words/desk.ts';
import { entryWords as words } from '../../words/entry.ts';

/** The state of a password field: to sign in, to unlock, and when the server is back. */
export function usePassword(email: string, refusal?: string) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  /** The password is temporary: it only lets the person choose another. */
  const [isTemporary, setTemporary] = useState(false);
  const [waitUntil, setWaitUntil] = useState(0);
  const waitSeconds = useSecondsUntil(waitUntil);
  const field = useRef<HTMLInputElement>(null);

  /** Returns the sentence to show; null if none. */
  async function wordsOf(outcome: Exclude<Entered, { kind: 'done' }>): Promise<string | null> {
    if (outcome.kind === 'unreachable') return words.noAnswer(await findObstacle());
    if (outcome.kind === 'refused') {
      const isWrong = outcome.problem.code === 'unauthenticated';
      return isWrong && refusal !== undefined ? refusal : words.refused(outcome.problem);
    }
    const { answer } = outcome;
    if (answer.result === 'refused') return answer.why;
    if (answer.result === 'impossible')
      return `${words.noAnswer(await findObstacle())} ${deskWords.notLetIn[answer.why]}`;
    setWaitUntil(performance.now() + answer.waitMs);
    return null;
  }

  async function send(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const outcome = await signIn(email, password);
    const text = outcome.kind === 'done' ? null : await wordsOf(outcome);
    setBusy(false);
    if (outcome.kind === 'done') return;
    if (outcome.kind === 'refused' && outcome.problem.code === 'forbidden') return setTemporary(true);
    setProblem(text);
    // Without an answer the same password may be right, so it stays.
    const isAnswered =
      outcome.kind === 'refused' || (outcome.kind === 'not_let_in' && outcome.answer.result === 'wrong');
    if (isAnswered) setPassword('');
    field.current?.focus();
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
