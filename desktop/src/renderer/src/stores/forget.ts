import { caseFormWords } from '../words/case-form.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { forgetAdminDrafts } from './administration.ts';
import { forgetAnnouncements } from './announcements.ts';
import { resetCursor } from './cursor.ts';
import { forgetCut } from './cut.ts';
import { closeAllDialogs, closeCommandDialogs } from './dialogs.ts';
import { forgetDrafts, forgetPatientsInDrafts } from './drafts.ts';
import { forgetIntents } from './intents.ts';
import { closePalette } from './palette.ts';
import { peekAt } from './peek.ts';
import { forgetPlacing } from './placing.ts';
import { forgetUnsavedQueue } from './queue.ts';
import { forgetToasts, toast, toastStore } from './toasts.ts';
import { forgetUndo } from './undo.ts';
import { setDepotOpen, setInspectorOpen, select, setWallShown } from './view.ts';

/**
 * Clears everything about patients, so that nothing stays in memory while the screen is locked; the feed clears the board.
 * The view stays, and so do drafts without the fields that may identify a patient.
 */
export function forgetPatients() {
  closeCommandDialogs();
  forgetPatientsInDrafts(caseFormWords.notKeptLocked);
  closePalette();
  peekAt(null);
  forgetPlacing();
  forgetIntents();
  forgetUnsavedQueue();
  forgetCut();
  // The text of a toast may name a patient. After unlocking, one without names still says that something is unanswered.
  const hasUnanswered = toastStore.getState().toasts.some(({ about }) => about === 'unanswered');
  forgetMessages();
  if (hasUnanswered) toast(wordsOfOutcome.unansweredBefore, { stays: true, about: 'unanswered' });
  forgetUndo();
}

/** Clears everything of a person: the next one must not see what the last one did or typed. */
export function forgetPerson() {
  forgetPatients();
  forgetMessages();
  closeAllDialogs();
  forgetDrafts();
  forgetAdminDrafts();
  resetCursor();
  select(null);
  setInspectorOpen(true);
  setDepotOpen(true);
  setWallShown(false);
}

export function forgetMessages() {
  forgetToasts();
  forgetAnnouncements();
}
