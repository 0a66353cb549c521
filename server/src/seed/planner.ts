import { claimsWithHandling, isPlaced } from '@slate/shared/cases';
import type { Case, Claim, PlacedCase } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import type { Block } from '@slate/shared/sites';
import { addMinutes, instantOf, minutesBetween, overlaps } from '@slate/shared/time';
import type { OpenTime } from './block-template.ts';
import { newCase } from './new-case.ts';
import { operationNamed, operations } from './operations.ts';
import type { Operation } from './operations.ts';
import type { Random } from './random.ts';
import {
  lists,
  resourceNamed,
  placesPerList,
  resources,
  rooms,
  surgeons,
  surgeonsOf,
  urgentRoom,
} from './resources.ts';

/** The claims so far, so that the plan never exceeds a capacity. */
class Ledger {
  readonly #capacity: ReadonlyMap<string, number>;
  readonly #claims = new Map<string, Claim[]>();

  constructor(all: readonly Resource[]) {
    this.#capacity = new Map(all.map(({ id, capacity }) => [id, capacity]));
  }

  /** The load of a resource rises only where a claim starts, so only those instants are checked. */
  fits(claims: readonly Claim[]): boolean {
    return claims.every((claim) => {
      const others = this.#of(claim.resourceId).filter((other) => overlaps(other, claim));
      const moments = [
        claim.start,
        ...others.map(({ start }) => start).filter((start) => start > claim.start),
      ];
      return moments.every((moment) => {
        const load = others
          .filter(({ start, end }) => start <= moment && moment < end)
          .reduce((sum, { quantity }) => sum + quantity, claim.quantity);
        return load <= (this.#capacity.get(claim.resourceId) ?? 0);
      });
    });
  }

  add(claims: readonly Claim[]): void {
    for (const claim of claims) this.#of(claim.resourceId).push(claim);
  }

  #of(resourceId: string): Claim[] {
    const claims = this.#claims.get(resourceId) ?? [];
    this.#claims.set(resourceId, claims);
    return claims;
  }
}

/** A block or open time. */
type Stretch = OpenTime & Partial<Pick<Block, 'service' | 'surgeonId' | 'alsoSurgeonIds'>>;

/** Books cases within the capacities of the hospital; a case that does not fit is not booked. */
export class Planner {
  readonly cases: PlacedCase[] = [];
  readonly #zone: string;
  readonly #random: Random;
  readonly #ledger = new Ledger(resources);

  constructor(zone: string, random: Random, closed: readonly Claim[]) {
    this.#zone = zone;
    this.#random = random;
    this.#ledger.add(closed);
  }

  /** Books cases one after the other until about this share of the time is taken. */
  fill(time: Stretch, share: number): void {
    const candidates = operations.filter((operation) => belongs(operation, time));
    const goal = minutesBetween(time.start, time.end) * share;
    const owners = time.surgeonId ? surgeons.filter(({ id }) => id === time.surgeonId) : surgeons;
    let team = owners;
    let at = time.start;
    for (let taken = 0; taken < goal && at < time.end;) {
      const booked = this.#bookNext(time, at, candidates, team);
      // Most surgeons do several cases in a row in one room.
      const stays = booked !== null && this.#random.chance(0.7);
      team = stays ? surgeons.filter(({ id }) => id === booked.surgeonId) : owners;
      if (booked) taken += booked.setupMinutes + booked.minutes + booked.cleanupMinutes;
      const pause = this.#random.chance(0.3) ? 20 : 0;
      at = booked ? addMinutes(booked.end, booked.cleanupMinutes + pause) : addMinutes(at, 30);
    }
  }

  /** Fills the first places of a list session. */
  fillList(session: Block, share: number): void {
    const list = lists.find(({ name }) => resourceNamed(name).id === session.listId);
    if (!list) throw new Error('The session belongs to no list.');
    const place = {
      resourceId: resourceNamed(list.name).id,
      blockId: session.id,
      start: session.start,
      end: session.end,
    };
    const turn = minutesBetween(session.start, session.end) / placesPerList;
    const cataract = operationNamed('Cataract extraction with lens implant');
    for (let index = 0; index < Math.round(placesPerList * share); index++) {
      const start = addMinutes(session.start, index * turn + cataract.procedure.setupMinutes);
      const item = newCase(`${session.id} ${index}`, cataract, resourceNamed(list.surgeon));
      this.book({ ...item, list: place }, session.roomId, start);
    }
  }

  /** Books urgent cases of that day, at any hour, in the room reserved for them. */
  fillUrgent(date: string, cases: number, urgencies: readonly Case['urgency'][]): void {
    const room = resourceNamed(urgentRoom);
    const midnight = instantOf(date, '00:00', this.#zone);
    const candidates = operations.filter((operation) => operation.urgent && isSuited(operation, room.id));
    for (let remaining = cases, tries = 0; remaining > 0 && tries < 40; tries++) {
      const operation = this.#random.pick(candidates, ({ share }) => share);
      const surgeon = this.#random.pick(surgeonsOf(operation.procedure.service));
      const urgency = this.#random.pick(urgencies);
      const start = addMinutes(midnight, this.#random.int(1, 22 * 12) * 5);
      const latest = { immediate: 30, urgent: 24 * 60, expedited: 72 * 60, elective: 0 }[urgency];
      const dueBy = addMinutes(start, Math.round(this.#random.between(0.1, 0.9) * latest));
      const item = { ...newCase(`${room.name} ${start}`, operation, surgeon), urgency, dueBy };
      if (this.book(item, room.id, start)) remaining--;
    }
  }

  book(item: Case, roomId: string, start: string): PlacedCase | null {
    const placed: Case = { ...item, state: 'scheduled', roomId, start, end: addMinutes(start, item.minutes) };
    const claims = claimsWithHandling(placed, this.#zone, (id) => resources.find((each) => each.id === id));
    if (!isPlaced(placed) || !this.#ledger.fits(claims)) return null;
    this.#ledger.add(claims);
    this.cases.push(placed);
    return placed;
  }

  /** Draws a few operations by frequency and books the first that someone on the team can do now. */
  #bookNext(
    time: Stretch,
    at: string,
    candidates: readonly Operation[],
    team: readonly Resource[],
  ): PlacedCase | null {
    for (let tries = 0; tries < 6; tries++) {
      const operation = this.#random.pick(candidates, ({ share }) => share);
      const { service, setupMinutes, cleanupMinutes } = operation.procedure;
      const start = nextFive(addMinutes(at, setupMinutes));
      const urgency = service === 'Trauma' ? 'expedited' : 'elective';
      const able = team.filter((each) => each.attributes.service === service);
      for (const surgeon of this.#random.shuffle(able)) {
        const item = newCase(`${time.roomId} ${start}`, operation, surgeon);
        if (addMinutes(start, item.minutes + cleanupMinutes) > time.end) continue;
        const booked = this.book({ ...item, urgency }, time.roomId, start);
        if (booked) return booked;
      }
    }
    return null;
  }
}

const nextFive = (at: string) => new Date(Math.ceil(Date.parse(at) / 300_000) * 300_000).toISOString();

/** Blocks get operations of their service; open time gets planned operations of any service. */
function belongs(operation: Operation, { roomId, service }: Stretch): boolean {
  const plansAhead = !operation.urgent && operation.procedure.service !== 'Trauma';
  const isOwners = service === operation.procedure.service && (plansAhead || service === 'Trauma');
  return isSuited(operation, roomId) && (service === undefined ? plansAhead : isOwners);
}

/** Whether the room has the capabilities and is of the right area. */
function isSuited({ procedure, ambulatory }: Operation, roomId: string): boolean {
  const room = rooms.find(({ id }) => id === roomId)?.attributes;
  return (
    ambulatory === (room?.area === 'Ambulatory') &&
    procedure.capabilities.every((need) => room?.capabilities?.includes(need))
  );
}
