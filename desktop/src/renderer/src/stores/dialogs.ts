import type { Case, PlacedCase, Urgency } from '@slate/shared/cases';
import type { OpeningsSearch } from '@slate/shared/contract/reads';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { Problem } from '@slate/shared/errors';
import { createStore } from 'zustand/vanilla';
import type { Place } from './place.ts';

/** What lies over the board and waits for the person. One at a time. */
export type Dialog =
  /** The form of a hold; it stays when the hold expires under it. */
  | { kind: 'hold'; caseId: string }
  /** The form of a booked case or one in the depot; without an id, a new one for the depot. */
  | { kind: 'edit'; caseId: string | null }
  | ReasonDialog
  | RefusalDialog
  | QuestionDialog
  /** Where something would fit: a case of the depot, or what is yet to be said, as far as it was said already. */
  | { kind: 'openings'; caseId: string | null; wish?: Partial<Wish> }
  | { kind: 'keys' }
  | { kind: 'preferences' }
  | { kind: 'password' }
  | { kind: 'about' };

/** What an opening is looked for. Null: as the procedure says, or any. */
export type Wish = {
  procedureId: string | null;
  surgeonId: string | null;
  minutes: number | null;
  date: string;
  days: number;
  blocks: OpeningsSearch['blocks'];
  roomIds: readonly string[];
  capabilities: readonly string[];
  equipment: PlaceHold['equipment'] | null;
  bed: PlaceHold['bed'] | null;
  /** The times of day between which it begins; null: by day, or at any hour when it cannot wait. */
  times: { readonly from: string; readonly to: string } | null;
  /** Monday is 1; none: any. */
  weekdays: readonly number[];
  urgency: Urgency;
};

/** Something that is only done with a reason: `give` does it. */
export type ReasonDialog = {
  kind: 'reason';
  for: ReasonFor;
  /** What is about to be done, as the person would name it. */
  title: string;
  caseId: string | null;
  cautions: readonly string[];
  /** What would come to stand where it is against the rules: shown there for as long as it is asked. */
  placed: readonly PlacedCase[];
  give: (reason: string) => void;
};
export type ReasonFor = 'cancel' | 'bump' | 'void' | 'close' | 'override';

/** Something that may not be meant as it was given: nothing is done until one of the answers is chosen. */
export type QuestionDialog = {
  kind: 'question';
  title: string;
  caseId: string;
  /** Why it is asked. */
  lines: readonly string[];
  answers: readonly { label: string; run: () => void }[];
};

/** Something was refused: who was faster, what stands in the way, where it would fit. */
export type RefusalDialog = {
  kind: 'refusal';
  problem: Problem;
  title: string;
  /** The case as it was seen when the command was given: what has changed since is told. */
  seen: Case | null;
  /** Where it was wanted. */
  asked: Place | null;
  /** Takes an alternative. */
  retry: ((place: Place) => void) | null;
  /** The same once more, on the case as it now is. */
  again: (() => void) | null;
};

type State = {
  dialog: Dialog | null;
  /** The form, or the earlier question, that comes back when this one is closed. */
  beneath: readonly Dialog[];
  /** Another number for every dialog that is shown: two of a kind are two. */
  serial: number;
};
export const dialogStore = createStore<State>(() => ({ dialog: null, beneath: [], serial: 0 }));

const isAnswer = ({ kind }: Dialog) => kind === 'reason' || kind === 'refusal' || kind === 'question';
const isForm = ({ kind }: Dialog) => kind === 'hold' || kind === 'edit' || kind === 'openings';

/** What answers a command lies over the form it was given from, and over an answer that was not read yet. */
export const openDialog = (dialog: Dialog) =>
  dialogStore.setState(({ dialog: open, beneath, serial }) => {
    const isOver = open !== null && isAnswer(dialog) && (isForm(open) || isAnswer(open));
    return { dialog, beneath: isOver ? [...beneath, open] : [], serial: serial + 1 };
  });
/** Closes the form of a case, wherever it lies, and nothing else. */
export const closeForm = (caseId: string | null) =>
  dialogStore.setState((state) => {
    const open = [...state.beneath, ...(state.dialog ? [state.dialog] : [])];
    const left = open.filter(
      (each) => !((each.kind === 'hold' || each.kind === 'edit') && each.caseId === caseId),
    );
    if (left.length === open.length) return state;
    return { dialog: left.at(-1) ?? null, beneath: left.slice(0, -1), serial: state.serial + 1 };
  });
/** Whether the form of this hold is open, perhaps beneath an answer: then what becomes of the hold is said there. */
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
/** Forms stay: they know only which case they are of. What answers a command says more, and is gone. */
export const keepForms = () =>
  dialogStore.setState(({ dialog, beneath }) => ({
    dialog: [...beneath, ...(dialog ? [dialog] : [])].findLast((each) => !isAnswer(each)) ?? null,
    beneath: [],
  }));
