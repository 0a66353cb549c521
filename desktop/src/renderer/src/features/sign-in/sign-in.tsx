import { Anchor } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { call, serverUrl } from '../../api/client.ts';
import { preferencesStore } from '../../stores/preferences.ts';
import type { EndReason } from '../../stores/session.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { WaitingHere } from '../desk/waiting-here.tsx';
import { PasswordForm } from './password-form.tsx';
import { RegisterForm } from './register-form.tsx';
import styles from './sign-in.module.css';

type Step = { kind: 'people' } | { kind: 'password'; email: string | null } | { kind: 'register' };

export function SignIn({ endReason }: { endReason: EndReason }) {
  const people = useStore(preferencesStore, (state) => state.people);
  const start: Step = people.length > 0 ? { kind: 'people' } : { kind: 'password', email: null };
  const [step, setStep] = useState<Step>(start);
  const isWaiting = useNeedsSetUp();
  const person = step.kind === 'password' ? people.find(({ email }) => email === step.email) : undefined;

  return (
    <Entrance
      title={step.kind === 'register' ? words.askForAccount : (person?.name ?? words.signIn)}
      footer={words.server(serverUrl())}
    >
      {isWaiting && <Callout kind="info">{words.needsSetUp}</Callout>}
      {endReason && <Callout>{words.ended[endReason]}</Callout>}
      {step.kind === 'people' && (
        <People
          people={people}
          pick={(email) => setStep({ kind: 'password', email })}
          other={() => setStep({ kind: 'password', email: null })}
        />
      )}
      {step.kind === 'password' && <PasswordForm email={step.email} submit={words.signIn} />}
      {step.kind === 'register' && <RegisterForm />}
      <div className={styles.ways}>
        {step.kind !== start.kind && (
          <Anchor component="button" type="button" onClick={() => setStep(start)}>
            {words.backToSignIn}
          </Anchor>
        )}
        {step.kind !== 'register' && (
          <Anchor component="button" type="button" onClick={() => setStep({ kind: 'register' })}>
            {words.askForAccount}
          </Anchor>
        )}
      </div>
      {step.kind !== 'register' && <WaitingHere />}
    </Entrance>
  );
}

/** Whether this server has no hospital yet. Asked once: afterwards, the set-up link leads on. */
function useNeedsSetUp(): boolean {
  const [needsSetUp, setNeedsSetUp] = useState(false);
  useEffect(() => {
    const left = new AbortController();
    const ask = async () => {
      const outcome = await call('setUpState', {}, { signal: left.signal });
      if (outcome.kind === 'done') setNeedsSetUp(outcome.reply.isWaiting);
    };
    void ask();
    return () => left.abort();
  }, []);
  return needsSetUp;
}

type Person = { email: string; name: string };

/** The recent users of this workstation: arrow keys, Enter, then the password. */
function People({
  people,
  pick,
  other,
}: {
  people: readonly Person[];
  pick: (email: string) => void;
  other: () => void;
}) {
  function move(event: KeyboardEvent<HTMLUListElement>) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }
  return (
    <ul className={styles.people} aria-label={words.people} onKeyDown={move}>
      {people.map(({ email, name }, at) => (
        <li key={email}>
          <button type="button" autoFocus={at === 0} onClick={() => pick(email)}>
            <span className={styles.name}>{name}</span>
            <span className={styles.email}>{email}</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={other}>
          <span className={styles.name}>{words.someoneElse}</span>
        </button>
      </li>
    </ul>
  );
}
