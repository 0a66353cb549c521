import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Later } from '../preview/ripple.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { command } from './command.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/** Cases begin later: all of them, or none. `what` is the room, the surgeon or the case that is late. */
export function delayCases(what: string, minutes: number, later: readonly Later[]): Promise<void> {
  const [first] = later;
  if (!first) return Promise.resolve();
  return perform({
    title: deed.delay(what, duration(minutes)),
    item: first.item,
    send: (reason) => sendMoves(later.map(({ item, after }) => ({ item, to: after, reason }))),
    placed: later.map(({ after }) => after),
    done: ({ cases: moved }) => {
      const back = backWords.delayed(what);
      const steps = later.map(({ item }, index) => ({ before: item, after: moved[index] ?? item }));
      tellDone(
        wordsOfOutcome.delayed(what, duration(minutes), later.length),
        wayBack(
          back,
          later.map(({ item }) => item.id),
          () => ({
            title: back.label,
            item: null,
            send: (reason) =>
              sendMoves(
                steps.map(({ before, after }) => ({
                  item: after,
                  to: before,
                  reason: reason ?? before.overrideReason ?? undefined,
                })),
              ),
            done: ({ cases: now }) => {
              for (const [index, { before }] of steps.entries()) isSameAs(before, now[index] ?? before);
            },
          }),
        ),
      );
    },
  });
}

type Move = { item: Case; to: PlacedCase; reason: string | undefined };

const sendMoves = (moves: readonly Move[]) =>
  command(
    'moveCases',
    {
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
    },
    { caseId: moves[0]?.item.id ?? null },
  );
