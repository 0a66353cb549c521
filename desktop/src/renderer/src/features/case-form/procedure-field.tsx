import { Select } from '@mantine/core';
import { useState } from 'react';
import { byWords } from '../../ui/by-words.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { usePicker } from '../../forms/select-props.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';

const titlePrefix = 'free:';

/** A procedure of the catalog, found by any words of its name. Also takes a title that is not in the catalog. */
export function ProcedureField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { parsed, catalog, errors, set } = form;
  const { procedureId, title } = parsed.candidate;
  const [search, setSearch] = useState('');
  const entries = catalog.procedures
    .filter(({ active, id }) => active || id === procedureId)
    .map(({ id, name }) => ({ value: id, label: name }));
  const services = new Map(catalog.procedures.map(({ id, service }) => [id, service]));
  const isTitle = procedureId === null && title !== null;
  const typed = search.trim();
  const isNew = typed.length > 1 && !entries.some(({ label }) => label.toLowerCase() === typed.toLowerCase());
  const procedure = catalog.procedures.find(({ id }) => id === procedureId);
  const pick = (value: string | null) => {
    if (value === null) set({ procedureId: null, title: '' });
    else if (value.startsWith(titlePrefix))
      set({ procedureId: null, title: value.slice(titlePrefix.length) });
    else {
      const { name = '' } = catalog.procedures.find(({ id }) => id === value) ?? {};
      set({ procedureId: value, title: name });
    }
  };
  const chosen = procedure?.name ?? (isTitle ? title : '');
  const { notInList, ...picking } = usePicker(form, isFirst, chosen, pick);
  return (
    <Select
      {...picking}
      label={words.procedure}
      placeholder={words.procedureHint}
      nothingFoundMessage={words.procedureNone}
      data={[
        ...entries,
        ...(isTitle ? [{ value: `${titlePrefix}${title}`, label: title }] : []),
        ...(isNew && typed !== title
          ? [{ value: `${titlePrefix}${typed}`, label: words.asTitle(typed) }]
          : []),
      ]}
      filter={byWords(({ value, label }) => `${label} ${services.get(value) ?? ''}`)}
      value={procedureId ?? (isTitle ? `${titlePrefix}${title}` : null)}
      onSearchChange={setSearch}
      error={errors.procedureId ?? notInList}
      {...underField(form, 'procedureId', procedure && words.usual(procedure.minutes, procedure.spread))}
    />
  );
}
