import { caseFormWords } from '../words/case-form.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { forgetAnnouncements } from './announcements.ts';
import { resetCursor } from './cursor.ts';
import { forgetCut } from './cut.ts';
import { closeAllDialogs, keepForms } from './dialogs.ts';
import { forgetDrafts, forgetPatientsInDrafts } from './drafts.ts';
import { forgetIntents } from './intents.ts';
import { closePalette } from './palette.ts';
import { peekAt } from './peek.ts';
import { forgetPlacing } from './placing.ts';
import { forgetToasts, toast, toastStore } from './toasts.ts';
import { forgetUndo } from './undo.ts';
import { openDepot, openInspector, select, showWall } from './view.ts';

/**
 * Nothing about a patient stays in memory while the screen is locked: the feed clears the board, this clears the rest.
 * The view stays, and so do drafts without the fields that may identify a patient.
 */
export function forgetPatients() {
  keepForms();
  forgetPatientsInDrafts(caseFormWords.notKeptLocked);
  closePalette();
  peekAt(null);
  forgetPlacing();
  forgetIntents();
  forgetCut();
  // Its text may name a patient. That something is unanswered must still be seen after unlocking.
  const isOpen = toastStore.getState().toasts.some(({ about }) => about === 'unanswered');
  forgetMessages();
  if (isOpen) toast(wordsOfOutcome.unansweredBefore, { stays: true, about: 'unanswered' });
  forgetUndo();
}

/** The next person must not see what the last one did or typed. */
export function forgetPerson() {
  forgetPatients();
  forgetMessages();
  closeAllDialogs();
  forgetDrafts();
  resetCursor();
  select(null);
  openInspector(true);
  openDepot(true);
  showWall(false);
}

export function forgetMessages() {
  forgetToasts();
  forgetAnnouncements();
}
