import { onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { FieldError } from '@slate/shared/errors';
import { createStore } from 'zustand/vanilla';
import { clockOf } from '../words/typed-time.ts';
import { valuesOf } from './typed.ts';
import type { Typed, TypedField, Values } from './typed.ts';
import { zoneNow } from './view.ts';

/** The entries of a form. In memory only: they may identify a patient, and a lock deletes such fields. */
export type Draft = {
  /** The case as last seen. A hold that has ended is no longer on the board. */
  readonly item: Case;
  /** Whether the board has shown it. Only then does a missing case mean that it is gone: a reply may be ahead of the board. */
  readonly wasOnBoard: boolean;
  readonly typed: Typed;
  /** A new object after each edit of the person, but not after a lock: the same edition keeps its idempotency key (EX9). */
  readonly edition: object;
  /** The value of each field when the person began to change it, to detect changes by others. */
  readonly baseline: Partial<Record<TypedField, unknown>>;
  /** The server's errors by field; cleared when the field is changed. */
  readonly errors: Partial<Record<TypedField, string>>;
  /** The values when the form opened, shown as the old value of a field that others change. */
  readonly initial: Values & { readonly roomId: string | null };
  /** After a lock: the patient fields are unknown until the board or a reply shows the case again. */
  readonly isRedacted: boolean;
  readonly isSaving: boolean;
};

/** The key of the draft of a new depot case. Other drafts have the id of their case. */
export const newCaseKey = 'new';
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

/** Updates the case of a draft from a reply or the board. The first call creates the draft. */
export const updateDraft = (key: string, item: Case, isOnBoard: boolean) =>
  change(key, (draft) => {
    if (!draft) {
      const initial = { ...valuesOf(item, zoneNow()), roomId: item.roomId };
      return {
        item,
        wasOnBoard: isOnBoard,
        typed: {},
        edition: {},
        baseline: {},
        errors: {},
        initial,
        isRedacted: false,
        isSaving: false,
      };
    }
    if (item.version < draft.item.version || (item === draft.item && draft.wasOnBoard)) return draft;
    const { patientRef, title, note } = valuesOf(item, zoneNow());
    const initial = draft.isRedacted ? { ...draft.initial, patientRef, title, note } : draft.initial;
    return { ...draft, item, initial, isRedacted: false, wasOnBoard: draft.wasOnBoard || isOnBoard };
  });

export const editDraft = (key: string, typed: Typed, baseline: Draft['baseline']) =>
  change(key, (draft) => {
    if (!draft) return undefined;
    const errors = Object.fromEntries(Object.entries(draft.errors).filter(([field]) => !(field in typed)));
    return {
      ...draft,
      typed: { ...draft.typed, ...typed },
      edition: {},
      baseline: { ...baseline, ...draft.baseline },
      errors,
    };
  });

/** Resolves a field that somebody else has changed meanwhile: keeps the draft's value or discards it. */
export const resolveField = (key: string, field: TypedField, choice: 'mine' | 'theirs', now: unknown) =>
  change(key, (draft) => {
    if (!draft) return undefined;
    if (choice === 'mine') return { ...draft, baseline: { ...draft.baseline, [field]: now } };
    const { [field]: _typed, ...typed } = draft.typed;
    const { [field]: _seen, ...baseline } = draft.baseline;
    return { ...draft, typed, edition: {}, baseline };
  });

export const setSaving = (key: string, isSaving: boolean) =>
  change(key, (draft) => draft && { ...draft, isSaving });

export const setErrors = (key: string, errors: readonly FieldError[]) =>
  change(
    key,
    (draft) =>
      draft && {
        ...draft,
        errors: Object.fromEntries(errors.map(({ field, reason }) => [field.replace(/\..*/, ''), reason])),
      },
  );

/**
 * Discards the entered start, because the person has chosen another place. The form shows the new start, and the entered one
 * as its old value.
 */
export const replaceEnteredStart = (key: string) =>
  change(key, (draft) => {
    if (draft?.typed.start === undefined) return draft;
    const { start, ...typed } = draft.typed;
    const { start: _seen, ...baseline } = draft.baseline;
    return {
      ...draft,
      typed,
      edition: {},
      baseline,
      initial: { ...draft.initial, start: clockOf(start) ?? start },
    };
  });

/** Moves the draft of a hold to the hold that replaces it. */
export function moveDraft(from: string, to: string) {
  replaceEnteredStart(from);
  const old = draftOf(from);
  if (from === to || !old) return;
  change(from, () => undefined);
  change(
    to,
    (draft) =>
      draft && { ...draft, typed: { ...old.typed, ...draft.typed }, edition: {}, initial: old.initial },
  );
}

const identifying = ['patientRef', 'title', 'note'] as const;
const without = <Fields extends Partial<Record<TypedField, unknown>>>(fields: Fields): Fields => {
  const left = { ...fields };
  for (const field of identifying) delete left[field];
  return left;
};

/** Deletes the fields that may identify a patient. Fields that were filled in get the message `askAgain`. */
export const forgetPatientsInDrafts = (askAgain: string) =>
  draftStore.setState(({ drafts }) => ({
    drafts: new Map(
      [...drafts].map(([key, draft]) => {
        const emptied = identifying.filter((field) => draft.typed[field] !== undefined);
        const errors = Object.fromEntries(emptied.map((field) => [field, askAgain]));
        const item = { ...onWall(draft.item), holder: draft.item.holder };
        const typed = without(draft.typed);
        const baseline = without(draft.baseline);
        const initial = { ...draft.initial, patientRef: '', title: '', note: '' };
        return [key, { ...draft, item, typed, baseline, initial, errors, isRedacted: true }];
      }),
    ),
  }));

export const forgetDraft = (key: string) => change(key, () => undefined);
export const forgetDrafts = () => draftStore.setState({ drafts: new Map() });
