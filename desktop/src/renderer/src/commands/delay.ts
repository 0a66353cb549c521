import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Later } from '../preview/ripple.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { nameOfCase } from '../words/cases.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { inTurn } from './in-turn.ts';
import type { Step } from './in-turn.ts';
import { sendMove } from './move.ts';
import { perform } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';
import { placeWords } from './where.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/**
 * Cases begin later. The last moves first, so that none is in another's way; what is done stays done when a later one
 * is refused. `what` is the room, the surgeon or the case that is late.
 */
export function delayCases(what: string, minutes: number, later: readonly Later[]): Promise<void> {
  const [first] = later;
  if (!first) return Promise.resolve();
  const title = deed.delay(what, duration(minutes));
  const lastFirst = later.toReversed();
  return perform({
    title,
    item: first.item,
    ...inTurn(
      first.item,
      lastFirst.map(({ item, after }) => moveOf(item, after)),
    ),
    placed: later.map(({ after }) => after),
    done: (moved) => {
      const back = backWords.delayed(what);
      // Back in the other order: the first makes room for the next.
      const toUndo = lastFirst.map(({ item }, at) => ({ before: item, now: moved[at] ?? item })).toReversed();
      const ids = later.map(({ item }) => item.id);
      tellDone(
        wordsOfOutcome.delayed(what, duration(minutes), later.length),
        wayBack(back, ids, () => ({
          title: back.label,
          item: null,
          ...inTurn(
            first.item,
            toUndo.map(({ before, now }) => moveOf(now, before)),
          ),
          done: (all) => {
            for (const [at, { before }] of toUndo.entries()) isSameAs(before, all[at] ?? before);
          },
        })),
      );
    },
  });
}

const moveOf = (item: Case, { roomId, start, end }: PlacedCase): Step => ({
  send: (_last, reason) => sendMove(item, versionOf(item), { roomId, start, end }, reason),
  told: () => wordsOfOutcome.moved(nameOfCase(item), placeWords({ roomId, start })),
});
