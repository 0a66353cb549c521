import { Select } from '@mantine/core';
import { useState } from 'react';
import { byWords } from '../../ui/by-words.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { usePickingOne } from '../../forms/select-props.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';

const free = 'free:';

/** A procedure of the catalog, found by any words of its name; or a title if the catalog has none. */
export function ProcedureField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { parsed, catalog, errors, set } = form;
  const { procedureId, title } = parsed.candidate;
  const [search, setSearch] = useState('');
  const known = catalog.procedures
    .filter(({ active, id }) => active || id === procedureId)
    .map(({ id, name }) => ({ value: id, label: name }));
  const services = new Map(catalog.procedures.map(({ id, service }) => [id, service]));
  const isTitle = procedureId === null && title !== null;
  const typed = search.trim();
  const isNew = typed.length > 1 && !known.some(({ label }) => label.toLowerCase() === typed.toLowerCase());
  const procedure = catalog.procedures.find(({ id }) => id === procedureId);
  const pick = (value: string | null) => {
    if (value === null) set({ procedureId: null, title: '' });
    else if (value.startsWith(free)) set({ procedureId: null, title: value.slice(free.length) });
    else {
      const { name = '' } = catalog.procedures.find(({ id }) => id === value) ?? {};
      set({ procedureId: value, title: name });
    }
  };
  const chosen = procedure?.name ?? (isTitle ? title : '');
  const { notTaken, ...picking } = usePickingOne(form, isFirst, chosen, pick);
  return (
    <Select
      {...picking}
      label={words.procedure}
      placeholder={words.procedureHint}
      nothingFoundMessage={words.procedureNone}
      data={[
        ...known,
        ...(isTitle ? [{ value: `${free}${title}`, label: title }] : []),
        ...(isNew && typed !== title ? [{ value: `${free}${typed}`, label: words.asTitle(typed) }] : []),
      ]}
      filter={byWords(({ value, label }) => `${label} ${services.get(value) ?? ''}`)}
      value={procedureId ?? (isTitle ? `${free}${title}` : null)}
      onSearchChange={setSearch}
      error={errors.procedureId ?? notTaken}
      {...underField(form, 'procedureId', procedure && words.usual(procedure.minutes, procedure.spread))}
    />
  );
}
