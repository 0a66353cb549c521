import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { covers, resolvePlanned } from '@slate/shared/time';
import { verdictOf } from '../../../preview/verdict.ts';
import type { Caller } from '../../../preview/verdict.ts';
import { nameIn } from '../../../stores/board.ts';
import type { BoardView } from '../../../stores/board.ts';
import { nameOfCase } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { matchingCases, namesCase, shownClock } from '../entries.ts';
import type { WhichCase } from '../entries.ts';
import { plainEntry } from '../entry.ts';
import type { Entry, Judgment } from '../entry.ts';
import type { Part, Phrase } from '../phrase/phrase.ts';
import { judgmentOf } from './proposals.ts';
import type { Here, Proposal } from './proposals.ts';

/** The board, and the person's place on it. */
export type World = {
  readonly view: BoardView;
  readonly here: Here | null;
  /** The case under the cursor, or the selected one. */
  readonly current: Case | null;
  readonly caller: Caller;
};

/** The entries for a phrase, and the proposal to search free slots for, if any. */
export type Reading = { readonly entries: readonly Entry[]; readonly slotsFor: Proposal | null };

export type Intent = {
  /** The parts of a phrase that it uses. Other typed parts are reported as not understood. */
  readonly uses: readonly Part[];
  /** Words for a procedure that is not in the catalog are reported as not understood. */
  readonly needsProcedure?: true;
  /** Uses the remaining words as the reason. */
  readonly takesReason?: true;
  readonly read: (phrase: Phrase, world: World) => Reading;
};

export const withoutSlots = (...entries: readonly Entry[]): Reading => ({ entries, slotsFor: null });

/** Returns an entry that cannot run: understood, but something is missing or in the way. */
export const blocked = (id: string, label: string, why: string): Entry => ({
  ...plainEntry,
  id,
  label: [label],
  detail: why,
  run: null,
});

/** Returns `Thyroidectomy (Main OR 3 13:00)`. */
export const caseLabel = (view: BoardView, item: Case) =>
  isPlaced(item) && item.state !== 'depot'
    ? words.caseAt(nameOfCase(item), nameIn(view, item.roomId), shownClock(view, item))
    : words.caseWaiting(nameOfCase(item));

/** The parts of a phrase that can name a case. */
export const caseParts: readonly Part[] = ['about', 'surgeons', 'rooms', 'clock', 'number'];

/** Returns the cases that the phrase names; the current one if it names none. */
export const casesFor = ({ view, current }: World, which: WhichCase): readonly Case[] =>
  namesCase(which) ? matchingCases(view, which) : current ? [current] : [];

export const whyNoCase = (which: WhichCase) => (namesCase(which) ? words.noSuchCase : words.needsCase);

/** Returns the instant of a local time; null if the clocks skip it. */
export function instantOn(date: string, time: string, zone: string): string | null {
  const resolved = resolvePlanned(`${date}T${time}`, zone);
  if (resolved.kind === 'impossible') return null;
  return new Date(resolved.kind === 'instant' ? resolved.at : resolved.earlier).toISOString();
}

export const judgePlaced = (view: BoardView, item: PlacedCase, caller: Caller): Judgment =>
  covers(view.board.range, item)
    ? judgmentOf(view, verdictOf(view, item, caller), caller.me)
    : { tone: 'unknown', text: words.otherDay };
