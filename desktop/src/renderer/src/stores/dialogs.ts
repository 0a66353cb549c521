import type { Problem } from '@slate/shared/errors';
import { createStore } from 'zustand/vanilla';
import type { Place } from './commands.ts';

/** What lies over the board and waits for the person. One at a time. */
export type Dialog =
  /** The form of a hold; it stays when the hold expires under it. */
  | { kind: 'hold'; caseId: string }
  /** The form of a booked case or one in the depot; without an id, a new one for the depot. */
  | { kind: 'edit'; caseId: string | null }
  /** Something that is only done with a reason: `give` does it. */
  | {
      kind: 'reason';
      for: ReasonFor;
      caseId: string;
      cautions: readonly string[];
      give: (reason: string) => void;
    }
  /** Something was refused: who was faster, what stands in the way, where it would fit. */
  | { kind: 'refusal'; problem: Problem; title: string; retry: ((place: Place) => void) | null }
  | { kind: 'openings' }
  | { kind: 'keys' }
  | { kind: 'preferences' }
  | { kind: 'about' };
export type ReasonFor = 'cancel' | 'bump' | 'void' | 'override';

export const dialogStore = createStore<{ dialog: Dialog | null }>(() => ({ dialog: null }));
export const openDialog = (dialog: Dialog) => dialogStore.setState({ dialog });
export const closeDialog = () => dialogStore.setState({ dialog: null });
