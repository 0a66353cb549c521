import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Later } from '../preview/ripple.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { sendMove } from './move.ts';
import { perform } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/**
 * Cases begin later. The last moves first, so that none is in another's way; what is done stays done when a later one
 * is refused. `what` is the room, the surgeon or the case that is late.
 */
export function delayCases(what: string, minutes: number, later: readonly Later[]): Promise<void> {
  const title = deed.delay(what, duration(minutes));
  const toDo = later.toReversed().map(({ item, after }) => ({ item, from: item, to: after }));
  return perform({
    title,
    item: later[0]?.item ?? null,
    send: inTurn(toDo),
    placed: later.map(({ after }) => after),
    done: (moved) => {
      const back = backWords.delayed(what);
      const toUndo = moved.toReversed().map(({ from, to, after }) => ({ item: after, from: to, to: from }));
      const ids = later.map(({ item }) => item.id);
      tellDone(
        wordsOfOutcome.delayed(what, duration(minutes), later.length),
        wayBack(back, ids, () => ({
          title: back.label,
          item: null,
          send: inTurn(toUndo),
          done: (all) => {
            for (const { to, after } of all) isSameAs(to, after);
          },
        })),
      );
    },
  });
}

type Step = { item: Case; from: PlacedCase; to: PlacedCase };

/** Asked again with a reason, it goes on where it stopped. */
function inTurn(steps: readonly Step[]) {
  const left = [...steps];
  const moved: (Step & { after: Case })[] = [];
  return async (reason: string | undefined) => {
    for (let step = left[0]; step; step = left[0]) {
      const { item, to } = step;
      const { roomId, start, end } = to;
      const outcome = await sendMove(item, versionOf(item), { roomId, start, end }, reason);
      if (outcome.kind !== 'done') return outcome;
      moved.push({ ...step, after: outcome.reply.case });
      left.shift();
    }
    return { kind: 'done', reply: moved } as const;
  };
}
