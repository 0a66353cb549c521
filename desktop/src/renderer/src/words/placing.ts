import { rangeOf, timeOf } from './time.ts';

type Use = {
  end: string;
  item: { title: string | null; number: number; state: string; holder: { name: string } | null } | null;
  closure: { reason: string } | null;
};
type Obstacle =
  | { kind: 'taken'; resourceId: string; capacity: number; uses: readonly Use[] }
  | { kind: 'retired'; resourceId: string }
  | { kind: 'patient'; item: { title: string | null; roomId: string | null; end: string | null } }
  | { kind: 'rule'; sentence: string };
type Named = (resourceId: string | null) => string;

/** What is in the way, as short as it can be said beside a moving card. */
export function obstacleWords(obstacle: Obstacle, roomId: string, nameOf: Named, zone: string): string {
  if (obstacle.kind === 'rule') return obstacle.sentence;
  if (obstacle.kind === 'retired') return `${nameOf(obstacle.resourceId)} is retired`;
  if (obstacle.kind === 'taken') return takenWords(obstacle, roomId, nameOf, zone);
  const { item } = obstacle;
  const until = item.end === null ? '' : ` until ${timeOf(item.end, zone)}`;
  return `The patient is in ${nameOf(item.roomId)}${until}`;
}

function takenWords(
  { resourceId, capacity, uses }: Extract<Obstacle, { kind: 'taken' }>,
  roomId: string,
  nameOf: Named,
  zone: string,
): string {
  const name = nameOf(resourceId);
  const closed = uses.find(({ closure }) => closure !== null);
  const last = uses.reduce((latest, { end }) => (end > latest ? end : latest), '');
  const until = last === '' ? '' : ` until ${timeOf(last, zone)}`;
  if (closed?.closure && uses.length === 1) return `${name} is closed${until}: ${closed.closure.reason}`;
  if (capacity > 1) return `All ${capacity} of ${name} are in use${until}`;
  const [by] = uses;
  const what = by?.item?.title ?? null;
  if (by?.item?.state === 'held' && by.item.holder)
    return `${name} is held by ${by.item.holder.name}${until}`;
  if (resourceId === roomId) return `${name} is taken${what === null ? '' : ` by ${what}`}${until}`;
  return `${name} is elsewhere${until}${what === null ? '' : `: ${what}`}`;
}

const ended = (sentence: string) => (sentence.endsWith('.') ? sentence : `${sentence}.`);

export const placingWords = {
  /** 12:30–13:15 OR 9 */
  where: (start: string, end: string, room: string, zone: string) => `${rangeOf(start, end, zone)} ${room}`,
  free: '✓ free',
  taken: (obstacle: string) => `✕ ${obstacle}`,
  caution: (sentence: string) => `! ${sentence}`,
  lacks: (needs: readonly string[]) => `No ${needs.join(', no ')}`,
  /** Dropped where it cannot stand. */
  refused: (what: string, obstacle: string) => `${what} stays where it is. ${ended(obstacle)}`,
  notHeld: (obstacle: string) => `Nothing was held. ${ended(obstacle)}`,
};
