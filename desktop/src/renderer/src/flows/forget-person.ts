import { closeDialog } from '../stores/dialogs.ts';
import { sessionStore } from '../stores/session.ts';
import { setCursor } from '../stores/cursor.ts';
import { toastStore } from '../stores/toasts.ts';
import { forgetUndo } from '../stores/undo.ts';
import { openDepot, openInspector, select } from '../stores/view.ts';

/** What one person did and typed here is not for the next. */
function forgetPerson() {
  closeDialog();
  forgetUndo();
  toastStore.setState({ toasts: [] });
  setCursor({ mode: 'case', caseId: null, roomId: null, at: null });
  select(null);
  openInspector(true);
  openDepot(true);
}

/** Over a lock everything stays for whoever locked it; it goes when somebody else comes, or nobody. */
export function forgetWhoLeft(): void {
  let last: string | null = null;
  sessionStore.subscribe((session) => {
    if (session.status === 'signed_out') {
      if (last !== null) forgetPerson();
      last = null;
    } else if (session.status === 'signed_in') {
      if (last !== null && last !== session.me.email) forgetPerson();
      last = session.me.email;
    }
  });
}
