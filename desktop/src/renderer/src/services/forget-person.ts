import { forgetIntents } from '../commands/command.ts';
import { resetCursor } from '../stores/cursor.ts';
import { forgetCut } from '../stores/cut.ts';
import { closeAllDialogs, keepForms } from '../stores/dialogs.ts';
import { forgetDrafts, forgetPatientsInDrafts } from '../stores/drafts.ts';
import { closePalette } from '../stores/palette.ts';
import { peekAt } from '../stores/peek.ts';
import { forgetPlacing } from '../stores/placing.ts';
import { sessionStore } from '../stores/session.ts';
import type { Session } from '../stores/session.ts';
import { forgetSaid, toast, toastStore } from '../stores/toasts.ts';
import { forgetUndo } from '../stores/undo.ts';
import { openDepot, openInspector, select, showWall } from '../stores/view.ts';
import { caseFormWords } from '../words/case-form.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';

/**
 * While the screen is locked, nothing of a patient is left in it: the feed clears the board, and this the rest. Where
 * one was stays, and so does what was typed into a form, but for what may tell who the patient is.
 */
export function forgetPatients() {
  keepForms();
  forgetPatientsInDrafts(caseFormWords.notKeptLocked);
  closePalette();
  peekAt(null);
  forgetPlacing();
  forgetIntents();
  forgetCut();
  // What it was about goes; that it is open stays, for whoever asked for it.
  const isOpen = toastStore.getState().toasts.some(({ about }) => about === 'unanswered');
  forgetSaid();
  if (isOpen) toast(wordsOfOutcome.unansweredBefore, { stays: true, about: 'unanswered' });
  forgetUndo();
}

/** What one person did and typed here is not for the next. */
function forgetPerson() {
  forgetPatients();
  forgetSaid();
  closeAllDialogs();
  forgetDrafts();
  resetCursor();
  select(null);
  openInspector(true);
  openDepot(true);
  showWall(false);
}

/** Who somebody is here: with another role, or at another site, what was begun has lost its ground. */
const whoIs = ({ me, site }: Extract<Session, { status: 'signed_in' }>) =>
  [me.email, site.id, site.role, ...site.surgeonIds].join(' ');

export function forgetWhoLeft(): () => void {
  let last: string | null = null;
  return sessionStore.subscribe((session) => {
    if (session.status === 'locked') forgetPatients();
    if (session.status === 'signed_out') {
      if (last !== null) forgetPerson();
      last = null;
    }
    if (session.status === 'signed_in') {
      const who = whoIs(session);
      if (last !== null && last !== who) forgetPerson();
      last = who;
    }
  });
}
