import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { CaseState } from '@slate/shared/case-state';
import type { BoardView } from '../../../stores/board.ts';
import { nameOfCase } from '../../../words/cases.ts';
import { timeOf } from '../../../words/time.ts';
import { fitsAll } from './names.ts';
import type { Phrase } from './phrase.ts';

export type WhichCase = Pick<Phrase, 'about' | 'surgeons' | 'rooms' | 'clock' | 'number' | 'rest'>;

const over: readonly CaseState[] = ['completed', 'expired', 'released', 'cancelled', 'voided'];

/** Also with words that nobody knows: then it is not the one at hand. */
export const saysWhich = (which: WhichCase) => which.rest.length > 0 || isKnown(which);

const isKnown = ({ about, surgeons, rooms, clock, number }: WhichCase) =>
  about.length > 0 || surgeons.length > 0 || rooms.length > 0 || clock !== null || number !== null;

/** The cases that a phrase may mean, in order of time; those of the depot come last. */
export function casesSaid(view: BoardView, which: WhichCase): Case[] {
  const { about, surgeons, rooms, clock, number } = which;
  if (!isKnown(which)) return [];
  const isNamed = (all: readonly { id: string }[], id: string | null) =>
    all.length === 0 || all.some((each) => each.id === id);
  const isAt = (item: Case, time: string) =>
    isPlaced(item) && timeOf(item.start, view.board.site.timeZone) === time;
  return [...view.cases.values()]
    .filter(
      (item) =>
        !over.includes(item.state) &&
        (number === null || item.number === number) &&
        isNamed(surgeons, item.surgeonId) &&
        isNamed(rooms, item.roomId) &&
        (clock === null || isAt(item, clock.time) || (clock.other !== null && isAt(item, clock.other))) &&
        fitsAll(about, nameOfCase(item)),
    )
    .toSorted((a, b) => ((a.start ?? '~') < (b.start ?? '~') ? -1 : 1));
}
