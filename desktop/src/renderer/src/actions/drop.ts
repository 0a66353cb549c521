import { hasBegun } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { minutesBetween } from '@slate/shared/time';
import { placeFromDepot } from '../commands/depot.ts';
import { changeDetails } from '../commands/edit.ts';
import { holdAt } from '../commands/hold.ts';
import { moveTo } from '../commands/move.ts';
import { judge } from '../preview/judge.ts';
import { announceNow } from '../stores/announcements.ts';
import { boardStore, caseName, nameOf } from '../stores/board.ts';
import { isCutOff } from '../stores/connection.ts';
import { cutOffReason } from '../stores/cut-off.ts';
import { isSamePlace } from '../stores/place.ts';
import { itemOf, placingStore } from '../stores/placing.ts';
import { meNow } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { zoneNow } from '../stores/view.ts';
import { obstacleWords, placingWords } from '../words/placing.ts';
import type { Obstacle } from '../words/placing.ts';

/** Ends placing: sends the command, or shows why that is not possible. */
export function drop(): void {
  const { placing } = placingStore.getState();
  const { view } = boardStore.getState();
  placingStore.setState({ placing: null });
  if (!placing || !view) return;
  const { kind, place } = placing;
  const item = itemOf(view, placing);
  if (item && isPlaced(item) && isSamePlace({ ...item, ...stayOf(item) }, place)) return;
  const [obstacle] = judge(view, placing)?.obstacles ?? [];
  if (obstacle && isFinal(obstacle)) {
    const reason = obstacleWords(obstacle, nameOf, zoneNow(), meNow());
    const text = item ? placingWords.refused(caseName(item), reason) : placingWords.notHeld(reason);
    announceNow(text);
    return toast(text, { about: cutOffReason() === null ? null : 'cut_off' });
  }
  if (kind === 'hold') return void holdAt(place);
  if (!item) return;
  if (kind === 'depot') return void placeFromDepot(item, place);
  if (!isPlaced(item)) return;
  if (hasBegun(item.state)) void changeDetails(item, { minutes: minutesBetween(place.start, place.end) });
  else void moveTo(item, place);
}

/**
 * Whether the command would be refused for certain. A hold of somebody else: it is sent all the same, because the refusal
 * offers alternative times. Offline the board may be old: it is requested, with a warning.
 */
export const isFinal = (obstacle: Obstacle) =>
  obstacle.kind === 'rule' ||
  (!isCutOff() &&
    !(
      obstacle.kind === 'taken' &&
      obstacle.uses.some(({ item }) => item?.state === 'held' && item.holder?.id !== meNow())
    ));
