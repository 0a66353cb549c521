import { Button } from '@mantine/core';
import { changePassword as schema } from '@slate/shared/contract/identity';
import { validationMessage } from '@slate/shared/validation-message';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { changePassword } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { PasswordField } from './password-field.tsx';
import styles from './sign-in.module.css';

type Field = 'password' | 'newPassword';

/** Changes a password. Asks for the current one unless it has just been typed. */
export function NewPasswordForm({
  email,
  password: typedPassword = null,
  submit,
  done = () => {},
}: {
  email: string;
  password?: string | null;
  submit: string;
  done?: () => void;
}) {
  const [password, setPassword] = useState(typedPassword ?? '');
  const [newPassword, setNewPassword] = useState('');
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const fields = { password: useRef<HTMLInputElement>(null), newPassword: useRef<HTMLInputElement>(null) };

  /** Focuses the first field with an error, so that screen readers read it. */
  function showErrors(found: Partial<Record<Field, string>>) {
    setErrors(found);
    const first = (['password', 'newPassword'] as const).find((name) => name in found);
    if (first) fields[first].current?.focus();
  }

  async function send(event: FormEvent) {
    event.preventDefault();
    setProblem(null);
    const parsed = schema.safeParse({ email, password, newPassword }, { error: validationMessage });
    const wrong = parsed.error?.issues.map(({ path, message }) => [String(path[0]), message] as const) ?? [];
    if (wrong.length > 0) return showErrors(Object.fromEntries(wrong.toReversed()));
    setErrors({});
    setBusy(true);
    const outcome = await changePassword(email, password, newPassword);
    setBusy(false);
    if (outcome.kind === 'done') return done();
    if (outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated' && typedPassword === null) {
      setPassword('');
      return showErrors({ password: words.wrongPassword });
    }
    setProblem(outcome.kind === 'unreachable' ? words.passwordUnknown : words.refused(outcome.problem));
    return fields.newPassword.current?.focus();
  }

  return (
    <form noValidate className={styles.form} onSubmit={(event) => void send(event)}>
      {problem && <Callout>{problem}</Callout>}
      {/* Tells password managers whose password it is. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      {typedPassword === null && (
        <PasswordField
          ref={fields.password}
          label={words.presentPassword}
          autoComplete="current-password"
          autoFocus
          error={errors.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      <PasswordField
        ref={fields.newPassword}
        label={words.newPassword}
        autoComplete="new-password"
        autoFocus={typedPassword !== null}
        error={errors.newPassword}
        value={newPassword}
        onChange={(event) => setNewPassword(event.currentTarget.value)}
        description={words.passwordHint}
      />
      <Button type="submit" loading={isBusy} fullWidth>
        {submit}
      </Button>
    </form>
  );
}
