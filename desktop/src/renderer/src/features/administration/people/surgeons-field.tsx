import { useMemo } from 'react';
import { nameOf } from '../../../stores/board.ts';
import { peopleWords as words } from '../../../words/administration.ts';
import { MultiSelectField } from '../frame/fields.tsx';
import { resourceOptions, useResources } from '../frame/resources.ts';
import type { RecordForm } from '../frame/use-record-form.ts';

export const surgeonNames = (ids: readonly string[]) => ids.map(nameOf).join(', ');

/** The surgeons an office works for. */
export function SurgeonsField<Values extends { surgeonIds: string[] }>({
  form,
}: {
  form: RecordForm<Values>;
}) {
  const surgeons = useResources('surgeon');
  const { surgeonIds } = form.values;
  const options = useMemo(() => resourceOptions(surgeons, ...surgeonIds), [surgeons, surgeonIds]);
  return (
    <MultiSelectField
      form={form}
      field="surgeonIds"
      label={words.surgeons}
      help={words.surgeonsHelp}
      options={options}
      shown={surgeonNames}
    />
  );
}
