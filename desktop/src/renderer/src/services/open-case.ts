import { isPlaced } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { localDateOf } from '@slate/shared/time';
import { call } from '../api/client.ts';
import { showOnBoard } from '../board/show-case.ts';
import { shownCase } from '../preview/collisions.ts';
import { shell } from '../shell/shell.ts';
import { isStillWorking, sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { goToDate, setDepotOpen, setInspectorOpen, select, showDays, zoneNow } from '../stores/view.ts';
import { connectionWords } from '../words/connection.ts';
import { openCaseWords as words } from '../words/open-case.ts';

/** The case to open after signing in. */
let requestedId: string | null = null;

export async function openCase(caseId: string): Promise<void> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') {
    requestedId = caseId;
    return;
  }
  if (!shownCase(caseId)) {
    const outcome = await call('case', { params: { site: session.site.id, case: caseId } });
    if (!isStillWorking(session)) return;
    if (outcome.kind === 'unreachable') return toast(connectionWords.noAnswer, { stays: true });
    if (outcome.kind === 'refused') return toast(words.refused(outcome.problem.code), { stays: true });
    const { case: item } = outcome.reply;
    if (isPlaced(item)) goToDate(localDateOf(happensAt(item).start, zoneNow()));
    else if (item.state === 'depot') setDepotOpen(true);
  }
  showDays();
  select(caseId);
  setInspectorOpen(true);
  showOnBoard(caseId);
}

/** Opens the cases of links and notifications. While nobody is signed in, the latest one waits. */
export function openCasesOnRequest(): () => void {
  const stops = [
    shell.on('openCase', ({ caseId }) => void openCase(caseId)),
    sessionStore.subscribe((session) => {
      if (session.status !== 'signed_in' || requestedId === null) return;
      const caseId = requestedId;
      requestedId = null;
      void openCase(caseId);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
