import { isPlaced } from '@slate/shared/cases';
import { localDateOf } from '@slate/shared/time';
import { call } from '../api/client.ts';
import { caseNow } from '../stores/board.ts';
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
}

/** Opens what was asked for while nobody was signed in. */
export function openWhatWaits(): void {
  sessionStore.subscribe((session) => {
    if (session.status !== 'signed_in' || waiting === null) return;
    const caseId = waiting;
    waiting = null;
    void openCase(caseId);
  });
}
