import type { ReactNode } from 'react';
import type { TypedField } from '../../stores/typed.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { clockOf, minutesOf } from '../../words/typed-time.ts';
import { looksPersonal } from './looks-personal.ts';
import type { Form } from './use-form.ts';
import styles from './fields.module.css';

/** Returns the lines below a field: its old value if someone else or the program changed it, and hints. */
export function underField(form: Form, field: TypedField, more?: string) {
  const oldValue = form.oldValue(field);
  const lines: ReactNode[] = [
    oldValue !== null && <b className={styles.was}>{oldValue}</b>,
    more,
    field === 'start' && understoodStart(form),
    field === 'minutes' && understoodLength(form),
    field === 'patientRef' && personal(form),
  ].filter(Boolean);
  if (lines.length === 0) return { inputWrapperOrder };
  return {
    inputWrapperOrder,
    description: lines.map((line, index) => (
      // A field always has the same lines in the same order.
      <span key={index} className={styles.under}>
        {line}
      </span>
    )),
  };
}
const inputWrapperOrder: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

function understoodStart({ draft }: Form) {
  const { start } = draft.typed;
  const clock = start === undefined ? null : clockOf(start);
  return clock !== null && clock !== start?.trim() && words.understood(clock);
}

function understoodLength({ draft }: Form) {
  const { minutes } = draft.typed;
  const understood = minutes === undefined ? Number.NaN : minutesOf(minutes);
  return (
    !Number.isNaN(understood) &&
    String(understood) !== minutes?.trim() &&
    words.understood(words.minutes(String(understood)))
  );
}

function personal({ draft }: Form) {
  const kind = looksPersonal(draft.typed.patientRef ?? draft.item.patientRef ?? '');
  return kind !== null && <b className={styles.was}>{words.personal[kind]}</b>;
}
