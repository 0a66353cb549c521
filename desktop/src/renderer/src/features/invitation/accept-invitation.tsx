import { Anchor, Button, TextInput } from '@mantine/core';
import { acceptInvitation as schema } from '@slate/shared/contract/invitations';
import { validationMessage } from '@slate/shared/validation-message';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { call, serverUrl } from '../../api/client.ts';
import type { Outcome } from '../../api/client.ts';
import { acceptInvitation } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { Entrance } from '../../ui/entrance.tsx';
import { acceptWords as words } from '../../words/invitations.ts';
import { PasswordField } from '../sign-in/password-field.tsx';
import styles from '../sign-in/sign-in.module.css';

type Read = Outcome<{ email: string; site: string }>;
type Props = { secret: string; leave: () => void };

/** Says what the invitation is for, takes name and password, and signs in. `leave` leaves the link. */
export function AcceptInvitation({ secret, leave }: Props) {
  const [read, setRead] = useState<Read | null>(null);
  const load = useCallback(async () => setRead(await call('readInvitation', { body: { secret } })), [secret]);
  useEffect(() => void load(), [load]);
  return (
    <Entrance title={words.title} footer={words.server(serverUrl())}>
      {read === null && <p className={styles.help}>{words.loading}</p>}
      {read?.kind === 'refused' && <Callout>{words.refused(read.problem)}</Callout>}
      {read?.kind === 'unreachable' && (
        <>
          <Callout>{words.noReply}</Callout>
          <Button onClick={() => void load()}>{words.tryAgain}</Button>
        </>
      )}
      {read?.kind === 'done' && <Form secret={secret} leave={leave} {...read.reply} />}
      <div className={styles.ways}>
        <Anchor component="button" type="button" onClick={leave}>
          {words.signIn}
        </Anchor>
      </div>
    </Entrance>
  );
}

function Form({ secret, leave, email, site }: Props & { email: string; site: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // Focuses the first field with an error, or the first one.
  useEffect(() => {
    const field = 'name' in errors || !('password' in errors) ? 'name' : 'password';
    (form.current?.elements.namedItem(field) as HTMLInputElement | null)?.focus();
  }, [errors]);

  async function send(event: FormEvent) {
    event.preventDefault();
    setProblem(null);
    const parsed = schema.safeParse({ secret, name, password }, { error: validationMessage });
    if (!parsed.success) {
      const found = parsed.error.issues.map(({ path, message }) => [path.join('.'), message] as const);
      return setErrors(Object.fromEntries(found.toReversed()));
    }
    setErrors({});
    setBusy(true);
    const outcome = await acceptInvitation(email, parsed.data);
    setBusy(false);
    if (outcome.kind === 'done') return leave();
    if (outcome.kind === 'unreachable') return setProblem(words.noReply);
    const { code, errors: refused = [] } = outcome.problem;
    if (code === 'unauthenticated') return setErrors({ password: words.wrongPassword });
    if (refused.length > 0) {
      return setErrors(Object.fromEntries(refused.map(({ field, reason }) => [field, reason])));
    }
    setProblem(words.refused(outcome.problem));
  }

  return (
    <>
      <p className={styles.help}>{words.help(site, email)}</p>
      <form ref={form} noValidate className={styles.form} onSubmit={(event) => void send(event)}>
        {problem !== null && <Callout>{problem}</Callout>}
        {/* For password managers. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <TextInput
          name="name"
          label={words.name}
          value={name}
          error={errors['name']}
          autoComplete="name"
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <PasswordField
          name="password"
          label={words.password}
          description={`${words.passwordHint} ${words.hasAccount}`}
          value={password}
          error={errors['password']}
          autoComplete="new-password"
          onChange={({ currentTarget: { value } }) => setPassword(value)}
        />
        <Button type="submit" loading={isBusy} fullWidth>
          {words.accept}
        </Button>
      </form>
    </>
  );
}
