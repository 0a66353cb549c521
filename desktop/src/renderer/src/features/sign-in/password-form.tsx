import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { signIn } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { NewPasswordForm } from './new-password-form.tsx';
import { PasswordField } from './password-field.tsx';
import styles from './sign-in.module.css';

/** Asks for email and password to sign in, or only for the password to unlock. `refusal` is shown for a wrong password. */
export function PasswordForm({
  email: known,
  submit,
  refusal,
}: {
  email: string | null;
  submit: string;
  refusal?: string;
}) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  /** The password is temporary, so the person must choose another. */
  const [isTemporary, setTemporary] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  async function send(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const outcome = await signIn(email.trim(), password);
    setBusy(false);
    if (outcome.kind === 'done') return;
    if (outcome.kind === 'refused' && outcome.problem.code === 'forbidden') return setTemporary(true);
    const isWrong = outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated';
    setProblem(
      isWrong && refusal !== undefined
        ? refusal
        : outcome.kind === 'unreachable'
          ? words.noAnswer
          : words.refused(outcome.problem),
    );
    // Without a reply the password may be right, so keep it.
    if (outcome.kind === 'refused') setPassword('');
    field.current?.focus();
  }

  if (isTemporary) {
    return (
      <>
        <Callout kind="info">{words.temporary}</Callout>
        <NewPasswordForm email={email.trim()} password={password} submit={words.keepPassword} />
      </>
    );
  }
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)}>
      {problem && <Callout>{problem}</Callout>}
      {known === null && (
        <TextInput
          label={words.email}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      )}
      <PasswordField
        ref={field}
        label={words.password}
        autoComplete="current-password"
        required
        autoFocus={known !== null}
        error={problem !== null}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={isBusy} fullWidth>
        {submit}
      </Button>
    </form>
  );
}
