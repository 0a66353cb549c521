import { Load } from './capacity.ts';
import { minuteOf } from './minutes.ts';
import type { Resource } from './resources.ts';
import type { TimeRange } from './time.ts';

// One sentence that says what is in the way. The console uses it for its preview, the server for its refusal. It has no
// period, because it also appears next to a card that is being dragged.

/** Another use of the resource. A field that the reader may not see is missing. */
export type OtherUse = TimeRange & {
  readonly quantity: number;
  readonly title?: string | null | undefined;
  /** The room of the other use, unless the room itself is in conflict. */
  readonly room?: string | null | undefined;
  /** For a hold: the holder, and when it expires. */
  readonly heldBy?: string | null | undefined;
  readonly expiresAt?: string | null | undefined;
  /** The reader may not learn its times. */
  readonly hidesTimes?: boolean;
  /** For a closure: its reason. */
  readonly closedFor?: string | null | undefined;
};

export type ResourceConflict = {
  readonly kind: Resource['kind'] | 'patient';
  readonly name: string;
  readonly capacity: number;
  /** The requested quantity. */
  readonly quantity: number;
  /** In any order. Empty: the request exceeds the capacity. */
  readonly uses: readonly OtherUse[];
};

/** How to write times: the server adds the day, the console uses the format of its screens. */
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

/** Each use with its own end. */
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

/** When the requested quantity is free again, judged by the known uses. */
function freeAgain(wanted: ResourceConflict): string {
  const ends = wanted.uses.map(({ end }) => end).toSorted();
  const [, next] = loadOf(wanted).gaps(wanted.quantity);
  return ends.find((end) => minuteOf(end) === next?.start) ?? ends.at(-1) ?? '';
}
