import type { Case } from '@slate/shared/cases';
import { firstEndingAfter, minuteOf, snapDown, snapUp } from '@slate/shared/minutes';
import type { Range, Starts } from '@slate/shared/minutes';
import type { Resource } from '@slate/shared/resources';
import { ownsBlock } from '@slate/shared/rules';
import { isReleased } from '@slate/shared/sites';
import type { Block } from '@slate/shared/sites';
import type { Calendar } from './calendar.ts';

/**
 * How a case would fit at a start. `own`: all of it is in blocks of its service or surgeon; `other`: any of it is in
 * another block or in a list; otherwise `open`. `cautions`: the number of cautions from `cautionsOf`.
 */
export type Fit = { readonly block: 'own' | 'open' | 'other'; readonly cautions: number };

type Stretch = Range & {
  /** A block of the case's own service or surgeon, released or not: running past its end is a caution. */
  readonly own: boolean;
  /** The owner of a block that is not released; null: released. */
  readonly reservedFor: 'own' | 'other' | null;
};

/** The rules of `rules.ts` for one case in one room, in numbers: fast enough to evaluate every start. */
export class RoomTime {
  readonly #minutes: number;
  readonly #stretches: readonly Stretch[];
  /** The room's opening hours, in order and merged; null: always open. */
  readonly #open: readonly Range[] | null;
  readonly #perForeignBlock: 0 | 1;
  readonly #turns: readonly number[];

  constructor(
    room: Resource,
    blocks: readonly Block[],
    item: Pick<Case, 'service' | 'surgeonId' | 'minutes'>,
    now: string,
    calendar: Calendar,
  ) {
    this.#minutes = item.minutes;
    this.#open = openHours(room, calendar);
    this.#stretches = blocks
      .map((block) => {
        const own = block.listId === null && ownsBlock(block, item);
        const reservedFor = isReleased(block, now) ? null : own ? ('own' as const) : ('other' as const);
        return { start: minuteOf(block.start), end: minuteOf(block.end), own, reservedFor };
      })
      .toSorted((a, b) => a.start - b.start);
    // Without service and surgeon, no block is the wrong one.
    this.#perForeignBlock = item.service === null && item.surgeonId === null ? 0 : 1;
    this.#turns = this.#turningPoints();
  }

  fitAt(start: number): Fit {
    const end = start + this.#minutes;
    let cautions = this.#isOpen({ start, end }) ? 0 : 1;
    let ownUntil = start;
    let foreign = false;
    for (let at = firstEndingAfter(this.#stretches, start); at < this.#stretches.length; at++) {
      const stretch = this.#stretches[at] as Stretch;
      if (stretch.start >= end) break;
      if (stretch.own && stretch.start <= start && stretch.end < end) cautions++;
      if (stretch.reservedFor === 'own' && stretch.start <= ownUntil) ownUntil = stretch.end;
      if (stretch.reservedFor === 'other') {
        foreign = true;
        cautions += this.#perForeignBlock;
      }
    }
    return { block: foreign ? 'other' : ownUntil >= end ? 'own' : 'open', cautions };
  }

  /** Cuts the starts where the fit changes. */
  cut({ first, last }: Starts): (Starts & Fit)[] {
    const begins = [first, ...this.#turns.filter((turn) => first < turn && turn <= last)];
    const pieces: { first: number; last: number; block: Fit['block']; cautions: number }[] = [];
    for (const begin of begins) {
      const fit = this.fitAt(begin);
      const piece = pieces.at(-1);
      if (piece?.block === fit.block && piece.cautions === fit.cautions) continue;
      if (piece) piece.last = snapDown(begin - 1);
      pieces.push({ first: begin, last, ...fit });
    }
    return pieces;
  }

  /** The starts at which the case reaches or passes an edge; the fit is constant between them. */
  #turningPoints(): number[] {
    const edges = [...this.#stretches, ...(this.#open ?? [])].flatMap(({ start, end }) => [start, end]);
    const turns = edges.flatMap((edge) => [snapUp(edge - this.#minutes + 1), snapUp(edge)]);
    return [...new Set(turns)].toSorted((a, b) => a - b);
  }

  #isOpen({ start, end }: Range): boolean {
    if (!this.#open) return true;
    const hours = this.#open[firstEndingAfter(this.#open, start)];
    return hours !== undefined && hours.start <= start && end <= hours.end;
  }
}

function openHours(room: Resource, calendar: Calendar): Range[] | null {
  const { hours } = room.attributes;
  if (!hours?.length) return null;
  const all = calendar.around.flatMap(({ date, weekday }) =>
    hours
      .filter(({ days }) => days.includes(weekday))
      .map(({ open, close }) => ({ start: calendar.at(date, open), end: calendar.at(date, close) })),
  );
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of all.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
