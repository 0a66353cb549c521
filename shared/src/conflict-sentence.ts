import { Load } from './capacity.ts';
import { minuteOf } from './minutes.ts';
import type { Resource } from './resources.ts';
import type { TimeRange } from './time.ts';

// What stands in the way, in one sentence: the same before a case is let go, where the console foresees it, and
// after, where the server says it. Without a full stop: it also stands beside a moving card.

/** One use of what is wanted, as far as may be known whose it is. */
export type OtherUse = TimeRange & {
  readonly quantity: number;
  readonly title?: string | null | undefined;
  /** The room it is in, where that is not what is wanted. */
  readonly room?: string | null | undefined;
  /** Of a hold: whose, and when it ends by itself. */
  readonly heldBy?: string | null | undefined;
  readonly expiresAt?: string | null | undefined;
  /** Its times must not be format. */
  readonly hidesTimes?: boolean;
  /** Of a closure: why. */
  readonly closedFor?: string | null | undefined;
};

export type ResourceConflict = {
  readonly kind: Resource['kind'] | 'patient';
  readonly name: string;
  readonly capacity: number;
  /** How much of it is wanted. */
  readonly quantity: number;
  /** In any order. None: more is wanted than there is. */
  readonly uses: readonly OtherUse[];
};

/** How times are format: by the server with their day, by the console as people there read them. */
type TimeFormat = {
  readonly until: (instant: string) => string;
  /** The end of a hold, which is minutes away. */
  readonly ends: (instant: string) => string;
};

export const retiredSentence = (name: string) => `${name} is retired and can’t be booked`;

export function conflictSentence(wanted: ResourceConflict, format: TimeFormat): string {
  const { kind, name, capacity, quantity } = wanted;
  const uses = wanted.uses.toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const [first] = uses;
  if (!first || quantity > capacity) {
    return `${name}: only ${capacity} in total`;
  }
  if (uses.every(({ closedFor }) => typeof closedFor === 'string')) {
    return `${name} is closed until ${format.until(freeAgain(wanted))}: ${first.closedFor}`;
  }
  if (capacity > 1) return poolSentence(wanted, format);

  if (typeof first.heldBy === 'string') {
    const ends = first.expiresAt ? ` (the hold ends at ${format.ends(first.expiresAt)})` : '';
    return `${name} is held by ${first.heldBy}${ends}`;
  }
  const of = kind === 'patient' ? 'The patient' : name;
  const isAlike = uses.every(({ title, room, closedFor }) => !title && !room && !closedFor);
  const said = isAlike ? [first] : uses.slice(0, 2);
  const rest = uses.length - said.length;
  const last = uses.reduce((latest, { end }) => (end > latest ? end : latest), '');
  const lines = said.map((use) => useWords(kind, use, untilOf(wanted, isAlike ? last : use.end, format)));
  const more = isAlike || rest === 0 ? '' : `, and ${rest} more ${untilOf(wanted, last, format)}`;
  return `${of} ${lines.join(', and ')}${more}`;
}

/** Each use with the end that is its own. */
function useWords(
  kind: ResourceConflict['kind'],
  { title, room, closedFor }: OtherUse,
  until: string,
): string {
  if (closedFor) return `is closed ${until}: ${closedFor}`;
  if (kind === 'room' || kind === 'bed' || kind === 'list') {
    return `is taken${title ? ` by ${title}` : ''} ${until}`;
  }
  const what = title ? `: ${title}` : '';
  if (room) return `is in ${room} ${until}${what}`;
  if (kind === 'patient') return `has another case ${until}${what}`;
  return `is ${kind === 'surgeon' ? 'busy' : 'in use'} ${until}${what}`;
}

function poolSentence(wanted: ResourceConflict, format: TimeFormat): string {
  const { kind, name, capacity, quantity } = wanted;
  const until = untilOf(wanted, freeAgain(wanted), format);
  if (kind === 'list') return `${name}: all ${capacity} places are taken`;
  if (kind === 'bed') return `${name}: all ${capacity} beds are taken ${until}`;
  const left = capacity - loadOf(wanted).peak({ start: -Infinity, end: Infinity });
  return left > 0 && quantity > 1
    ? `${name}: only ${left} of ${capacity} free ${until}`
    : `${name}: all ${capacity} in use ${until}`;
}

const untilOf = ({ uses }: ResourceConflict, end: string, format: TimeFormat) =>
  uses.some(({ hidesTimes }) => hidesTimes) ? 'at this time' : `until ${format.until(end)}`;

const loadOf = ({ capacity, uses }: ResourceConflict) =>
  new Load(
    capacity,
    uses.map(({ start, end, quantity }) => ({ start: minuteOf(start), end: minuteOf(end), quantity })),
  );

/** When so much is free again, as far as those in the way tell. */
function freeAgain(wanted: ResourceConflict): string {
  const ends = wanted.uses.map(({ end }) => end).toSorted();
  const [, next] = loadOf(wanted).gaps(wanted.quantity);
  return ends.find((end) => minuteOf(end) === next?.start) ?? ends.at(-1) ?? '';
}
