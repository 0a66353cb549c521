import { Button, PasswordInput, TextInput } from '@mantine/core';
import { register } from '@slate/shared/identity';
import { sentence } from '@slate/shared/sentences';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { call } from '../../api/client.ts';
import { Notice } from '../../ui/notice.tsx';
import { entryWords as words } from '../../words/entry.ts';

type Fields = { email: string; name: string; password: string };

/** Asks for an account. What the server would refuse is said before it is asked, in the same words. */
export function RegisterForm() {
  const [fields, setFields] = useState<Fields>({ email: '', name: '', password: '' });
  const [errors, setErrors] = useState<Partial<Fields>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);

  async function send(event: FormEvent) {
    event.preventDefault();
    const asked = register.safeParse(fields, { error: sentence });
    const wrong = asked.error?.issues.map(({ path, message }) => [String(path[0]), message] as const) ?? [];
    setErrors(Object.fromEntries(wrong.toReversed()));
    setProblem(null);
    if (!asked.success) return;
    setBusy(true);
    const outcome = await call('register', { body: asked.data });
    setBusy(false);
    if (outcome.kind === 'done') setSent(true);
    else if (outcome.kind === 'unreachable') setProblem(words.noAnswer);
    else if (outcome.problem.code === 'rate_limited')
      setProblem(words.tooOften(outcome.problem.retryAfter ?? 60));
    else setProblem(outcome.problem.detail);
  }

  if (isSent) return <Notice kind="info">{words.requested}</Notice>;
  const field = (name: keyof Fields) => ({
    value: fields[name],
    error: errors[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      const { value } = event.currentTarget;
      setFields((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <form noValidate onSubmit={(event) => void send(event)} style={{ display: 'grid', gap: 14 }}>
      {problem && <Notice>{problem}</Notice>}
      <TextInput label={words.name} autoComplete="name" autoFocus {...field('name')} />
      <TextInput label={words.email} type="email" autoComplete="username" {...field('email')} />
      <PasswordInput
        label={words.newPassword}
        description={words.passwordHint}
        autoComplete="new-password"
        {...field('password')}
      />
      <Button type="submit" loading={isBusy} fullWidth>
        {words.sendRequest}
      </Button>
    </form>
  );
}
