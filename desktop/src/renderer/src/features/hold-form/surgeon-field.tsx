import { Select } from '@mantine/core';
import type { Resource } from '@slate/shared/resources';
import { useStore } from 'zustand';
import { byName } from '../../stores/board.ts';
import { sessionStore } from '../../stores/session.ts';
import { holdFormWords as words } from '../../words/hold-form.ts';
import { picking } from './picking.ts';
import type { Form } from './use-form.ts';

/** Who operates: an office chooses among those it works for. */
export function SurgeonField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { intended, around, errors, isReadOnly, set } = form;
  const { surgeonId, service: wanted } = intended.candidate;
  // Those of the service first.
  const isElsewhere = (surgeon: Resource) => Number(wanted !== null && surgeon.attributes.service !== wanted);
  const own = useStore(sessionStore, (session) =>
    session.status === 'signed_in' && session.site.role === 'office' ? session.site.surgeonIds : null,
  );
  const surgeons = [...around.resources.values()]
    .filter(({ kind, active, id }) => kind === 'surgeon' && (active || id === surgeonId))
    .filter(({ id }) => own === null || own.includes(id) || id === surgeonId)
    .toSorted((a, b) => isElsewhere(a) - isElsewhere(b) || byName(a, b));
  return (
    <Select
      {...picking}
      selectFirstOptionOnChange
      label={words.surgeon}
      placeholder={words.surgeonHint}
      searchable
      clearable={!isReadOnly}
      readOnly={isReadOnly}
      data-autofocus={isFirst || undefined}
      nothingFoundMessage={own === null ? words.surgeonNone : words.surgeonNoneOwn}
      limit={60}
      data={surgeons.map(({ id, name, attributes: { service } }) => ({
        value: id,
        label: service === undefined ? name : words.surgeonOf(name, service),
      }))}
      value={surgeonId}
      onChange={(value) => set({ surgeonId: value })}
      error={errors.surgeonId}
    />
  );
}
