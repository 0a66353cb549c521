import { mayFrom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { delayCases } from '../../../commands/delay.ts';
import { rippleOf } from '../../../preview/ripple.ts';
import { verdictOf } from '../../../preview/verdict.ts';
import type { Caller } from '../../../preview/verdict.ts';
import type { BoardView } from '../../../stores/board.ts';
import { myScope } from '../../../stores/session.ts';
import { nameOfCase } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { timeOf } from '../../../words/time.ts';
import { asChoice, dot, plainEntry } from '../entry.ts';
import type { Entry, Judgment } from '../entry.ts';
import { blocked, caseLabel, casesFor, whyNoCase, withoutSlots } from './intent.ts';
import type { Intent } from './intent.ts';
import { judgmentOf } from './proposals.ts';

export const delay: Intent = {
  uses: ['rooms', 'about', 'surgeons', 'number', 'clock', 'minutes'],
  read: (phrase, world) => {
    const { view, caller } = world;
    const { minutes, rooms, surgeons } = phrase;
    const waiting = casesFor(world, phrase).filter(
      (item): item is PlacedCase => isPlaced(item) && mayFrom('move', item.state),
    );
    // "or 4 late" names one room or surgeon: delays its first case that has not started, and the cases after it.
    const namesLine = phrase.about.length === 0 && phrase.number === null && phrase.clock === null;
    const isOne = namesLine && rooms.length + surgeons.length === 1;
    const [subject] = isOne ? [...rooms, ...surgeons] : [];
    const [first] = waiting;
    if (!first) {
      const label = words.delays(subject?.name ?? words.aCase, minutes);
      return withoutSlots(blocked('delay', label, whyNoCase(phrase)));
    }
    const entries = (isOne ? [first] : waiting).map((item): Entry => {
      const what = subject?.name ?? caseLabel(view, item);
      const label = words.delays(what, minutes);
      const id = `delay-${item.id}`;
      if (minutes === null) return blocked(id, label, words.needsLength);
      if (myScope('case.schedule') !== 'any') return blocked(id, label, words.notPermitted);
      const later = rippleOf(view, item, minutes);
      return {
        ...plainEntry,
        id,
        label: [label],
        detail: later.map(({ item: was, after }) => laterWords(view, was, after)).join(dot),
        judgment: judgeAll(
          view,
          later.map(({ after }) => after),
          caller,
        ),
        keys: 'Enter',
        changes: true,
        run: () => void delayCases({ what, minutes, later }),
      };
    });
    return withoutSlots(...asChoice(entries));
  },
};

const laterWords = (view: BoardView, was: PlacedCase, after: PlacedCase) => {
  const zone = view.board.site.timeZone;
  return words.later(nameOfCase(was), timeOf(was.start, zone), timeOf(after.start, zone));
};

/** Judges cases that move together. They do not conflict with each other. */
function judgeAll(view: BoardView, placed: readonly PlacedCase[], caller: Caller): Judgment {
  const moving = new Set(placed.map(({ id }) => id));
  const judgments = placed.map((item) => {
    const { obstacles, ...rest } = verdictOf(view, item, caller);
    const others = obstacles.filter(
      (each) =>
        each.kind !== 'taken' || !each.uses.every((use) => use.item !== null && moving.has(use.item.id)),
    );
    return judgmentOf(view, { ...rest, obstacles: others }, caller.me);
  });
  return (
    judgments.find(({ tone }) => tone === 'bad') ??
    judgments.find(({ tone }) => tone === 'doubtful') ?? { tone: 'good', text: words.free }
  );
}
