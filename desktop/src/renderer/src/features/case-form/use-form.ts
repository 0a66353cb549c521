import { useMemo } from 'react';
import { useStore } from 'zustand';
import { boardStore, nameIn } from '../../stores/board.ts';
import { draftStore, type } from '../../stores/drafts.ts';
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
  /** Changed by somebody else meanwhile: one of the two has to be chosen. */
  readonly contested: readonly TypedField[];
  /** What a field said before it was changed by anybody but the person at the form; null: it says what it said. */
  readonly was: (field: TypedField) => string | null;
  readonly isReadOnly: boolean;
  readonly set: (typed: Typed) => void;
};

/** What the form of a draft shows; null while there is no board to choose from. */
export function useForm(key: string, isReadOnly: boolean): Form | null {
  const draft = useStore(draftStore, ({ drafts }) => drafts.get(key));
  // Not the whole board: a form is not drawn anew for every case that somebody else moves.
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
      type(key, typed, Object.fromEntries(fields.map((field) => [field, now[field]])));
    };
    const errors = { ...draft.errors, ...parsed.errors };
    return {
      key,
      draft,
      catalog,
      parsed,
      errors,
      contested: contested(draft, zone),
      was: (field) => wasBefore(field, draft, parsed, catalog),
      // What is on its way is what the form shows.
      isReadOnly: isReadOnly || draft.isSaving,
      set,
    };
  }, [key, draft, procedures, resources, site, isReadOnly]);
}

function wasBefore(
  field: TypedField,
  { typed, was }: Draft,
  { candidate }: ParsedForm,
  catalog: Catalog,
): string | null {
  const [before, now] = [shownValues(was, catalog), shownValues(valuesOf(candidate, catalog.zone), catalog)];
  if (field in typed || before[field] === now[field]) return null;
  // What the procedure has filled in is seen to be there.
  if (before[field] === '' && typed.procedureId !== undefined) return null;
  return words.was(before[field] || words.nothing);
}

/** What the fields say, as a person reads it. */
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
