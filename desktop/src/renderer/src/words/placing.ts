import type { Case, Claim, PlacedCase } from '@slate/shared/cases';
import { conflictSentence, retiredSentence } from '@slate/shared/conflict-sentence';
import type { OtherUse } from '@slate/shared/conflict-sentence';
import type { ResourceKind } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';
import type { TimeRange } from '@slate/shared/time';
import { boardWords } from './board.ts';
import { dayOf, minutesShort, rangeOf, timeWithSeconds, untilOf } from './time.ts';

/** A claim of a resource, and its owner as far as this console may see it. */
export type Use = Claim & {
  /** Null if the console only knows that the time is taken. */
  readonly item: Case | null;
  readonly closure: Closure | null;
  readonly busyId: string | null;
  /** In a conflict: whether only the handling of equipment is in the way. */
  readonly handling?: OtherUse['handling'];
};

/** Why a place is not available: a conflict, or a rule that no reason overrides. */
export type Obstacle =
  /** These uses leave too little of the resource. */
  | {
      kind: 'taken';
      of: ResourceKind;
      resourceId: string;
      capacity: number;
      quantity: number;
      uses: readonly Use[];
    }
  | { kind: 'retired'; resourceId: string }
  /** The patient is in another room at that time. */
  | { kind: 'patient'; item: PlacedCase }
  | { kind: 'rule'; sentence: string };

type NameOf = (resourceId: string | null) => string;

/** Describes an obstacle in the words of the server’s refusal. */
export function obstacleWords(obstacle: Obstacle, nameOf: NameOf, zone: string, me: string | null): string {
  if (obstacle.kind === 'rule') return obstacle.sentence;
  if (obstacle.kind === 'retired') return retiredSentence(nameOf(obstacle.resourceId));
  const timeWords = (from: string) => ({
    until: untilOf(from, zone),
    ends: (at: string) => timeWithSeconds(at, zone),
  });
  if (obstacle.kind === 'patient') {
    const { item } = obstacle;
    const uses = [{ ...item, quantity: 1, room: nameOf(item.roomId) }];
    return conflictSentence(
      { kind: 'patient', name: '', capacity: 1, quantity: 1, uses },
      timeWords(item.start),
    );
  }
  const { of, resourceId, capacity, quantity } = obstacle;
  const uses = obstacle.uses.map(({ start, end, quantity: used, item, closure, handling }): OtherUse => {
    const isHeld = item?.state === 'held';
    return {
      start,
      end,
      quantity: used,
      handling,
      title: item?.title,
      room: item && item.roomId !== resourceId ? nameOf(item.roomId) : null,
      heldBy: isHeld ? (item.holder?.id === me ? boardWords.byYou : item.holder?.name) : null,
      expiresAt: isHeld ? item.expiresAt : null,
      closedFor: closure?.reason,
    };
  });
  const latest = uses.reduce((last, { start }) => (start > last ? start : last), '');
  return conflictSentence(
    { kind: of, name: nameOf(resourceId), capacity, quantity, uses },
    timeWords(latest),
  );
}

export const sentenceOf = (text: string) => (text.endsWith('.') ? text : `${text}.`);

export const placingWords = {
  /** `12:30–13:15 OR 9`; with the day in the week view. */
  where: ({ start, end }: TimeRange, room: string, zone: string, isWeek: boolean) =>
    `${isWeek ? `${dayOf(start, zone)}, ` : ''}${rangeOf(start, end, zone)} ${room}`,
  /** While the length is changing. */
  length: (minutes: number) => ` · ${minutesShort(minutes)}`,
  free: '✓ free',
  taken: (obstacle: string) => `✕ ${obstacle}`,
  cautions: ([first, ...more]: readonly string[]) =>
    `! ${first}${more.length > 0 ? ` And ${more.length} more.` : ''}`,
  /** Another case is late, or delayed by one: it is not free although nobody has booked it. */
  waits: (what: string, room: string, until: string, shared: string | null) =>
    shared === null
      ? `${what} is expected in ${room} until about ${until}.`
      : `${shared} is expected to be with ${what} in ${room} until about ${until}.`,
  lacks: (needs: readonly string[]) => `✕ ${needs.join(', ')}`,
  /** The state of the case no longer allows it. */
  overtaken: (state: string) => `It is ${state} now`,
  /** Dropped at a place that is not available. */
  refused: (what: string, obstacle: string) => `${what} stays where it is. ${sentenceOf(obstacle)}`,
  notHeld: (obstacle: string) => `Couldn’t hold this time. ${sentenceOf(obstacle)}`,
};
