import { shell } from '../shell/shell.ts';
import { serverNow } from '../stores/clock.ts';
import { draftStore } from '../stores/drafts.ts';
import { lastHoldEnds, openWork } from '../stores/open-work.ts';
import { sessionStore } from '../stores/session.ts';
import { updateStore } from '../stores/update.ts';

const reportMs = 5_000;

/**
 * Shows the status of updates, and reports to the program the site and whether it may restart: nobody is signed in, or it is a
 * wall board, and no work is open. A lock hides holds and requests, so the last known ones count.
 */
export function followUpdates(): () => void {
  let hadRequests = false;
  let holdEnds = 0;

  function mayRestart(): boolean {
    const session = sessionStore.getState();
    if (session.status === 'starting') return false;
    if (session.status === 'signed_in') {
      const open = openWork();
      hadRequests = open === 'requests' || open === 'saving';
      holdEnds = lastHoldEnds();
      return session.site.role === 'wall';
    }
    if (session.status === 'signed_out') hadRequests = false;
    const hasForm = [...draftStore.getState().drafts.values()].some(
      ({ typed }) => Object.keys(typed).length > 0,
    );
    return !hasForm && !hadRequests && holdEnds <= serverNow();
  }

  function report() {
    const session = sessionStore.getState();
    const site = session.status === 'signed_in' ? session.site.id : null;
    shell.reportUse({ site, mayRestart: mayRestart() }).catch(() => {});
  }

  const stops = [
    shell.on('update', (update) => updateStore.setState({ update })),
    sessionStore.subscribe(report),
  ];
  const timer = setInterval(report, reportMs);
  report();
  return () => {
    for (const stop of stops) stop();
    clearInterval(timer);
  };
}
