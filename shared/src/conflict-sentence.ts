import { Load } from './capacity.ts';
import { minuteOf } from './minutes.ts';
import type { Handling, Resource } from './resources.ts';
import { addMinutes } from './time.ts';
import type { TimeRange } from './time.ts';

// One sentence that names the conflict. The console uses it for its preview, the server for its refusal. It has no
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
  /** Equipment whose use by a case does not overlap, but whose handling does. */
  readonly handling?: 'transport' | 'reprocessing' | null | undefined;
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

/** Which part of a claim on equipment is in the way of a request; null: the use itself. */
export function handlingInTheWay(
  use: TimeRange,
  requested: TimeRange,
  { transportMinutes, reprocessMinutes }: Handling,
): OtherUse['handling'] {
  if (addMinutes(use.end, -reprocessMinutes) <= requested.start) return 'reprocessing';
  return addMinutes(use.start, transportMinutes) >= requested.end ? 'transport' : null;
}

/** How to write times: the server adds the day, the console uses the format of its screens. */
type TimeFormat = {
  readonly until: (instant: string) => string;
  /** The end of a hold, which is minutes away. */
  readonly ends: (instant: string) => string;
};

export const retiredSentence = (name: string) => `${name} is retired and can’t be booked`;

export function conflictSentence(conflict: ResourceConflict, format: TimeFormat): string {
  const { kind, name, capacity, quantity } = conflict;
  const uses = conflict.uses.toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const [first] = uses;
  if (!first || quantity > capacity) {
    return `${name}: only ${capacity} in total`;
  }
  if (uses.every(({ closedFor }) => typeof closedFor === 'string')) {
    return `${name} is closed until ${format.until(freeAgain(conflict))}: ${first.closedFor}`;
  }
  if (capacity > 1) return poolSentence(conflict, format);

  if (typeof first.heldBy === 'string' && first.handling !== 'reprocessing') {
    const ends = first.expiresAt ? ` (the hold ends at ${format.ends(first.expiresAt)})` : '';
    return `${name} is held by ${first.heldBy}${ends}`;
  }
  const subject = kind === 'patient' ? 'The patient' : name;
  const isAlike = uses.every(
    ({ title, room, closedFor, handling }) => !title && !room && !closedFor && !handling,
  );
  const listed = isAlike ? [first] : uses.slice(0, 2);
  const rest = uses.length - listed.length;
  const last = uses.reduce((latest, { end }) => (end > latest ? end : latest), '');
  const lines = listed.map((use) => useWords(kind, use, untilOf(conflict, isAlike ? last : use.end, format)));
  const more = isAlike || rest === 0 ? '' : `, and ${rest} more ${untilOf(conflict, last, format)}`;
  return `${subject} ${lines.join(', and ')}${more}`;
}

/** The words for one use. */
function useWords(
  kind: ResourceConflict['kind'],
  { title, room, closedFor, handling }: OtherUse,
  until: string,
): string {
  if (closedFor) return `is closed ${until}: ${closedFor}`;
  if (handling === 'reprocessing') return `is being reprocessed ${until}`;
  if (handling === 'transport')
    return `is on its way to ${room ?? 'another case'} and in use ${until}${title ? `: ${title}` : ''}`;
  if (kind === 'room' || kind === 'bed' || kind === 'list') {
    return `is taken${title ? ` by ${title}` : ''} ${until}`;
  }
  const detail = title ? `: ${title}` : '';
  if (room) return `is in ${room} ${until}${detail}`;
  if (kind === 'patient') return `has another case ${until}${detail}`;
  return `is ${kind === 'surgeon' ? 'busy' : 'in use'} ${until}${detail}`;
}

function poolSentence(conflict: ResourceConflict, format: TimeFormat): string {
  const { kind, name, capacity, quantity } = conflict;
  const until = untilOf(conflict, freeAgain(conflict), format);
  if (kind === 'list') return `${name}: all ${capacity} places are taken`;
  if (kind === 'bed') return `${name}: all ${capacity} beds are taken ${until}`;
  const left = capacity - loadOf(conflict).peak({ start: -Infinity, end: Infinity });
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

/** Finds when the requested quantity is free again, judged by the known uses. */
function freeAgain(conflict: ResourceConflict): string {
  const ends = conflict.uses.map(({ end }) => end).toSorted();
  const [, next] = loadOf(conflict).gaps(conflict.quantity);
  return ends.find((end) => minuteOf(end) === next?.start) ?? ends.at(-1) ?? '';
}
