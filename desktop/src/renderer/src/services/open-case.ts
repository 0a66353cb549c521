import { isPlaced } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { localDateOf } from '@slate/shared/time';
import { call } from '../api/client.ts';
import { focusCase } from '../board/focus.ts';
import { reveal } from '../board/reveal.ts';
import { shownCase } from '../preview/collisions.ts';
import { shell } from '../shell/shell.ts';
import { boardStore } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import { isStillWorking, sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import {
  goToDate,
  setDepotOpen,
  setInspectorOpen,
  select,
  showScreen,
  viewStore,
  zoneNow,
} from '../stores/view.ts';
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
  if (!['day', 'week', 'list'].includes(viewStore.getState().screen)) showScreen('day');
  select(caseId);
  setInspectorOpen(true);
  showOnBoard(caseId);
}

/** Moves the cursor and the view to the case once the board shows it, unless another case is selected by then. */
function showOnBoard(caseId: string) {
  const check = () => {
    if (viewStore.getState().selectedId !== caseId) return stop();
    const item = shownCase(caseId);
    if (!item || boardStore.getState().isStale) return undefined;
    stop();
    if (isPlaced(item)) setCursor({ mode: 'case', caseId, roomId: item.roomId, at: happensAt(item).start });
    return requestAnimationFrame(() => {
      if (isPlaced(item)) reveal(caseId);
      focusCase(caseId);
    });
  };
  const stop = boardStore.subscribe(check);
  check();
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
