import type { Case, PlacedCase } from '@slate/shared/cases';
import type { GivenReason } from '@slate/shared/reasons';
import type { DelayedCase } from '../preview/ripple.ts';
import { openDialog } from '../stores/dialogs.ts';
import { pendingOf } from '../stores/intents.ts';
import { treatAsSame, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { placedBefore } from './move.ts';
import { toastDone } from './outcome-toasts.ts';
import { overrideOf, send, undoBy, withReason } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

type Delay = {
  /** The room, the surgeon or the case that is late. */
  readonly what: string;
  readonly minutes: number;
  readonly later: readonly DelayedCase[];
};

/** Moves cases to a later start, all or none. Asks for the reason first; null: the person gave none. */
export function delayCases(delay: Delay, why?: GivenReason | null): Promise<void> {
  const { what, minutes, later } = delay;
  const [first] = later;
  if (!first) return Promise.resolve();
  const title = titles.delay(what, duration(minutes));
  if (why === undefined) {
    openDialog({
      kind: 'reason',
      for: 'delay',
      title,
      caseId: first.item.id,
      cautions: [],
      placed: later.map(({ after }) => after),
      submit: (given) => void delayCases(delay, given),
      skip: () => void delayCases(delay, null),
    });
    return Promise.resolve();
  }
  return send({
    command: 'moveCases',
    title,
    item: first.item,
    input: (reason) =>
      movesOf(
        later.map(({ item, after }) => ({ item, to: after, reason })),
        why,
      ),
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
                reason: reason ?? overrideOf(before) ?? undefined,
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

type Move = { item: Case; to: PlacedCase; reason: GivenReason | undefined };

const movesOf = (moves: readonly Move[], why: GivenReason | null = null) => ({
  body: {
    ...(why && { delayReason: why.text, ...(why.code !== null && { delayReasonCode: why.code }) }),
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
