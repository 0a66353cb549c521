import { Button, TextInput } from '@mantine/core';
import { register } from '@slate/shared/contract/identity';
import { validationMessage } from '@slate/shared/validation-message';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { call } from '../../api/client.ts';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import styles from './sign-in.module.css';

type Fields = { name: string; email: string };

/** Requests an account, without a password: the administrator gives one after approval. Checks the input like the server. */
export function RegisterForm() {
  const [fields, setFields] = useState<Fields>({ name: '', email: '' });
  const [errors, setErrors] = useState<Partial<Fields>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);

  async function send(event: FormEvent) {
    event.preventDefault();
    const parsed = register.safeParse(fields, { error: validationMessage });
    const wrong = parsed.error?.issues.map(({ path, message }) => [String(path[0]), message] as const) ?? [];
    setErrors(Object.fromEntries(wrong.toReversed()));
    setProblem(null);
    if (!parsed.success) {
      const first = (Object.keys(fields) as (keyof Fields)[]).find((name) =>
        wrong.some(([at]) => at === name),
      );
      const form = event.currentTarget as HTMLFormElement;
      if (first) (form.elements.namedItem(first) as HTMLInputElement | null)?.focus();
      return;
    }
    setBusy(true);
    const outcome = await call('register', { body: parsed.data });
    setBusy(false);
    if (outcome.kind === 'done') setSent(true);
    else
      setProblem(outcome.kind === 'unreachable' ? words.noAnswerToRequest : words.refused(outcome.problem));
  }

  if (isSent) return <Callout kind="info">{words.requested}</Callout>;
  const field = (name: keyof Fields) => ({
    name,
    value: fields[name],
    error: errors[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      const { value } = event.currentTarget;
      setFields((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <form noValidate className={styles.form} onSubmit={(event) => void send(event)}>
      {problem && <Callout>{problem}</Callout>}
      <TextInput label={words.name} autoComplete="name" autoFocus {...field('name')} />
      <TextInput label={words.email} type="email" autoComplete="username" {...field('email')} />
      <Button type="submit" loading={isBusy} fullWidth>
        {words.sendRequest}
      </Button>
    </form>
  );
}
