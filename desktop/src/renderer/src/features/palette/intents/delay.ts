import { mayFrom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { delayCases } from '../../../commands/delay.ts';
import { rippleOf } from '../../../preview/ripple.ts';
import { verdictOf } from '../../../preview/verdict.ts';
import type { Asker } from '../../../preview/verdict.ts';
import type { BoardView } from '../../../stores/board.ts';
import { myScope } from '../../../stores/session.ts';
import { nameOfCase } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { timeOf } from '../../../words/time.ts';
import { askWhich, dot, plainEntry } from '../entry.ts';
import type { Entry, Judgement } from '../entry.ts';
import { blocked, caseLabel, casesFor, whyNoCase, withoutSlots } from './intent.ts';
import type { Intent } from './intent.ts';
import { judgementOf } from './proposals.ts';

export const delay: Intent = {
  uses: ['rooms', 'about', 'surgeons', 'number', 'clock', 'minutes'],
  read: (phrase, world) => {
    const { view, asker } = world;
    const { minutes, rooms, surgeons } = phrase;
    const waiting = casesFor(world, phrase).filter(
      (item): item is PlacedCase => isPlaced(item) && mayFrom('move', item.state),
    );
    // "Or 4 late": one room or surgeon, so the first case that waits there, and what comes after it.
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
      if (myScope('case.schedule') !== 'any') return blocked(id, label, words.mayNot);
      const later = rippleOf(view, item, minutes);
      return {
        ...plainEntry,
        id,
        label: [label],
        detail: later.map(({ item: was, after }) => laterWords(view, was, after)).join(dot),
        judgement: judgeAll(
          view,
          later.map(({ after }) => after),
          asker,
        ),
        keys: 'Enter',
        changes: true,
        run: () => void delayCases(what, minutes, later),
      };
    });
    return withoutSlots(...askWhich(entries));
  },
};

const laterWords = (view: BoardView, was: PlacedCase, after: PlacedCase) => {
  const zone = view.board.site.timeZone;
  return words.later(nameOfCase(was), timeOf(was.start, zone), timeOf(after.start, zone));
};

/** Cases that move together do not conflict with each other. */
function judgeAll(view: BoardView, placed: readonly PlacedCase[], asker: Asker): Judgement {
  const moving = new Set(placed.map(({ id }) => id));
  const judgements = placed.map((item) => {
    const { obstacles, ...rest } = verdictOf(view, item, asker);
    const others = obstacles.filter(
      (each) =>
        each.kind !== 'taken' || !each.uses.every((use) => use.item !== null && moving.has(use.item.id)),
    );
    return judgementOf(view, { ...rest, obstacles: others }, asker.me);
  });
  return (
    judgements.find(({ tone }) => tone === 'bad') ??
    judgements.find(({ tone }) => tone === 'doubtful') ?? { tone: 'good', text: words.free }
  );
}
