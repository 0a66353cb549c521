import { onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { FieldError } from '@slate/shared/errors';
import { createStore } from 'zustand/vanilla';
import { clockOf } from '../words/typed-time.ts';
import { valuesOf } from './typed.ts';
import type { Typed, TypedField, Values } from './typed.ts';
import { zoneNow } from './view.ts';

/** What was entered in a form. In memory only: it may identify a patient, and those fields go at the lock. */
export type Draft = {
  /** The case as last seen; a hold that has ended is on no board. */
  readonly item: Case;
  /** The board has shown it, so a missing case is gone. A reply may be ahead of the board. */
  readonly wasOnBoard: boolean;
  readonly typed: Typed;
  /** Another object after each edit of the person, but not after a lock. A request for it has one key (EX9). */
  readonly edition: object;
  /** The value of each field when the person began to change it, to detect changes by others. */
  readonly seen: Partial<Record<TypedField, unknown>>;
  /** The server's errors by field; cleared when the field is changed. */
  readonly errors: Partial<Record<TypedField, string>>;
  /** The values when the form opened: a field that others change shows its old value. */
  readonly was: Values & { readonly roomId: string | null };
  /** The screen was locked: the patient fields are unknown until the case is seen again. */
  readonly isBlind: boolean;
  readonly isSaving: boolean;
};

/** Drafts are kept by case id; a new depot case has this one. */
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

/** Takes the case as it is now, from a reply or the board. The first call starts the draft. */
export const see = (key: string, item: Case, isOnBoard: boolean) =>
  change(key, (draft) => {
    if (!draft) {
      const was = { ...valuesOf(item, zoneNow()), roomId: item.roomId };
      return {
        item,
        wasOnBoard: isOnBoard,
        typed: {},
        edition: {},
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
    return {
      ...draft,
      typed: { ...draft.typed, ...typed },
      edition: {},
      seen: { ...seen, ...draft.seen },
      errors,
    };
  });

/** Decides a field that somebody else has changed meanwhile: keep the draft's value, or drop it. */
export const settle = (key: string, field: TypedField, choice: 'mine' | 'theirs', now: unknown) =>
  change(key, (draft) => {
    if (!draft) return undefined;
    if (choice === 'mine') return { ...draft, seen: { ...draft.seen, [field]: now } };
    const { [field]: _typed, ...typed } = draft.typed;
    const { [field]: _seen, ...seen } = draft.seen;
    return { ...draft, typed, edition: {}, seen };
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
 * The person has chosen another place than the start they entered: the form shows the new start, and the entered one as its
 * old value.
 */
export const chooseElsewhere = (key: string) =>
  change(key, (draft) => {
    if (draft?.typed.start === undefined) return draft;
    const { start, ...typed } = draft.typed;
    const { start: _seen, ...seen } = draft.seen;
    return { ...draft, typed, edition: {}, seen, was: { ...draft.was, start: clockOf(start) ?? start } };
  });

/** Moves the draft of a hold to the hold that replaces it. */
export function carryDraft(from: string, to: string) {
  chooseElsewhere(from);
  const old = draftOf(from);
  if (from === to || !old) return;
  change(from, () => undefined);
  change(
    to,
    (draft) => draft && { ...draft, typed: { ...old.typed, ...draft.typed }, edition: {}, was: old.was },
  );
}

const identifying = ['patientRef', 'title', 'note'] as const;
const without = <Fields extends Partial<Record<TypedField, unknown>>>(fields: Fields): Fields => {
  const left = { ...fields };
  for (const field of identifying) delete left[field];
  return left;
};

/** Deletes the fields that may identify a patient, and marks the ones that were filled in with `askAgain`. */
export const forgetPatientsInDrafts = (askAgain: string) =>
  draftStore.setState(({ drafts }) => ({
    drafts: new Map(
      [...drafts].map(([key, draft]) => {
        const asked = identifying.filter((field) => draft.typed[field] !== undefined);
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
