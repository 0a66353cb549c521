import {
  Autocomplete,
  MultiSelect,
  NumberInput,
  Select,
  Switch,
  TagsInput,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { byWords } from '../../../ui/by-words.ts';
import { adminWords as words } from '../../../words/administration.ts';
import { inputId } from './use-record-form.ts';
import type { FieldName, RecordForm } from './use-record-form.ts';
import styles from './record-panel.module.css';

type Props<Values extends object> = {
  form: RecordForm<Values>;
  field: FieldName<Values>;
  label: string;
  help?: string | undefined;
  /** Returns a value as people read it; by default as text. */
  shown?: (value: never) => string;
};

/** Returns the props of an input: value, error, and below it what somebody else has changed the field to. */
export function fieldProps<Values extends object>({ form, field, label, help, shown }: Props<Values>) {
  return {
    ...form.propsOf(field),
    id: inputId(field),
    size: 'xs',
    label,
    description: help,
    readOnly: form.isSaving,
    inputContainer: (input: ReactNode) => (
      <>
        {input}
        <TheirChange form={form} field={field} shown={shown} />
      </>
    ),
  } as const;
}

/** Names the other person’s value of a field that both have changed. */
export function TheirChange<Values extends object>({
  form,
  field,
  shown = asText,
}: Pick<Props<Values>, 'form' | 'field'> & { shown?: ((value: never) => string) | undefined }) {
  const change = form.theirs[field];
  if (!change) return null;
  return (
    <span className={styles.theirs} role="status">
      {words.theirs(change.by, shown(change.value as never) || words.nothing)}{' '}
      <UnstyledButton className={styles.link} onClick={() => form.takeTheirs(field)}>
        {words.useTheirs}
      </UnstyledButton>
    </span>
  );
}

const asText = (value: string | number | boolean | readonly string[] | null) =>
  Array.isArray(value)
    ? value.join(', ')
    : typeof value === 'boolean'
      ? words[value ? 'yes' : 'no']
      : String(value ?? '');

export const TextField = <Values extends object>(props: Props<Values>) => (
  <TextInput {...fieldProps(props)} />
);

export const NumberField = <Values extends object>(props: Props<Values>) => (
  <NumberInput {...fieldProps(props)} allowDecimal={false} min={0} clampBehavior="none" hideControls />
);

/** Text with suggestions: the values that other records have. */
export const SuggestField = <Values extends object>({
  suggestions,
  ...props
}: Props<Values> & { suggestions: readonly string[] }) => (
  <Autocomplete {...fieldProps(props)} data={distinct(suggestions)} openOnFocus={false} />
);

/** Several short texts, with suggestions. */
export const TagsField = <Values extends object>({
  suggestions,
  ...props
}: Props<Values> & { suggestions: readonly string[] }) => (
  <TagsInput {...fieldProps(props)} data={distinct(suggestions)} acceptValueOnBlur openOnFocus={false} />
);

const distinct = (texts: readonly string[]) => [...new Set(texts)].filter((text) => text !== '').toSorted();

/** One of several, with a search. */
export const SelectField = <Values extends object>({
  options,
  isFixed = false,
  ...props
}: Props<Values> & { options: readonly { value: string; label: string }[]; isFixed?: boolean }) => (
  <Select
    {...fieldProps(props)}
    // Tells the keys of the form that typed text has not been chosen yet (FM4).
    data-chosen={options.find(({ value }) => value === props.form.values[props.field])?.label ?? ''}
    data={options}
    searchable
    openOnFocus={false}
    allowDeselect={false}
    selectFirstOptionOnChange
    filter={byWords()}
    limit={60}
    {...(isFixed && { readOnly: true })}
  />
);

/** Several of a list, with a search. */
export const MultiSelectField = <Values extends object>({
  options,
  ...props
}: Props<Values> & { options: readonly { value: string; label: string }[] }) => (
  <MultiSelect
    {...fieldProps(props)}
    data={options}
    searchable
    openOnFocus={false}
    selectFirstOptionOnChange
    filter={byWords()}
    limit={60}
  />
);

/** A date and time of the site's time zone. */
export const DateTimeField = <Values extends object>(props: Props<Values>) => (
  <TextInput type="datetime-local" {...fieldProps(props)} />
);

export const SwitchField = <Values extends object>({ form, field, label }: Props<Values>) => (
  <div>
    <Switch
      id={inputId(field)}
      size="xs"
      label={label}
      disabled={form.isSaving}
      checked={form.values[field] === true}
      onChange={({ currentTarget: { checked } }) => form.set(field, checked)}
    />
    <TheirChange form={form} field={field} />
  </div>
);
