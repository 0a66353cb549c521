import { useForm } from '@mantine/form';
import type { FieldError } from '@slate/shared/errors';
import { useEffect, useRef, useState } from 'react';
import { adminDraft, keepAdminDraft } from '../../../stores/administration.ts';
import type { Theirs } from '../../../stores/administration.ts';
import { subscribeToChanges } from '../../../stores/changes.ts';
import { differing, merge } from './merge.ts';

export type Errors = Readonly<Record<string, string>>;
export type FieldName<Values> = keyof Values & string;

type FormOf<Values extends object> = {
  /** The key of the draft. A form has one for its life. */
  readonly key: string;
  readonly ids: readonly string[];
  /** The values of the records as they are now; null: they no longer exist. */
  readonly latest: Values | null;
  readonly check: (values: Values, changed: readonly FieldName<Values>[]) => Errors;
};

/**
 * The entries of a form. They are merged with what others change meanwhile (AA6), and kept until they are saved or
 * discarded, also while another page is shown.
 */
export function useRecordForm<Values extends object>({ key, ids, latest, check }: FormOf<Values>) {
  const [draft] = useState(() => adminDraft(key));
  const [base, setBase] = useState(() => (draft?.base ?? latest ?? {}) as Values);
  const [theirs, setTheirs] = useState<Theirs>(() => draft?.theirs ?? {});
  const [isSaving, setSaving] = useState(false);
  const form = useForm<Values>({ initialValues: (draft?.values ?? latest ?? {}) as Values });
  const values = form.getValues();
  const changed = differing(base, values);
  const isOver = useRef(false);
  const takeBy = useLastChange(ids);
  const set = (field: FieldName<Values>, value: unknown) => form.setFieldValue(field as never, value);

  useEffect(() => {
    if (latest === null || differing(base, latest).length === 0) return;
    const merged = merge(base, values, latest);
    const by = takeBy();
    form.setValues(merged.values);
    setBase(latest);
    setTheirs((before) => ({
      ...before,
      ...Object.fromEntries(merged.contested.map((field) => [field, { value: latest[field], by }])),
    }));
  }, [base, form, latest, values, takeBy]);

  useEffect(() => {
    if (isOver.current) return;
    keepAdminDraft(key, differing(base, values).length > 0 ? { base, values, theirs } : null);
  }, [key, base, values, theirs]);
  useEffect(
    () => () => {
      isOver.current = true;
    },
    [],
  );

  return {
    values,
    /** The records that the entries are based on. */
    base,
    changed,
    /** The fields that somebody else has changed too, while they still differ. */
    theirs: Object.fromEntries(Object.entries(theirs).filter(([field]) => changed.includes(field as never))),
    isSaving,
    propsOf: (field: FieldName<Values>) => form.getInputProps(field as never),
    set,
    takeTheirs: (field: FieldName<Values>) => {
      set(field, base[field]);
      // The button disappears.
      focusField(field);
    },
    /** Shows the server's errors at their fields. Returns false if one is not about a field of this form. */
    showAtFields: (errors: readonly FieldError[]) => {
      const found = errors.map(({ field, reason }) => [fieldOf(field), reason] as const);
      if (isOver.current || !found.every(([field]) => field in values)) return false;
      form.setErrors(Object.fromEntries(found));
      focusField(found[0]?.[0]);
      return true;
    },
    /** Sends the entries, unless one is wrong. */
    save: async (send: () => Promise<void>) => {
      if (isSaving) return;
      const errors = check(values, changed);
      form.setErrors(errors);
      const first = Object.keys(values).find((field) => field in errors);
      if (first !== undefined) return focusField(first);
      setSaving(true);
      await send();
      setSaving(false);
    },
    discard: () => {
      isOver.current = true;
      keepAdminDraft(key, null);
    },
  };
}
export type RecordForm<Values extends object> = ReturnType<typeof useRecordForm<Values>>;

export const inputId = (field: string) => `record-${field}`;
export const focusField = (field: string | undefined) =>
  document.getElementById(inputId(field ?? ''))?.focus();

/** Returns the field of a form for the path of an error: `hours` for `attributes.hours.0.close`. */
export const fieldOf = (path: string) => path.replace(/^attributes\./, '').replace(/\..*/, '');

/** Returns a function that takes the name of the person whose change of these records has just arrived; null: not known. */
function useLastChange(ids: readonly string[]): () => string | null {
  const by = useRef<string | null>(null);
  const latestIds = useRef(ids);
  useEffect(() => {
    latestIds.current = ids;
  });
  useEffect(
    () =>
      subscribeToChanges((change) => {
        const { body } = change;
        const record =
          body.type === 'resource'
            ? body.resource
            : body.type === 'procedure'
              ? body.procedure
              : body.type === 'closure'
                ? body.closure
                : body.type === 'site'
                  ? body.site
                  : body.type === 'block_template'
                    ? body.template
                    : body.type === 'holiday'
                      ? body.holiday
                      : body.type === 'recurring_closure'
                        ? body.recurring
                        : null;
        if (record && latestIds.current.includes(record.id)) by.current = change.by?.name ?? null;
      }),
    [],
  );
  const [take] = useState(() => () => {
    const name = by.current;
    by.current = null;
    return name;
  });
  return take;
}
