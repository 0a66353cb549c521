import { Checkbox, TextInput } from '@mantine/core';
import type { Recurrence } from '@slate/shared/recurrence';
import { ruleWords as words } from '../../../words/rules.ts';
import { fieldProps, NumberField, TheirChange } from './fields.tsx';
import styles from './record-panel.module.css';
import { inputId } from './use-record-form.ts';
import type { RecordForm } from './use-record-form.ts';

export type RecurrenceValues = {
  weekdays: readonly number[];
  everyWeeks: number | '';
  from: string;
  until: string;
};

export const blankRecurrence = (weekday: number, from: string): RecurrenceValues => ({
  weekdays: [weekday],
  everyWeeks: 1,
  from,
  until: '',
});
export const recurrenceValues = (recurrence: Recurrence): RecurrenceValues => ({
  ...recurrence,
  until: recurrence.until ?? '',
});
export const recurrenceOf = ({ weekdays, everyWeeks, from, until }: RecurrenceValues): Recurrence => ({
  weekdays: weekdays.toSorted((a, b) => a - b),
  everyWeeks: Number(everyWeeks),
  from,
  until: until === '' ? null : until,
});

/** The fields of a recurrence: weekdays, every n-th week, first and last day. */
export function RecurrenceFields<Values extends RecurrenceValues>({ form }: { form: RecordForm<Values> }) {
  return (
    <>
      <Weekdays form={form} />
      <NumberField form={form} field="everyWeeks" label={words.every} />
      <div className={styles.pair}>
        <TextInput {...fieldProps({ form, field: 'from', label: words.from })} type="date" />
        <TextInput {...fieldProps({ form, field: 'until', label: words.until })} type="date" />
      </div>
    </>
  );
}

function Weekdays<Values extends RecurrenceValues>({ form }: { form: RecordForm<Values> }) {
  const { weekdays } = form.values;
  const error = form.propsOf('weekdays').error as string | undefined;
  return (
    <fieldset className={styles.days}>
      <legend>{words.days}</legend>
      {words.weekdays.map((name, index) => (
        <Checkbox
          key={name}
          id={index === 0 ? inputId('weekdays') : `weekday-${index}`}
          size="xs"
          label={name}
          checked={weekdays.includes(index + 1)}
          onChange={({ currentTarget: { checked } }) =>
            form.set(
              'weekdays',
              checked ? [...weekdays, index + 1] : weekdays.filter((day) => day !== index + 1),
            )
          }
        />
      ))}
      {error !== undefined && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <TheirChange form={form} field="weekdays" shown={words.weekdayNames} />
    </fieldset>
  );
}
