import { placedAt } from '@slate/shared/case-draft';
import type { Details } from '@slate/shared/case-draft';
import { isPlaced, stretchOf } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { FieldError } from '@slate/shared/errors';
import type { Resource, ResourceKind } from '@slate/shared/resources';
import { scopeOf } from '@slate/shared/permissions';
import { cautionsOf, impossibleTime, othersBlock, ownsBlock } from '@slate/shared/rules';
import { isReleased } from '@slate/shared/sites';
import type { Block } from '@slate/shared/sites';
import { addMinutes, covers, dayAndTimeOf, minutesOf, overlaps, resolvePlanned } from '@slate/shared/time';
import { lockResources, placementFactsOf } from '../db/cases.sql.ts';
import type { PlacementFacts } from '../db/cases.sql.ts';
import { maybeOne, one, run } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { siteById } from '../db/sites.sql.ts';
import type { Tx } from '../db/transaction.ts';
import { invalid, notFound, Refusal } from '../domain/refusal.ts';
import { minutesOfTurn, nextFreeTurn } from '../domain/turn.ts';
import type { Check } from './claim.ts';
import type { Context } from './context.ts';

/** A time in a room, or a place on the list of a block. */
export type Placement = {
  roomId?: string | undefined;
  start?: string | undefined;
  blockId?: string | undefined;
};

/** Returns the instant of a local time in the site's zone. */
export function plannedInstant(value: string, zone: string, field: string): string {
  const resolved = resolvePlanned(value, zone);
  if (resolved.kind === 'impossible') {
    throw invalid(
      field,
      `${value} doesn’t exist in ${zone} that day: the clocks go forward. Choose another time.`,
    );
  }
  if (resolved.kind === 'ambiguous') {
    const { earlier, later } = resolved;
    throw invalid(field, `${value} happens twice in ${zone}. Choose one: ${earlier} or ${later}.`, {
      readings: [earlier, later],
    });
  }
  return resolved.at;
}

/** Local times need the site's zone, which is a query; instants do not. */
export async function resolveStart(db: Queryable, siteId: string, start: string | undefined) {
  if (start === undefined || start.endsWith('Z')) return start;
  const site = await maybeOne(db, siteById, [siteId]);
  if (!site) throw notFound('site');
  return plannedInstant(start, site.site.timeZone, 'start');
}

/** `roomId`: the room of the case before. */
export const placementFacts = (
  tx: Tx,
  siteId: string,
  placement: Placement,
  needs: Details & { roomId?: string | null },
) =>
  one(tx, placementFactsOf, [
    siteId,
    [...resourceIdsOf(needs), ...(needs.roomId ? [needs.roomId] : [])],
    needs.procedureId ?? null,
    placement.roomId ?? null,
    placement.start ?? null,
    placement.blockId ?? null,
  ]);

export const resourceIdsOf = (needs: Details): string[] => [
  ...(needs.surgeonId ? [needs.surgeonId] : []),
  ...(needs.equipment ?? []).map((need) => need.resourceId),
  ...(needs.bed ? [needs.bed.resourceId] : []),
];

/** Finds the resource with this id and kind, or throws a refusal that names the field. */
export function resourceOf(
  facts: Pick<PlacementFacts, 'resources'>,
  kind: ResourceKind,
  id: string | null | undefined,
  field: string,
): Resource | null {
  if (!id) return null;
  const found = facts.resources.find((each) => each.id === id);
  if (found?.kind !== kind) throw invalid(field, `There is no such ${kind} at this site.`);
  return found;
}

export function checkResources(facts: Pick<PlacementFacts, 'resources' | 'procedure'>, needs: Details) {
  for (const [index, { resourceId }] of (needs.equipment ?? []).entries()) {
    resourceOf(facts, 'equipment', resourceId, `equipment.${index}.resourceId`);
  }
  resourceOf(facts, 'bed', needs.bed?.resourceId, 'bed.resourceId');
  if (needs.procedureId && !facts.procedure)
    throw invalid('procedureId', 'There is no such procedure at this site.');
  return resourceOf(facts, 'surgeon', needs.surgeonId, 'surgeonId');
}

/** Places the case. On a list without a start, it gets the next free place, under the list's lock. */
export async function place(
  context: Context,
  facts: PlacementFacts,
  placement: Placement,
  item: Case,
): Promise<Case> {
  if (placement.blockId === undefined) {
    if (!placement.roomId || !placement.start) throw invalid('start', 'Choose a room and a start.');
    resourceOf(facts, 'room', placement.roomId, 'roomId');
    return placedAt({ ...item, list: null }, placement.roomId, placement.start);
  }
  const session = facts.blocks.find((block) => block.id === placement.blockId);
  if (!session?.listId) throw invalid('blockId', 'There is no such list session at this site.');
  const list = resourceOf(facts, 'list', session.listId, 'blockId');
  if (!list) throw invalid('blockId', 'There is no such list session at this site.');
  const tooLong = tooLongForPlace(session, list, item);
  if (tooLong) throw tooLong;
  const onList: Case = {
    ...item,
    list: { resourceId: list.id, blockId: session.id, start: session.start, end: session.end },
  };
  if (placement.start !== undefined) {
    const placed = placedAt(onList, session.roomId, placement.start);
    if (!liesInSession(session, placed)) throw invalid('start', 'Must be within the list’s session.');
    return placed;
  }
  const free = await freeTurn(context, placement, session, list, onList);
  return placedAt(onList, session.roomId, addMinutes(free.start, item.setupMinutes));
}

function tooLongForPlace(session: Block, { capacity }: Resource, item: Case): Refusal | null {
  const turn = minutesOfTurn(session, capacity);
  return item.setupMinutes + item.minutes + item.cleanupMinutes > turn
    ? invalid('minutes', `A place on this list is ${minutesOf(turn)} long, including setup and cleanup.`)
    : null;
}

const liesInSession = (session: Block, item: Case) =>
  isPlaced(item) && item.roomId === session.roomId && covers(session, stretchOf(item));

/** Returns the reason why the case would lose its place on its list, or null. `facts` must be of the list's block. */
export function lostPlace(facts: Pick<PlacementFacts, 'blocks' | 'resources'>, item: Case): Refusal | null {
  const session = facts.blocks.find(({ id }) => id === item.list?.blockId);
  const list = facts.resources.find(({ id }) => id === item.list?.resourceId);
  if (!session || !list || !liesInSession(session, item))
    return invalid('minutes', 'It would no longer fit in its list’s session.');
  return tooLongForPlace(session, list, item);
}

async function freeTurn(context: Context, placement: Placement, session: Block, list: Resource, item: Case) {
  const { tx, request } = context;
  // Lock now, in the one order, everything the case will claim, so that `claim` never waits.
  const [, facts] = await Promise.all([
    run(tx, lockResources.name, lockResources.text, [
      request.siteId,
      [session.roomId, list.id, ...resourceIdsOf(item)],
    ]),
    placementFacts(tx, request.siteId, placement, {}),
  ]);
  // A place that has started counts as taken.
  const begun = { start: session.start, end: facts.at };
  const free = nextFreeTurn(session, list.capacity, [begun, ...facts.taken]);
  if (free) return free;
  throw new Refusal(
    'pool_exhausted',
    `${list.name}: all ${list.capacity} places on ${dayAndTimeOf(session.start, context.zone)} are taken. ` +
      'Choose another session.',
    { blockers: [{ kind: 'block', resourceId: list.id, start: session.start, end: session.end }] },
  );
}

/** Returns cautions that need a reason and have none. Throws for a place that no reason allows. */
export type Judge = (now: string) => FieldError[];

/** Checks all rules but capacity: past or too far ahead, blocks of other services, cautions that need a reason. */
export const judgePlacement =
  (
    { role, settings, zone }: Context,
    item: Case,
    room: Resource | null,
    { procedure, blocks }: Pick<PlacementFacts, 'procedure' | 'blocks'>,
  ): Judge =>
  (now) => {
    if (!room || !isPlaced(item)) return [];
    const impossible = impossibleTime(item, now);
    if (impossible !== null) throw invalid('start', impossible);
    if (scopeOf(role, 'case.hold') === 'own') {
      // A list session in the block of another service does not help: the list must be the caller's own.
      const foreign = blocks.find(
        (block) =>
          overlaps(block, item) &&
          !isReleased(block, now) &&
          !(ownsBlock(block, item) && (block.listId === null || block.listId === item.list?.resourceId)),
      );
      if (foreign) {
        throw new Refusal(
          'slot_taken',
          `${othersBlock(foreign, zone)} Choose open time, or ask the OR desk.`,
          {
            blockers: [
              {
                kind: 'block',
                resourceId: foreign.roomId,
                start: foreign.start,
                end: foreign.end,
                reason: foreign.service,
              },
            ],
          },
        );
      }
    }
    if (item.overrideReason !== null) return [];
    return cautionsOf(item, { room, procedure, blocks, settings, zone, now }).map((reason) => ({
      field: 'overrideReason',
      reason,
    }));
  };

/** Throws one refusal for all cautions of a command that need a reason. */
export const requireReason =
  (judges: readonly (Judge | null)[]): Check =>
  (now) => {
    const cautions = judges.flatMap((judge) => judge?.(now) ?? []);
    if (cautions.length === 0) return;
    const sentences = new Set(cautions.map(({ reason }) => reason));
    throw new Refusal('validation', `${[...sentences].join(' ')} Give a reason to continue.`, {
      errors: cautions,
    });
  };

export const checkPlacement = (...placed: Parameters<typeof judgePlacement>): Check =>
  requireReason([judgePlacement(...placed)]);
