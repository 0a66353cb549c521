import { isPlaced } from '@slate/shared/cases';
import { localDateOf } from '@slate/shared/time';
import { focusCase } from '../board/board-focus.ts';
import { call } from '../api/client.ts';
import { reveal } from '../board/reveal.ts';
import { boardStore, caseNow } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import { sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import {
  goToDate,
  openDepot,
  openInspector,
  select,
  showScreen,
  viewStore,
  zoneNow,
} from '../stores/view.ts';
import { connectionWords } from '../words/connection.ts';
import { openCaseWords as words } from '../words/open-case.ts';

/** Comes from a link or a notification: perhaps before anybody is signed in. */
let waiting: string | null = null;

export async function openCase(caseId: string): Promise<void> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') {
    waiting = caseId;
    return;
  }
  if (!caseNow(caseId)) {
    const outcome = await call('case', { params: { site: session.site.id, case: caseId } });
    if (outcome.kind === 'unreachable') return toast(connectionWords.noAnswer, { stays: true });
    if (outcome.kind === 'refused') return toast(words.refused(outcome.problem.code), { stays: true });
    const { case: item } = outcome.reply;
    if (isPlaced(item)) goToDate(localDateOf(item.start, zoneNow()));
    else if (item.state === 'depot') openDepot(true);
  }
  if (!['day', 'week', 'list'].includes(viewStore.getState().screen)) showScreen('day');
  select(caseId);
  openInspector(true);
  showOnBoard(caseId);
}

/** Goes there with cursor and view, as soon as the board has come to show it, unless something else is looked at by then. */
function showOnBoard(caseId: string) {
  const look = () => {
    if (viewStore.getState().selectedId !== caseId) return stop();
    const item = caseNow(caseId);
    if (!item || boardStore.getState().isStale) return undefined;
    stop();
    if (isPlaced(item)) setCursor({ mode: 'case', caseId, roomId: item.roomId, at: item.start });
    return requestAnimationFrame(() => {
      if (isPlaced(item)) reveal(caseId);
      focusCase(caseId);
    });
  };
  const stop = boardStore.subscribe(look);
  look();
}

/** Opens what was asked for while nobody was signed in. */
export function openWhatWaits(): () => void {
  return sessionStore.subscribe((session) => {
    if (session.status !== 'signed_in' || waiting === null) return;
    const caseId = waiting;
    waiting = null;
    void openCase(caseId);
  });
}
