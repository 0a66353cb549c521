import { shell } from '../shell/shell.ts';
import { mayUsePage, pageIds, showPage } from '../stores/administration.ts';
import { sessionStore } from '../stores/session.ts';
import { showScreen } from '../stores/view.ts';

/** The page to open after signing in. */
let requested: string | null = null;

/** Shows a page of the administration, if it exists and this person may use it. */
function openPage(name: string) {
  if (sessionStore.getState().status !== 'signed_in') {
    requested = name;
    return;
  }
  requested = null;
  const page = pageIds.find((id) => id === name);
  if (page === undefined || !mayUsePage(page)) return;
  showScreen('administration');
  showPage(page);
}

/** Opens the pages of links. While nobody is signed in, the latest one waits. */
export function openPagesOnRequest(): () => void {
  const stops = [
    shell.on('openPage', ({ page }) => openPage(page)),
    sessionStore.subscribe(() => {
      if (requested !== null) openPage(requested);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
