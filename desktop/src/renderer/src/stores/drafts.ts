import { onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { FieldError } from '@slate/shared/errors';
import { createStore } from 'zustand/vanilla';
import { clockOf } from '../words/typed-time.ts';
import { valuesOf } from './typed.ts';
import type { Typed, TypedField, Values } from './typed.ts';
import { zoneNow } from './view.ts';

/** In memory only, and not while the screen is locked: it may say who the patient is. */
export type Draft = {
  /** The case as it was last seen: a hold that has ended is on no board. */
  readonly item: Case;
  /** The board has shown it: when it is not there any more, it is gone. A reply may be ahead of the board. */
  readonly wasOnBoard: boolean;
  readonly typed: Typed;
  /** What each field said when the person began to change it: by it what others changed since is told apart. */
  readonly seen: Partial<Record<TypedField, unknown>>;
  /** What the server found wrong, by field; gone when the field is changed. */
  readonly errors: Partial<Record<TypedField, string>>;
  /** What the form said when it opened: a field that has changed since without the person says what it was. */
  readonly was: Values & { readonly roomId: string | null };
  /** The screen has been locked: who the patient is, is known again once the case is seen. */
  readonly isBlind: boolean;
  readonly isSaving: boolean;
};

/** By the id of the case; the new case of the depot has none. */
export const newCase = 'new';
export const draftStore = createStore<{ drafts: ReadonlyMap<string, Draft> }>(() => ({ drafts: new Map() }));

const change = (key: string, make: (draft: Draft | undefined) => Draft | undefined) =>
  draftStore.setState(({ drafts }) => {
    const draft = make(drafts.get(key));
    if (draft === drafts.get(key)) return { drafts };
    const next = new Map(drafts);
    if (draft) next.set(key, draft);
    else next.delete(key);
    return { drafts: next };
  });

export const draftOf = (key: string) => draftStore.getState().drafts.get(key);

/** The case as it now is, by a reply or by the board; a draft of it begins with that. */
export const see = (key: string, item: Case, isOnBoard: boolean) =>
  change(key, (draft) => {
    if (!draft) {
      const was = { ...valuesOf(item, zoneNow()), roomId: item.roomId };
      return {
        item,
        wasOnBoard: isOnBoard,
        typed: {},
        seen: {},
        errors: {},
        was,
        isBlind: false,
        isSaving: false,
      };
    }
    if (item.version < draft.item.version || (item === draft.item && draft.wasOnBoard)) return draft;
    const { patientRef, title, note } = valuesOf(item, zoneNow());
    const was = draft.isBlind ? { ...draft.was, patientRef, title, note } : draft.was;
    return { ...draft, item, was, isBlind: false, wasOnBoard: draft.wasOnBoard || isOnBoard };
  });

export const type = (key: string, typed: Typed, seen: Draft['seen']) =>
  change(key, (draft) => {
    if (!draft) return undefined;
    const errors = Object.fromEntries(Object.entries(draft.errors).filter(([field]) => !(field in typed)));
    return { ...draft, typed: { ...draft.typed, ...typed }, seen: { ...seen, ...draft.seen }, errors };
  });

/** What somebody else has made of a field since: mine stays all the same, or it goes. */
export const settle = (key: string, field: TypedField, choice: 'mine' | 'theirs', now: unknown) =>
  change(key, (draft) => {
    if (!draft) return undefined;
    if (choice === 'mine') return { ...draft, seen: { ...draft.seen, [field]: now } };
    const { [field]: _typed, ...typed } = draft.typed;
    const { [field]: _seen, ...seen } = draft.seen;
    return { ...draft, typed, seen };
  });

export const saving = (key: string, isSaving: boolean) =>
  change(key, (draft) => draft && { ...draft, isSaving });

export const foundWrong = (key: string, errors: readonly FieldError[]) =>
  change(
    key,
    (draft) =>
      draft && {
        ...draft,
        errors: Object.fromEntries(errors.map(({ field, reason }) => [field.replace(/\..*/, ''), reason])),
      },
  );

/**
 * The person has chosen another place than the one for which they typed a start: the form then says that of the new
 * place, and what they typed is what it was.
 */
export const chooseElsewhere = (key: string) =>
  change(key, (draft) => {
    if (draft?.typed.start === undefined) return draft;
    const { start, ...typed } = draft.typed;
    const { start: _seen, ...seen } = draft.seen;
    return { ...draft, typed, seen, was: { ...draft.was, start: clockOf(start) ?? start } };
  });

/** What was typed for a hold goes on for the one in its place; of the old one nothing is kept. */
export function carryDraft(from: string, to: string) {
  chooseElsewhere(from);
  const old = draftOf(from);
  if (from === to || !old) return;
  change(from, () => undefined);
  change(to, (draft) => draft && { ...draft, typed: { ...old.typed, ...draft.typed }, was: old.was });
}

const mayTellWho = ['patientRef', 'title', 'note'] as const;
const without = <Fields extends Partial<Record<TypedField, unknown>>>(fields: Fields): Fields => {
  const left = { ...fields };
  for (const field of mayTellWho) delete left[field];
  return left;
};

/** Nothing that may tell who a patient is stays. What was typed of it is asked for again, by these words. */
export const forgetPatientsInDrafts = (askAgain: string) =>
  draftStore.setState(({ drafts }) => ({
    drafts: new Map(
      [...drafts].map(([key, draft]) => {
        const asked = mayTellWho.filter((field) => draft.typed[field] !== undefined);
        const errors = Object.fromEntries(asked.map((field) => [field, askAgain]));
        const item = { ...onWall(draft.item), holder: draft.item.holder };
        const typed = without(draft.typed);
        const seen = without(draft.seen);
        const was = { ...draft.was, patientRef: '', title: '', note: '' };
        return [key, { ...draft, item, typed, seen, was, errors, isBlind: true }];
      }),
    ),
  }));

export const forgetDraft = (key: string) => change(key, () => undefined);
export const forgetDrafts = () => draftStore.setState({ drafts: new Map() });
