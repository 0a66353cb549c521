import { Select } from '@mantine/core';
import type { Resource } from '@slate/shared/resources';
import { useStore } from 'zustand';
import { byName } from '../../stores/board.ts';
import { mySurgeons, sessionStore } from '../../stores/session.ts';
import { surgeonChoice } from '../../words/cases.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { usePickingOne } from '../../forms/select-props.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';

/** The surgeon. An office chooses among its own surgeons. */
export function SurgeonField({ form, isFirst }: { form: Form; isFirst: boolean }) {
  const { parsed, catalog, errors, set } = form;
  const { surgeonId, service: wanted } = parsed.candidate;
  // Surgeons of the service first.
  const isElsewhere = (surgeon: Resource) => Number(wanted !== null && surgeon.attributes.service !== wanted);
  const own = useStore(sessionStore, mySurgeons);
  const surgeons = [...catalog.resources.values()]
    .filter(({ kind, active, id }) => kind === 'surgeon' && (active || id === surgeonId))
    .filter(({ id }) => own === null || own.includes(id) || id === surgeonId)
    .toSorted((a, b) => isElsewhere(a) - isElsewhere(b) || byName(a, b));
  const chosen = surgeons.find(({ id }) => id === surgeonId);
  const pick = (value: string | null) => set({ surgeonId: value });
  const { notTaken, ...picking } = usePickingOne(form, isFirst, chosen ? surgeonChoice(chosen) : '', pick);
  return (
    <Select
      {...picking}
      label={words.surgeon}
      placeholder={words.surgeonHint}
      nothingFoundMessage={own === null ? words.surgeonNone : words.surgeonNoneOwn}
      data={surgeons.map((each) => ({ value: each.id, label: surgeonChoice(each) }))}
      value={surgeonId}
      error={errors.surgeonId ?? notTaken}
      {...underField(form, 'surgeonId')}
    />
  );
}
