import { Select } from '@mantine/core';
import { useState } from 'react';
import { holdFormWords as words } from '../../words/hold-form.ts';
import { picking } from './picking.ts';
import type { Form } from './use-form.ts';

const free = 'free:';
const shown = 60;

/** A procedure of the catalogue, by any words of its name; or, where there is none, what is done as a title. */
export function ProcedureField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { intended, around, errors, isReadOnly, set } = form;
  const { procedureId, title } = intended.candidate;
  const [search, setSearch] = useState('');
  const known = around.procedures
    .filter(({ active, id }) => active || id === procedureId)
    .map(({ id, name }) => ({ value: id, label: name }));
  const services = new Map(around.procedures.map(({ id, service }) => [id, service]));
  const isTitle = procedureId === null && title !== null;
  const typed = search.trim();
  const isNew = typed.length > 1 && !known.some(({ label }) => label.toLowerCase() === typed.toLowerCase());
  const procedure = around.procedures.find(({ id }) => id === procedureId);
  return (
    <Select
      {...picking}
      selectFirstOptionOnChange
      label={words.procedure}
      placeholder={words.procedureHint}
      searchable
      clearable={!isReadOnly}
      readOnly={isReadOnly}
      data-autofocus={isFirst || undefined}
      nothingFoundMessage={words.procedureNone}
      data={[
        ...known,
        ...(isTitle ? [{ value: `${free}${title}`, label: title }] : []),
        ...(isNew && typed !== title ? [{ value: `${free}${typed}`, label: words.asTitle(typed) }] : []),
      ]}
      filter={({ options, search: wanted }) => {
        const parts = wanted.toLowerCase().split(/\s+/);
        const textOf = (option: (typeof options)[number]) =>
          'value' in option ? `${option.label} ${services.get(option.value) ?? ''}`.toLowerCase() : '';
        const startsSo = (option: (typeof options)[number]) =>
          Number(textOf(option).startsWith(wanted.toLowerCase()));
        return options
          .filter((option) => {
            const isTyped = 'value' in option && option.value === `${free}${typed}`;
            return isTyped || parts.every((part) => textOf(option).includes(part));
          })
          .toSorted((a, b) => startsSo(b) - startsSo(a))
          .slice(0, shown);
      }}
      value={procedureId ?? (isTitle ? `${free}${title}` : null)}
      onChange={(value) => {
        if (value === null) set({ procedureId: null, title: '' });
        else if (value.startsWith(free)) set({ procedureId: null, title: value.slice(free.length) });
        else {
          const { name = '' } = around.procedures.find(({ id }) => id === value) ?? {};
          set({ procedureId: value, title: name });
        }
      }}
      onSearchChange={setSearch}
      error={errors.procedureId}
      description={procedure && words.usual(procedure.minutes, procedure.spread)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  );
}
