import { Select } from '@mantine/core';
import { byPosition } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import { useStore } from 'zustand';
import { mySurgeons, sessionStore } from '../../stores/session.ts';
import { surgeonChoice } from '../../words/cases.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { usePicker } from '../../forms/select-props.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';

/** The surgeon. An office can choose only its own surgeons. */
export function SurgeonField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { parsed, catalog, errors, set } = form;
  const { surgeonId, service } = parsed.candidate;
  // Surgeons of the service first.
  const isElsewhere = (surgeon: Resource) =>
    Number(service !== null && surgeon.attributes.service !== service);
  const own = useStore(sessionStore, mySurgeons);
  const surgeons = [...catalog.resources.values()]
    .filter(({ kind, active, id }) => kind === 'surgeon' && (active || id === surgeonId))
    .filter(({ id }) => own === null || own.includes(id) || id === surgeonId)
    .toSorted((a, b) => isElsewhere(a) - isElsewhere(b) || byPosition(a, b));
  const chosen = surgeons.find(({ id }) => id === surgeonId);
  const pick = (value: string | null) => set({ surgeonId: value });
  const { notInList, ...picking } = usePicker(form, isFirst, chosen ? surgeonChoice(chosen) : '', pick);
  return (
    <Select
      {...picking}
      label={words.surgeon}
      placeholder={words.surgeonHint}
      nothingFoundMessage={own === null ? words.surgeonNone : words.surgeonNoneOwn}
      data={surgeons.map((each) => ({ value: each.id, label: surgeonChoice(each) }))}
      value={surgeonId}
      error={errors.surgeonId ?? notInList}
      {...underField(form, 'surgeonId')}
    />
  );
}
