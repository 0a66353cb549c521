import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import { signIn } from '../../stores/session.ts';
import { Notice } from '../../ui/notice.tsx';
import { entryWords as words } from '../../words/entry.ts';

/** Who, and the password: to sign in, and to unlock for whom it is known who. */
export function PasswordForm({ email: known, submit }: { email: string | null; submit: string }) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isCapsLock, setCapsLock] = useState(false);

  const noticeCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));

  async function send(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const outcome = await signIn(email.trim(), password);
    setBusy(false);
    if (outcome.kind === 'done') return;
    setPassword('');
    if (outcome.kind === 'unreachable') setProblem(words.noAnswer);
    else if (outcome.problem.code === 'rate_limited')
      setProblem(words.tooOften(outcome.problem.retryAfter ?? 60));
    else setProblem(outcome.problem.errors?.[0]?.reason ?? outcome.problem.detail);
  }

  return (
    <form onSubmit={(event) => void send(event)} style={{ display: 'grid', gap: 14 }}>
      {problem && <Notice>{problem}</Notice>}
      {known === null && (
        <TextInput
          label={words.email}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      )}
      <PasswordInput
        label={words.password}
        autoComplete="current-password"
        required
        withAsterisk={false}
        autoFocus={known !== null}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        onKeyUp={noticeCapsLock}
        description={isCapsLock ? words.capsLock : undefined}
      />
      <Button type="submit" loading={isBusy} fullWidth>
        {submit}
      </Button>
    </form>
  );
}
