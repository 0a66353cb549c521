import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { canUnlock, entryStore } from '../../stores/desk-entry.ts';
import { Callout } from '../../ui/callout.tsx';
import { deskWords } from '../../words/desk.ts';
import { entryWords as words } from '../../words/entry.ts';
import { useOutage } from '../connection/use-outage.ts';
import { NewPasswordForm } from './new-password-form.tsx';
import { PasswordField } from './password-field.tsx';
import styles from './sign-in.module.css';
import { usePassword } from './use-password.ts';

/** Asks for email and password to sign in, or only for the password to unlock. `refusal` is shown for a wrong password. */
export function PasswordForm({
  email: fixedEmail,
  submit,
  refusal,
}: {
  email: string | null;
  submit: string;
  refusal?: string;
}) {
  const [email, setEmail] = useState(fixedEmail ?? '');
  const { password, setPassword, problem, isBusy, isTemporary, waitSeconds, field, send } = usePassword(
    email.trim(),
    { refusal },
  );
  const outage = useOutage();
  const mayUnlock = useStore(entryStore, (state) => canUnlock(state, email.trim()));

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
      {outage && !problem && waitSeconds === 0 && (
        <Callout kind="info">
          {outage.isOutOfReach ? words.outOfReach(outage.why, mayUnlock) : outage.why}
        </Callout>
      )}
      {waitSeconds > 0 && (
        <Callout>
          {deskWords.wait} <b aria-hidden="true">{deskWords.waitLeft(waitSeconds)}</b>
        </Callout>
      )}
      {fixedEmail === null && (
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
        autoFocus={fixedEmail !== null}
        error={problem !== null}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={isBusy} disabled={waitSeconds > 0} fullWidth>
        {submit}
      </Button>
    </form>
  );
}
