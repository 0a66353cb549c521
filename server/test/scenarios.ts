import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { randomUUID } from 'node:crypto';
import { addToDepot } from '../src/use-cases/cases/add-to-depot.ts';
import { cancelCase } from '../src/use-cases/cases/take-off-board.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { createClosure } from '../src/use-cases/catalogue/closures.ts';
import { extendHold, takeOverHold } from '../src/use-cases/cases/holds.ts';
import { placeCase } from '../src/use-cases/cases/place-case.ts';
import { recordMilestone } from '../src/use-cases/cases/record-milestone.ts';
import { book as booked, hold as held } from './administer.ts';
import { at, caseOf, settings, turnInput } from './hospital.ts';
import type { Laboratory as Site } from './laboratory.ts';
import type { Script } from './stepper.ts';
import { command, hold, book, move, moves, save, swap, change, sweep, comesDue, cutOff } from './scripts.ts';

type Pair = readonly [Script, Script];
/** Two concurrent commands, and the expected outcomes for an order of their steps. */
export type Scenario = {
  prepare(site: Site): Pair | Promise<Pair>;
  outcomes(isBefore: (step: string, other: string) => boolean): string;
};

/** The first to claim wins; the other is refused. */
const firstWins =
  (code: string, otherCode = code): Scenario['outcomes'] =>
  (isBefore) =>
    isBefore('A:claim', 'B:claim') ? `ok, ${otherCode}` : `${code}, ok`;

/** In another room with another surgeon. */
const elsewhere = ({ rooms, surgeons }: Site) => ({ roomId: rooms[1], surgeonId: surgeons[1] });

/** Two booked cases at the same time, in different rooms with different surgeons. */
const bookedPair = async (site: Site, more: Partial<PlaceHold> = {}): Promise<[Case, Case]> => [
  await booked(site, more),
  await booked(site, { ...elsewhere(site), ...more }),
];

type Prepare = Scenario['prepare'];
const withHeld =
  (scripts: (site: Site, item: Case) => Pair): Prepare =>
  async (site) =>
    scripts(site, await held(site));
const withBooked =
  (scripts: (site: Site, item: Case) => Pair): Prepare =>
  async (site) =>
    scripts(site, await booked(site));
const withPair =
  (scripts: (site: Site, item: Case, other: Case) => Pair | Promise<Pair>): Prepare =>
  async (site) =>
    scripts(site, ...(await bookedPair(site)));

export const scenarios: Record<string, Scenario> = {
  'BK1 hold and hold': {
    prepare: (site) => [hold(site), hold(site, { start: at('09:30') })],
    outcomes: firstWins('slot_taken'),
  },
  'BK1 hold and hold of one surgeon in two rooms': {
    prepare: (site) => [hold(site), hold(site, { roomId: site.rooms[1] })],
    outcomes: firstWins('slot_taken'),
  },
  'CL1 hold and hold of a pool': {
    prepare(site) {
      const equipment = (quantity: number) => [{ resourceId: site.equipment[0], quantity }];
      return [
        hold(site, { equipment: equipment(1) }),
        hold(site, { ...elsewhere(site), equipment: equipment(2) }),
      ];
    },
    outcomes: firstWins('pool_exhausted'),
  },
  'CL5 patient and patient': {
    prepare: (site) => [
      hold(site, { patientRef: 'DEMO-1' }),
      hold(site, { ...elsewhere(site), start: at('09:30'), patientRef: 'DEMO-1' }),
    ],
    outcomes: firstWins('slot_taken'),
  },
  'HO2 hold where a hold is overdue, and the sweep': {
    async prepare(site) {
      await held(site);
      await site.clock.advance(settings.holdSeconds + 1);
      return [hold(site), sweep];
    },
    outcomes: () => 'ok, ok',
  },
  'HO2 hold where a hold expires': {
    async prepare(site) {
      await held(site);
      return [hold(site), comesDue(site)];
    },
    outcomes: (isBefore) => (isBefore('B:due', 'A:claim') ? 'ok, ok' : 'slot_taken, ok'),
  },
  'HO3 book and expire': {
    prepare: withHeld((site, item) => [book(site, item), comesDue(site, sweep)]),
    outcomes: (isBefore) => (isBefore('A:claim', 'B:due') ? 'ok, ok' : 'hold_expired, ok'),
  },
  'HO3 extend and expire': {
    async prepare(site) {
      const item = await held(site);
      const extend = command(site, (deps, request) => extendHold(deps, request, item.id));
      return [extend, comesDue(site, sweep)];
    },
    outcomes: (isBefore) => (isBefore('A:claim', 'B:due') ? 'ok, ok' : 'hold_expired, ok'),
  },
  'HO3 extend, and hold the same place at its old expiry': {
    async prepare(site) {
      const { id } = await held(site);
      await site.clock.advance(settings.holdSeconds / 2);
      const extend = command(site, (deps, request) => extendHold(deps, request, id));
      return [extend, comesDue(site, hold(site), settings.holdSeconds / 2 + 1)];
    },
    outcomes: (isBefore) => (isBefore('A:claim', 'B:due') ? 'ok, slot_taken' : 'hold_expired, ok'),
  },
  'HO5 book and take over': {
    async prepare(site) {
      const item = await held(site);
      const takeOver = command(site, (deps, request) => takeOverHold(deps, request, item.id), {
        userId: site.users.second,
      });
      return [book(site, item), takeOver];
    },
    outcomes: firstWins('forbidden', 'stale_version'),
  },
  'HO7 the last place of a list': {
    async prepare(site) {
      const turn = { ...turnInput(site), surgeonId: undefined };
      for (let taken = 0; taken < 3; taken++) await held(site, turn);
      return [hold(site, turn), hold(site, turn)];
    },
    outcomes: (isBefore) => (isBefore('A:lock', 'B:lock') ? 'ok, pool_exhausted' : 'pool_exhausted, ok'),
  },
  'BK4 move, and hold at its new place': {
    prepare: withBooked((site, item) => [move(site, item, site.rooms[1]), hold(site, elsewhere(site))]),
    outcomes: firstWins('slot_taken'),
  },
  'BK4 move, and hold at its old place': {
    prepare: withBooked((site, item) => [
      move(site, item, site.rooms[1]),
      hold(site, { surgeonId: site.surgeons[1] }),
    ]),
    outcomes: (isBefore) => (isBefore('A:commit', 'B:claim') ? 'ok, ok' : 'ok, slot_taken'),
  },
  'BK4 two cases move to one time': {
    prepare: withPair((site, item, other) => [
      move(site, item, site.rooms[2]),
      move(site, other, site.rooms[2]),
    ]),
    outcomes: firstWins('slot_taken'),
  },
  'BK4 two cases move to each other’s place': {
    prepare: withPair((site, item, other) => [
      move(site, item, site.rooms[1]),
      move(site, other, site.rooms[0]),
    ]),
    outcomes: () => 'slot_taken, slot_taken',
  },
  'BK4 two cases move past each other': {
    prepare: withPair((site, item, other) => [
      move(site, item, site.rooms[1], at('12:00')),
      move(site, other, site.rooms[0], at('12:00')),
    ]),
    outcomes: () => 'ok, ok',
  },
  'BK5 one case moves to two times': {
    prepare: withBooked((site, item) => [move(site, item, site.rooms[1]), move(site, item, site.rooms[2])]),
    outcomes: firstWins('stale_version'),
  },
  'BK4 swap, and hold what the longer one needs': {
    async prepare(site) {
      const [item, longer] = [await booked(site), await booked(site, { ...elsewhere(site), minutes: 90 })];
      return [swap(site, item, longer), hold(site, { start: at('10:20'), surgeonId: site.surgeons[2] })];
    },
    outcomes: firstWins('slot_taken'),
  },
  'BK4 swap, and the same swap in reverse order': {
    prepare: withPair((site, item, other) => [swap(site, item, other), swap(site, other, item)]),
    outcomes: firstWins('stale_version'),
  },
  'BK4 swaps of other cases in the same rooms, in reverse order': {
    prepare: withPair(async (site, item, other) => {
      const [third, fourth] = await bookedPair(site, { start: at('12:00') });
      return [swap(site, item, other), swap(site, fourth, third)];
    }),
    outcomes: () => 'ok, ok',
  },
  'BK15 a save that moves and books, and hold at its new place': {
    prepare: withHeld((site, item) => [save(site, item, site.rooms[1]), hold(site, elsewhere(site))]),
    outcomes: firstWins('slot_taken'),
  },
  'BK15 two saves of one hold': {
    prepare: withHeld((site, item) => [save(site, item, site.rooms[1]), save(site, item, site.rooms[2])]),
    outcomes: firstWins('stale_version'),
  },
  'BK16 moves of other cases in the same rooms, in reverse order': {
    prepare: withPair(async (site, item, other) => {
      const [third, fourth] = await bookedPair(site, { start: at('12:00') });
      return [moves(site, [item, other], at('10:20')), moves(site, [fourth, third], at('14:00'))];
    }),
    outcomes: () => 'ok, ok',
  },
  'BK8 one case of the depot placed twice': {
    async prepare(site) {
      const { id, version } = caseOf(
        await addToDepot(site.deps, site.request(), { title: 'Knee', surgeonId: site.surgeons[0] }),
      );
      const place = (roomId: string) =>
        command(site, (deps, request) =>
          placeCase(deps, request, id, { version, roomId, start: at('09:00') }),
        );
      return [place(site.rooms[0]), place(site.rooms[1])];
    },
    outcomes: firstWins('stale_version'),
  },
  'CL4 cancel, and hold at its place': {
    async prepare(site) {
      const { id, version } = await booked(site);
      const cancel = command(site, (deps, request) =>
        cancelCase(deps, request, id, { version, reason: 'Flu' }),
      );
      return [cancel, hold(site)];
    },
    outcomes: (isBefore) => (isBefore('A:commit', 'B:claim') ? 'ok, ok' : 'ok, slot_taken'),
  },
  'BK9 patient out, and change of the case': {
    async prepare(site) {
      const { id, version } = await booked(site, { bed: { resourceId: site.beds, nights: 1 } });
      const out = { milestone: 'out_of_room', at: new Date().toISOString() } as const;
      return [
        command(site, (deps, request) => recordMilestone(deps, request, id, out)),
        command(site, (deps, request) => changeCase(deps, request, id, { version, note: 'Allergic' })),
      ];
    },
    outcomes: (isBefore) => (isBefore('B:claim', 'A:claim') ? 'ok, ok' : 'ok, stale_version'),
  },
  'CL1 capacity cut and hold': {
    async prepare(site) {
      const equipment = [{ resourceId: site.equipment[0], quantity: 1 }];
      await booked(site, { equipment });
      return [
        hold(site, { ...elsewhere(site), equipment }),
        change(site, site.equipment[0], { capacity: 1 }),
      ];
    },
    outcomes: firstWins('slot_taken', 'in_use'),
  },
  'CL1 retirement and hold': {
    prepare: (site) => [hold(site), change(site, site.rooms[0], { active: false })],
    outcomes: firstWins('resource_inactive', 'in_use'),
  },
  'CL1 closure and hold': {
    prepare(site) {
      const closed = { resourceId: site.rooms[0], start: at('08:00'), end: at('10:00'), reason: 'Cleaning' };
      return [hold(site), command(site, (deps, request) => createClosure(deps, request, closed))];
    },
    outcomes: firstWins('slot_taken', 'in_use'),
  },
  'FE1 hold, and a hold that is cut off before its commit': {
    prepare: (site) => [hold(site), cutOff(hold(site, elsewhere(site)))],
    outcomes: () => 'ok, ok',
  },
  'EX1 one command twice': {
    prepare(site) {
      const key = { key: randomUUID() };
      return [hold(site, {}, key), hold(site, {}, key)];
    },
    outcomes: () => 'ok, ok',
  },
  'EX2 one key of two people': {
    prepare(site) {
      const key = randomUUID();
      return [hold(site, {}, { key }), hold(site, elsewhere(site), { key, userId: site.users.second })];
    },
    outcomes: (isBefore) => (isBefore('A:write', 'B:write') ? 'ok, key_reused' : 'key_reused, ok'),
  },
};
