import { Anchor, Button, Select, TextInput } from '@mantine/core';
import { setUp as schema } from '@slate/shared/contract/set-up';
import type { SetUp as Input } from '@slate/shared/contract/set-up';
import { validationMessage } from '@slate/shared/validation-message';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import { serverUrl } from '../../api/client.ts';
import { showPage } from '../../stores/administration.ts';
import { setUp, signIn } from '../../stores/session.ts';
import type { SignIn } from '../../stores/session.ts';
import { showScreen } from '../../stores/view.ts';
import { Callout } from '../../ui/callout.tsx';
import { byWords, hasWords, plain } from '../../ui/by-words.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { zoneChoices, zoneLabel } from '../../ui/zones.ts';
import { setUpWords as words } from '../../words/set-up.ts';
import { PasswordField } from '../sign-in/password-field.tsx';
import styles from '../sign-in/sign-in.module.css';

const steps = ['person', 'site'] as const;
type Step = (typeof steps)[number];
const fieldsOf = { person: ['name', 'email', 'password'], site: ['siteName', 'timeZone'] } as const;
type Field = (typeof fieldsOf)[Step][number];

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const bodyOf = (secret: string, { siteName, timeZone, ...person }: Record<Field, string>): Input => ({
  secret,
  ...person,
  site: { name: siteName, timeZone },
});
const fieldAt = (path: readonly PropertyKey[]): Field => {
  const at = path.join('.');
  return at === 'site.name' ? 'siteName' : at === 'site.timeZone' ? 'timeZone' : (at as Field);
};

/** Creates the first administrator and the hospital, and goes on to the first steps. `leave` leaves the link. */
export function SetUp({ secret, leave }: { secret: string; leave: () => void }) {
  const [values, setValues] = useState<Record<Field, string>>({
    name: '',
    email: '',
    password: '',
    siteName: '',
    timeZone: ownZone(),
  });
  const [step, setStep] = useState<Step>('person');
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  // After a lost reply the hospital may exist.
  const hadNoReply = useRef(false);
  const form = useRef<HTMLFormElement>(null);

  // Focuses the first field with an error, or the first of the step.
  useEffect(() => {
    const field = fieldsOf[step].find((name) => name in errors) ?? fieldsOf[step][0];
    (form.current?.elements.namedItem(field) as HTMLInputElement | null)?.focus();
  }, [step, errors]);

  function showErrors(found: Partial<Record<Field, string>>) {
    setErrors(found);
    setStep(steps.find((each) => fieldsOf[each].some((name) => name in found)) ?? step);
  }

  function finish() {
    leave();
    showScreen('administration');
    showPage('transfer');
  }

  async function send(event: FormEvent) {
    event.preventDefault();
    setProblem(null);
    const parsed = schema.safeParse(bodyOf(secret, values), { error: validationMessage });
    const wrong = (parsed.error?.issues ?? [])
      .map(({ path, message }) => [fieldAt(path), message] as const)
      .filter(([field]) => step === 'site' || (fieldsOf.person as readonly Field[]).includes(field));
    if (wrong.length > 0) return showErrors(Object.fromEntries(wrong.toReversed()));
    setErrors({});
    if (step === 'person') return setStep('site');
    if (!parsed.success) return;
    setBusy(true);
    const outcome = await sendOnce(parsed.data);
    setBusy(false);
    if (outcome.kind === 'done') return finish();
    if (outcome.kind === 'unreachable') {
      hadNoReply.current = true;
      return setProblem(words.noReply);
    }
    const { errors: refused = [] } = outcome.problem;
    if (refused.length > 0) {
      return showErrors(
        Object.fromEntries(refused.map(({ field, reason }) => [fieldAt(field.split('.')), reason])),
      );
    }
    setProblem(words.refused(outcome.problem));
  }

  async function sendOnce(body: Input): Promise<SignIn> {
    const outcome = await setUp(body);
    const mayBeDone =
      outcome.kind === 'refused' && outcome.problem.code === 'not_found' && hadNoReply.current;
    if (!mayBeDone) return outcome;
    const signedIn = await signIn(body.email, body.password);
    return signedIn.kind === 'refused' ? outcome : signedIn;
  }

  const set = (field: Field, value: string) => setValues((before) => ({ ...before, [field]: value }));
  const input = (field: Field) => ({
    name: field,
    label: words.label[field],
    value: values[field],
    error: errors[field],
    'aria-invalid': errors[field] ? true : undefined,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => set(field, currentTarget.value),
  });
  return (
    <Entrance title={words.title} footer={words.server(serverUrl())}>
      <p className={styles.help}>{words.help[step]}</p>
      <form ref={form} noValidate className={styles.form} onSubmit={(event) => void send(event)}>
        {problem && <Callout>{problem}</Callout>}
        {step === 'person' ? (
          <>
            <TextInput {...input('name')} autoComplete="name" />
            <TextInput {...input('email')} type="email" autoComplete="username" />
            <PasswordField
              {...input('password')}
              description={words.passwordHint}
              autoComplete="new-password"
            />
          </>
        ) : (
          <>
            <TextInput {...input('siteName')} autoComplete="organization" />
            <ZoneField
              name="timeZone"
              label={words.label.timeZone}
              value={values.timeZone}
              error={errors.timeZone}
              onChange={(zone) => set('timeZone', zone)}
            />
          </>
        )}
        <Button type="submit" loading={isBusy} fullWidth>
          {words.next[step]}
        </Button>
      </form>
      <div className={styles.ways}>
        {step === 'site' && (
          <Anchor component="button" type="button" onClick={() => setStep('person')}>
            {words.back}
          </Anchor>
        )}
        <Anchor component="button" type="button" onClick={leave}>
          {words.signIn}
        </Anchor>
      </div>
    </Entrance>
  );
}

type ZoneFieldProps = {
  name: string;
  label: string;
  value: string;
  error: string | undefined;
  onChange: (zone: string) => void;
};

/** Enter picks the first match. Typed text that is no zone stays and is refused, so the hospital never gets a zone by chance. */
function ZoneField({ value, onChange, ...props }: ZoneFieldProps) {
  const choices = zoneChoices(value);
  const [typedText, setTypedText] = useState(zoneLabel(value));
  const isChosen = (typed: string) => plain(typed.trim()) === plain(zoneLabel(value));
  const zoneOf = (typed: string) =>
    choices.find(({ label }) => plain(label) === plain(typed.trim()))?.value ?? typed.trim();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const typed = event.currentTarget.value;
    if (event.key !== 'Enter' || isChosen(typed)) return;
    event.preventDefault();
    const [first] = choices.filter(({ label }) => hasWords(typed)(label));
    const zone = first?.value ?? zoneOf(typed);
    onChange(zone);
    // The field does this itself only if the zone is another one than before.
    setTypedText(zoneLabel(zone));
  };
  return (
    <Select
      {...props}
      data={choices}
      value={value}
      searchable
      searchValue={typedText}
      onSearchChange={setTypedText}
      openOnFocus={false}
      allowDeselect={false}
      filter={byWords()}
      limit={60}
      nothingFoundMessage={words.noZone}
      onChange={(zone) => zone !== null && onChange(zone)}
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget }) => isChosen(currentTarget.value) || onChange(zoneOf(currentTarget.value))}
    />
  );
}
