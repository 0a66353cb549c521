import { useMemo } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { draftStore, type } from '../../stores/drafts.ts';
import type { Draft, Typed, TypedField } from '../../stores/drafts.ts';
import { contested, intendedOf, valuesOf } from './intended.ts';
import type { Around, Errors, Intended } from './intended.ts';

export type Form = {
  readonly key: string;
  readonly draft: Draft;
  readonly around: Around;
  readonly intended: Intended;
  readonly errors: Errors;
  /** Changed by somebody else meanwhile: one of the two has to be chosen. */
  readonly contested: readonly TypedField[];
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
    const around = { procedures, resources, settings, zone };
    const intended = intendedOf(draft.item, draft.typed, around);
    const set = (typed: Typed) => {
      const now = valuesOf(draft.item, zone);
      const fields = Object.keys(typed) as TypedField[];
      type(key, typed, Object.fromEntries(fields.map((field) => [field, now[field]])));
    };
    const errors = { ...draft.errors, ...intended.errors };
    return { key, draft, around, intended, errors, contested: contested(draft, zone), isReadOnly, set };
  }, [key, draft, procedures, resources, site, isReadOnly]);
}
