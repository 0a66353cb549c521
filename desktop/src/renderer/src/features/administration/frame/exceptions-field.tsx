import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ruleWords as words } from '../../../words/rules.ts';
import { TheirChange } from './fields.tsx';
import styles from './record-panel.module.css';
import { inputId } from './use-record-form.ts';
import type { RecordForm } from './use-record-form.ts';

type Exception = { readonly date: string };
type ExceptionOf<Values extends { readonly exceptions: readonly Exception[] }> = Values['exceptions'][number];
type Props<Values extends { readonly exceptions: readonly Exception[] }> = {
  form: RecordForm<Values>;
  text: (exception: ExceptionOf<Values>) => string;
  /** The kinds of exceptions that can be added. */
  kinds: readonly { readonly label: string; readonly exceptionOn: (date: string) => ExceptionOf<Values> }[];
  help?: string;
};

/** The dates on which a rule does not count. */
export function ExceptionsField<Values extends { readonly exceptions: readonly Exception[] }>({
  form,
  text,
  kinds,
  help,
}: Props<Values>) {
  const exceptions: readonly ExceptionOf<Values>[] = form.values.exceptions;
  const [date, setDate] = useState('');
  const error = form.propsOf('exceptions').error as string | undefined;
  const without = (removed: string) => exceptions.filter((each) => each.date !== removed);
  return (
    <section className={styles.exceptions} aria-label={words.exceptions}>
      <h3>{words.exceptions}</h3>
      {exceptions.length === 0 && <p className={styles.dimmed}>{words.noExceptions}</p>}
      <ul>
        {exceptions.map((each) => (
          <li key={each.date}>
            {text(each)}{' '}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={words.removeException(each.date)}
              onClick={() => form.set('exceptions', without(each.date))}
            >
              ✕
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.adding}>
        <TextInput
          id={inputId('exceptions')}
          size="xs"
          type="date"
          label={words.exceptionOn}
          value={date}
          onChange={({ currentTarget: { value } }) => setDate(value)}
        />
        {kinds.map(({ label, exceptionOn }) => (
          <Button
            key={label}
            size="xs"
            variant="default"
            disabled={date === ''}
            onClick={() => {
              form.set('exceptions', [...without(date), exceptionOn(date)]);
              setDate('');
            }}
          >
            {label}
          </Button>
        ))}
      </div>
      {help !== undefined && <p className={styles.dimmed}>{help}</p>}
      {error !== undefined && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <TheirChange
        form={form}
        field="exceptions"
        shown={(list: readonly ExceptionOf<Values>[]) => list.map(text).join('; ')}
      />
    </section>
  );
}
