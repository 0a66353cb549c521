import { Select } from '@mantine/core';
import { useStore } from 'zustand';
import { byName } from '../../stores/board.ts';
import { sessionStore } from '../../stores/session.ts';
import { holdFormWords as words } from '../../words/hold-form.ts';
import type { Form } from './use-form.ts';

/** Who operates: an office chooses among those it works for. */
export function SurgeonField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { intended, around, errors, isReadOnly, set } = form;
  const { surgeonId } = intended.candidate;
  const own = useStore(sessionStore, (session) =>
    session.status === 'signed_in' && session.site.role === 'office' ? session.site.surgeonIds : null,
  );
  const surgeons = [...around.resources.values()]
    .filter(({ kind, active, id }) => kind === 'surgeon' && (active || id === surgeonId))
    .filter(({ id }) => own === null || own.includes(id) || id === surgeonId)
    .toSorted(byName);
  return (
    <Select
      size="xs"
      openOnFocus={false}
      allowDeselect={false}
      selectFirstOptionOnChange
      label={words.surgeon}
      placeholder={words.surgeonHint}
      searchable
      clearable={!isReadOnly}
      readOnly={isReadOnly}
      data-autofocus={isFirst || undefined}
      nothingFoundMessage={own === null ? words.surgeonNone : words.surgeonNoneOwn}
      maxDropdownHeight={220}
      limit={60}
      data={surgeons.map(({ id, name, attributes: { service } }) => ({
        value: id,
        label: service === undefined ? name : words.surgeonOf(name, service),
      }))}
      value={surgeonId}
      onChange={(value) => set({ surgeonId: value })}
      comboboxProps={{ shadow: 'md' }}
      error={errors.surgeonId}
    />
  );
}
