import { administrationStore } from './administration.ts';
import { boardStore } from './board.ts';
import { serverNow } from './clock.ts';
import { draftStore } from './drafts.ts';
import { intentStore } from './intents.ts';
import { isHeldByMe } from './permissions.ts';
import { countOpen, queueNow } from './queue.ts';

export type OpenWork = 'form' | 'saving' | 'requests' | 'hold';

/** Returns the work that a restart would lose or interrupt; null: there is none. */
export function openWork(): OpenWork | null {
  const drafts = [...draftStore.getState().drafts.values()];
  if (drafts.some(({ typed, isSaving }) => isSaving || Object.keys(typed).length > 0)) return 'form';
  if (administrationStore.getState().drafts.size > 0) return 'form';
  if (intentStore.getState().intents.some(({ isSettled }) => !isSettled)) return 'saving';
  const { waiting, undecided } = countOpen(queueNow());
  if (waiting + undecided > 0) return 'requests';
  return lastHoldEnds() > serverNow() ? 'hold' : null;
}

/** When the last of my holds ends, as far as the board shows them; 0: I have none. */
export const lastHoldEnds = (): number =>
  Math.max(
    0,
    ...(boardStore.getState().view?.board.cases ?? [])
      .filter((item) => item.state === 'held' && isHeldByMe(item))
      .map(({ expiresAt }) => Date.parse(expiresAt ?? '')),
  );
