import { useMemo } from 'react';
import { useStore } from 'zustand';
import { boardStore, nameIn } from '../../stores/board.ts';
import { draftStore, editDraft } from '../../stores/drafts.ts';
import type { Draft } from '../../stores/drafts.ts';
import { valuesOf } from '../../stores/typed.ts';
import type { Typed, TypedField } from '../../stores/typed.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { equipmentOf, urgencyWords } from '../../words/cases.ts';
import { contested, parseForm } from './parse-form.ts';
import type { Catalog, Errors, ParsedForm } from './parse-form.ts';

export type Form = {
  readonly key: string;
  readonly draft: Draft;
  readonly catalog: Catalog;
  readonly parsed: ParsedForm;
  readonly errors: Errors;
  /** Fields that someone else has changed meanwhile. The person must choose a version. */
  readonly contested: readonly TypedField[];
  /** Returns the value of a field before someone else or the program changed it; null if unchanged. */
  readonly oldValue: (field: TypedField) => string | null;
  readonly isReadOnly: boolean;
  readonly set: (typed: Typed) => void;
};

/** Returns everything that the form of a draft needs; null while no board is loaded. */
export function useForm(key: string, isReadOnly: boolean): Form | null {
  const draft = useStore(draftStore, ({ drafts }) => drafts.get(key));
  // Not the whole view, because the form must not redraw for every case that moves.
  const procedures = useStore(boardStore, ({ view }) => view?.board.procedures);
  const resources = useStore(boardStore, ({ view }) => view?.resources);
  const site = useStore(boardStore, ({ view }) => view?.board.site);
  return useMemo(() => {
    if (!draft || !procedures || !resources || !site) return null;
    const { timeZone: zone, settings } = site;
    const catalog = { procedures, resources, settings, zone };
    const parsed = parseForm(draft.item, draft.typed, catalog);
    const set = (typed: Typed) => {
      const now = valuesOf(draft.item, zone);
      const fields = Object.keys(typed) as TypedField[];
      editDraft(key, typed, Object.fromEntries(fields.map((field) => [field, now[field]])));
    };
    const errors = { ...draft.errors, ...parsed.errors };
    return {
      key,
      draft,
      catalog,
      parsed,
      errors,
      contested: contested(draft, zone),
      oldValue: (field) => oldValueOf(field, draft, parsed, catalog),
      // While it is being saved, the form must show what was sent.
      isReadOnly: isReadOnly || draft.isSaving,
      set,
    };
  }, [key, draft, procedures, resources, site, isReadOnly]);
}

function oldValueOf(
  field: TypedField,
  { typed, initial }: Draft,
  { candidate }: ParsedForm,
  catalog: Catalog,
): string | null {
  const [before, now] = [
    shownValues(initial, catalog),
    shownValues(valuesOf(candidate, catalog.zone), catalog),
  ];
  if (field in typed || before[field] === now[field]) return null;
  // Values that the procedure filled into empty fields are not marked.
  if (before[field] === '' && typed.procedureId !== undefined) return null;
  return words.was(before[field] || words.nothing);
}

/** Returns the values of the fields as a person reads them. */
export function shownValues(
  {
    start,
    minutes,
    procedureId,
    title,
    surgeonId,
    patientRef,
    equipment,
    bed,
    urgency,
    dueBy,
    note,
  }: Required<Typed>,
  catalog: Catalog,
): Record<TypedField, string> {
  const nameOf = (id: string | null) => nameIn(catalog, id);
  return {
    start,
    minutes: words.minutes(minutes),
    procedureId: catalog.procedures.find(({ id }) => id === procedureId)?.name ?? '',
    title,
    surgeonId: nameOf(surgeonId),
    patientRef,
    equipment: equipmentOf(equipment, nameOf).join(', '),
    bed: bed ? words.bedNights(nameOf(bed.resourceId), bed.nights) : '',
    urgency: urgencyWords[urgency],
    dueBy: dueBy.replace('T', ' '),
    note,
  };
}
