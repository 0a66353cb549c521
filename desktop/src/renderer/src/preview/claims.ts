import { Load } from '@slate/shared/capacity';
import { isClaiming, isInRoom } from '@slate/shared/case-state';
import { busyAt, claimsWithHandling, handled, isPlaced } from '@slate/shared/cases';
import type { Case, Claim } from '@slate/shared/cases';
import { minuteOf } from '@slate/shared/minutes';
import { handlingOf } from '@slate/shared/resources';
import { stayOf } from '@slate/shared/reality';
import type { TimeRange } from '@slate/shared/time';
import type { BoardView } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import type { Use } from '../words/placing.ts';

// Cases are immutable, so their claims are cached with the resources, except for a case in the room: its claims grow with time.
type Resources = BoardView['resources'];
const claimsOfCase = new WeakMap<Case, { resources: Resources; claims: readonly Claim[] }>();
const usesOfView = new WeakMap<BoardView, { minute: string; uses: Map<string, readonly Use[]> }>();

function claims(item: Case, { board, resources }: BoardView, now: string): readonly Claim[] {
  const zone = board.site.timeZone;
  const resourceOf = (id: string) => resources.get(id);
  if (isInRoom(item.state)) return claimsWithHandling(item, zone, resourceOf, now);
  const cached = claimsOfCase.get(item);
  if (cached?.resources === resources) return cached.claims;
  const computed = claimsWithHandling(item, zone, resourceOf);
  claimsOfCase.set(item, { resources, claims: computed });
  return computed;
}

const mayUse = ({ roomId, surgeonId, equipment, bed, list }: Case, resourceId: string) =>
  roomId === resourceId ||
  surgeonId === resourceId ||
  bed?.resourceId === resourceId ||
  list?.resourceId === resourceId ||
  equipment.some((need) => need.resourceId === resourceId);

/** Returns everything on the board that claims the resource now. */
export function usesOf(view: BoardView, resourceId: string, now: string): readonly Use[] {
  const minute = now.slice(0, 16);
  const last = usesOfView.get(view);
  const cache = last?.minute === minute ? last.uses : new Map<string, readonly Use[]>();
  usesOfView.set(view, { minute, uses: cache });
  const before = cache.get(resourceId);
  if (before) return before;
  const { cases, busy, closures } = view.board;
  const uses: Use[] = [
    ...cases
      .filter((item) => isClaiming(item.state) && mayUse(item, resourceId))
      .flatMap((item) =>
        claims(item, view, now)
          .filter((claim) => claim.resourceId === resourceId)
          .map((claim) => ({ ...claim, item, closure: null, busyId: null })),
      ),
    ...busy
      .filter(({ roomId }) => roomId === resourceId)
      .map((time) => ({
        resourceId,
        ...busyAt(time, now),
        quantity: 1,
        item: null,
        closure: null,
        busyId: time.id,
      })),
    ...closures
      .filter((closure) => closure.resourceId === resourceId)
      .map((closure) => ({
        resourceId,
        start: closure.start,
        end: closure.end,
        quantity: closure.quantity,
        item: null,
        closure,
        busyId: null,
      })),
  ];
  cache.set(resourceId, uses);
  return uses;
}

const spanOf = ({ start, end }: TimeRange) => ({ start: minuteOf(start), end: minuteOf(end) });

/** Returns how many units of a pool are free during the whole case, not counting its own use; null if the case has no time. */
export function freeUnits(view: BoardView, poolId: string, item: Case): number | null {
  const pool = view.resources.get(poolId);
  if (!pool || !isPlaced(item)) return null;
  const now = serverInstant();
  const uses = usesOf(view, poolId, now).filter((use) => use.item?.id !== item.id);
  const load = new Load(
    pool.capacity,
    uses.map((use) => ({ ...spanOf(use), quantity: use.quantity })),
  );
  return Math.max(0, pool.capacity - load.peak(spanOf(handled(stayOf(item, now) ?? item, handlingOf(pool)))));
}
