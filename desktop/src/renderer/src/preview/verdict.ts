import { Load } from '@slate/shared/capacity';
import { claimsWithHandling, isPlaced, patientStay } from '@slate/shared/cases';
import type { Case, Claim, PlacedCase } from '@slate/shared/cases';
import { handlingInTheWay } from '@slate/shared/conflict-sentence';
import { handlingOf } from '@slate/shared/resources';
import { minuteOf } from '@slate/shared/minutes';
import { cautionsOf, foreignBlocks, impossibleTime, othersBlock } from '@slate/shared/rules';
import { overlaps } from '@slate/shared/time';
import { nameIn } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { nameOfCase } from '../words/cases.ts';
import { placingWords } from '../words/placing.ts';
import type { Obstacle } from '../words/placing.ts';
import { timeOf } from '../words/time.ts';
import { usesOf } from './claims.ts';
import { waitsAt } from './collisions.ts';

export type Verdict = {
  readonly obstacles: readonly Obstacle[];
  /** Rules that need a reason, in the server's words, and the cases that it would wait for. */
  readonly cautions: readonly string[];
  /** The ids of the conflicting cases, in any room. */
  readonly inTheWay: readonly string[];
};

export type Caller = {
  readonly me: string | null;
  /** The server's clock. */
  readonly now: string;
  /** An office may never book into another service's block. */
  readonly isOffice: boolean;
};

/**
 * Predicts the server's answer to this case at its place, as far as the board shows. Usually the console
 * does not send a command that has an obstacle. Without one, the server may still refuse it.
 */
export function verdictOf(view: BoardView, item: PlacedCase, caller: Caller): Verdict {
  const { now } = caller;
  const { site, procedures, blocks } = view.board;
  const zone = site.timeZone;
  const room = view.resources.get(item.roomId);
  const obstacles = obstaclesOf(view, item, caller);
  const around = blocks.filter((block) => block.roomId === item.roomId);
  const procedure = procedures.find(({ id }) => id === item.procedureId) ?? null;
  const cautions = room
    ? cautionsOf(item, { room, procedure, blocks: around, settings: site.settings, zone, now })
    : [];
  const waits = waitsAt(view, item, now).map(({ running, resourceId, until }) =>
    placingWords.waits(
      nameOfCase(running),
      nameIn(view, running.roomId),
      timeOf(until, zone),
      resourceId === item.roomId ? null : nameIn(view, resourceId),
    ),
  );
  const inTheWay = obstacles.flatMap((obstacle) => {
    if (obstacle.kind === 'patient') return [obstacle.item.id];
    if (obstacle.kind !== 'taken') return [];
    return obstacle.uses.flatMap(({ item: other, busyId }) => other?.id ?? busyId ?? []);
  });
  return { obstacles, cautions: [...cautions, ...waits], inTheWay: [...new Set(inTheWay)] };
}

/** Returns the obstacles alone. This costs much less than the whole verdict. */
export function obstaclesOf(view: BoardView, item: PlacedCase, { now, isOffice }: Caller): Obstacle[] {
  const { site, blocks } = view.board;
  const zone = site.timeZone;
  const obstacles: Obstacle[] = [];
  const impossible = impossibleTime(item, now);
  if (impossible !== null) obstacles.push({ kind: 'rule', sentence: impossible });
  for (const claim of claimsWithHandling(item, zone, (id) => view.resources.get(id))) {
    const obstacle = inTheWayOf(view, item, claim, now);
    if (obstacle) obstacles.push(obstacle);
  }
  const elsewhere = patientElsewhere(view, item, now);
  if (elsewhere) obstacles.push({ kind: 'patient', item: elsewhere });
  if (isOffice) {
    const booker = {
      service: item.service,
      surgeonId: item.surgeonId,
      listId: item.list?.resourceId ?? null,
    };
    const around = blocks.filter((block) => block.roomId === item.roomId);
    const [foreign] = foreignBlocks(item, booker, around, now);
    if (foreign) obstacles.push({ kind: 'rule', sentence: othersBlock(foreign, zone) });
  }
  return obstacles;
}

/** Whether a hold has expired. It is no conflict then, even before the server has removed it. */
const isOverdue = ({ state, expiresAt }: Case, now: string) =>
  state === 'held' && expiresAt !== null && expiresAt <= now;

const spanOf = ({ start, end }: { start: string; end: string }) => ({
  start: minuteOf(start),
  end: minuteOf(end),
});

function inTheWayOf(view: BoardView, item: Case, claim: Claim, now: string): Obstacle | null {
  const { resourceId, quantity } = claim;
  const resource = view.resources.get(resourceId);
  // Unknown on this board: only the server can tell.
  if (!resource) return null;
  if (!resource.active) return { kind: 'retired', resourceId };
  const uses = usesOf(view, resourceId, now).filter(
    (use) => use.item?.id !== item.id && overlaps(use, claim) && !(use.item && isOverdue(use.item, now)),
  );
  const load = new Load(
    resource.capacity,
    uses.map((use) => ({ ...spanOf(use), quantity: use.quantity })),
  );
  return load.fits(spanOf(claim), quantity)
    ? null
    : {
        kind: 'taken',
        of: resource.kind,
        resourceId,
        capacity: resource.capacity,
        quantity,
        uses: uses.map((use) => ({
          ...use,
          handling: use.item && handlingInTheWay(use, claim, handlingOf(resource)),
        })),
      };
}

function patientElsewhere(view: BoardView, item: PlacedCase, now: string): PlacedCase | null {
  if (item.patientRef === null) return null;
  const isThen = (other: PlacedCase) => {
    const stay = patientStay(other, now);
    return stay !== null && overlaps(item, stay);
  };
  const isThere = (other: PlacedCase) =>
    other.id !== item.id && other.patientRef === item.patientRef && isThen(other) && !isOverdue(other, now);
  return view.board.cases.filter(isPlaced).find(isThere) ?? null;
}

/** Returns the capabilities that the procedure needs and the room lacks. */
export function missingCapabilities(
  view: BoardView,
  item: Pick<Case, 'procedureId'>,
  roomId: string,
): string[] {
  const procedure = view.board.procedures.find(({ id }) => id === item.procedureId);
  const has = view.resources.get(roomId)?.attributes.capabilities ?? [];
  return procedure?.capabilities.filter((need) => !has.includes(need)) ?? [];
}
