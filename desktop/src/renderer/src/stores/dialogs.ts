import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Problem } from '@slate/shared/errors';
import type { GivenReason, ReasonKind } from '@slate/shared/reasons';
import { createStore } from 'zustand/vanilla';
import type { Place } from './place.ts';
import type { Criteria } from './criteria.ts';

/** The dialog over the board; one at a time. */
export type Dialog =
  /** The form of a hold; it stays open when the hold expires. */
  | { kind: 'hold'; caseId: string }
  /** The form of a booked case or a depot case; null: a new depot case. */
  | { kind: 'edit'; caseId: string | null }
  | ReasonDialog
  | RefusalDialog
  | QuestionDialog
  /** The search for openings: for a depot case, or for a new case, filled in with `criteria`. */
  | { kind: 'openings'; caseId: string | null; criteria?: Partial<Criteria> }
  /** The requests of this desk. */
  | { kind: 'queue' }
  | { kind: 'keys' }
  | { kind: 'preferences' }
  | { kind: 'password' }
  /** Shows a temporary password, once. */
  | { kind: 'temporary_password'; name: string; password: string }
  /** Shows the link of an invitation, once. */
  | { kind: 'invitation_link'; email: string; link: string }
  | { kind: 'about' };

/** Asks for a reason; `submit` continues with it. */
export type ReasonDialog = {
  kind: 'reason';
  for: ReasonFor;
  /** The command, in the person's words. */
  title: string;
  caseId: string | null;
  cautions: readonly string[];
  /** The cases as they would be placed, drawn on the board while the dialog is open. */
  placed: readonly PlacedCase[];
  submit: (reason: GivenReason) => void;
  /** Continues without a reason, if it may stay open. */
  skip?: () => void;
};
/** Closures have suggestions, but no codes. */
export type ReasonFor = ReasonKind | 'close';

/** Asks for confirmation of an unusual command; nothing is sent until the person chooses an answer. */
export type QuestionDialog = {
  kind: 'question';
  title: string;
  caseId: string;
  lines: readonly string[];
  answers: readonly { label: string; run: () => void }[];
};

/** A refused command: the conflict and the nearest free times. */
export type RefusalDialog = {
  kind: 'refusal';
  problem: Problem;
  title: string;
  /** The case as it was when the command was given, to show what has changed since. */
  caseBefore: Case | null;
  /** The requested time. */
  requested: Place | null;
  /** Repeats the command with an alternative time. */
  retryAt: ((place: Place) => void) | null;
  /** Repeats the command on the case as it is now. */
  repeat: (() => void) | null;
};

type State = {
  dialog: Dialog | null;
  /** The forms and dialogs that reappear when this dialog is closed; the last one first. */
  beneath: readonly Dialog[];
  /** Counts the shown dialogs, to distinguish two of one kind. */
  serial: number;
};
export const dialogStore = createStore<State>(() => ({ dialog: null, beneath: [], serial: 0 }));

const isAboutCommand = ({ kind }: Dialog) => kind === 'reason' || kind === 'refusal' || kind === 'question';
const isForm = ({ kind }: Dialog) =>
  kind === 'hold' || kind === 'edit' || kind === 'openings' || kind === 'queue';

/** Opens a dialog. A dialog about a command keeps the form it came from, and unread dialogs about commands, beneath it. */
export const openDialog = (dialog: Dialog) =>
  dialogStore.setState(({ dialog: open, beneath, serial }) => {
    const isOver = open !== null && isAboutCommand(dialog) && (isForm(open) || isAboutCommand(open));
    return { dialog, beneath: isOver ? [...beneath, open] : [], serial: serial + 1 };
  });
/** Closes the form of a case, even beneath another dialog, and nothing else. */
export const closeForm = (caseId: string | null) =>
  dialogStore.setState((state) => {
    const open = [...state.beneath, ...(state.dialog ? [state.dialog] : [])];
    const left = open.filter(
      (each) => !((each.kind === 'hold' || each.kind === 'edit') && each.caseId === caseId),
    );
    if (left.length === open.length) return state;
    return { dialog: left.at(-1) ?? null, beneath: left.slice(0, -1), serial: state.serial + 1 };
  });
/** Whether the form of this hold is open, perhaps beneath another dialog. An open form shows changes of its hold. */
export const isHoldOpen = (caseId: string): boolean => {
  const { dialog, beneath } = dialogStore.getState();
  return [...beneath, dialog].some((each) => each?.kind === 'hold' && each.caseId === caseId);
};
export const closeDialog = () =>
  dialogStore.setState(({ beneath, serial }) => ({
    dialog: beneath.at(-1) ?? null,
    beneath: beneath.slice(0, -1),
    serial: serial + 1,
  }));
export const closeAllDialogs = () => dialogStore.setState({ dialog: null, beneath: [] });
/**
 * Closes dialogs about commands, which may contain patient data, a temporary password or a link, and About, which would cover
 * the lock screen. Forms stay: they contain only an id.
 */
export const closeCommandDialogs = () =>
  dialogStore.setState(({ dialog, beneath }) => ({
    dialog:
      [...beneath, ...(dialog ? [dialog] : [])].findLast(
        (each) =>
          !isAboutCommand(each) && !['about', 'temporary_password', 'invitation_link'].includes(each.kind),
      ) ?? null,
    beneath: [],
  }));
