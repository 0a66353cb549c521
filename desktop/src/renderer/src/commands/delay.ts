import type { Case, PlacedCase } from '@slate/shared/cases';
import type { DelayedCase } from '../preview/ripple.ts';
import { pendingOf } from '../stores/intents.ts';
import { treatAsSame, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { placedBefore } from './move.ts';
import { toastDone } from './outcome-toasts.ts';
import { send, undoBy, withReason } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

/** Moves cases to a later start, all or none. `what` is the room, the surgeon or the case that is late. */
export function delayCases(what: string, minutes: number, later: readonly DelayedCase[]): Promise<void> {
  const [first] = later;
  if (!first) return Promise.resolve();
  return send({
    command: 'moveCases',
    title: titles.delay(what, duration(minutes)),
    item: first.item,
    input: (reason) => movesOf(later.map(({ item, after }) => ({ item, to: after, reason }))),
    pending: later.map(({ after }) => pendingOf(after)),
    placed: later.map(({ after }) => after),
    undo: ({ cases: moved }) => {
      const back = undoWords.delayed(what);
      const steps = later.map(({ item }, index) => {
        const after = moved[index] ?? item;
        return { before: placedBefore(item, after), after };
      });
      return undoBy(
        back,
        later.map(({ item }) => item.id),
        () => ({
          command: 'moveCases',
          title: back.label,
          item: moved[0] ?? null,
          pending: steps.map(({ before }) => pendingOf(before)),
          input: (reason) =>
            movesOf(
              steps.map(({ before, after }) => ({
                item: after,
                to: before,
                reason: reason ?? before.overrideReason ?? undefined,
              })),
            ),
          undo: ({ cases: now }) => {
            for (const [index, { before }] of steps.entries()) treatAsSame(before, now[index] ?? before);
            return null;
          },
        }),
      );
    },
    done: (_reply, undo) => toastDone(wordsOfOutcome.delayed(what, duration(minutes), later.length), undo),
  });
}

type Move = { item: Case; to: PlacedCase; reason: string | undefined };

const movesOf = (moves: readonly Move[]) => ({
  body: {
    moves: moves.map(({ item, to: { roomId, start, minutes }, reason }) => ({
      caseId: item.id,
      version: versionOf(item),
      roomId,
      start,
      minutes,
      ...withReason(reason),
    })),
  },
});
