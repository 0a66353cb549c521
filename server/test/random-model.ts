import type { Case } from '@slate/shared/cases';
import type { Milestone } from '@slate/shared/case-state';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { at } from './hospital.ts';
import { checkInvariants } from './invariants.ts';
import { freshSite } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import { Model } from './model.ts';
import type { ModelCase, Needs, Step } from './model.ts';
import { Product } from './product.ts';

// Two rooms, two surgeons, two patients and half a morning, so that commands conflict soon.
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const spot = fc.record({ room: fc.nat(1), start: fc.nat(7).map((half) => 480 + 30 * half) });
const minutes = oneOf(30, 60, 90);
const needs: { [Key in keyof Needs]: fc.Arbitrary<Needs[Key]> } = {
  minutes,
  surgeon: oneOf<number | null>(0, 0, 1, 1, null),
  equipment: oneOf(0, 1, 1, 2),
  nights: oneOf(0, 0, 1, 2),
  patient: oneOf<string | null>(null, null, 'DEMO-1', 'DEMO-2'),
};
const milestone = oneOf<Milestone>('in_holding', 'in_room', 'incision', 'closed', 'out_of_room', 'completed');
const common = {
  by: oneOf('coordinator', 'coordinator', 'second'),
  stale: fc.nat(15).map((each) => each === 0),
};
const onCase = { ...common, which: fc.nat(30) };
const booking = oneOf<'scheduled' | 'confirmed' | null>(null, null, 'scheduled', 'scheduled', 'confirmed');
const simple = ['confirm', 'release', 'extend', 'takeover', 'bump', 'cancel', 'void'] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('hold'), spot, ...needs, ...common }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('depot'), ...needs, ...common }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('book'), ...onCase }) },
  { weight: 7, arbitrary: fc.record({ do: oneOf(...simple), ...onCase }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('place'), spot, to: booking, ...onCase }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('save'),
      edit: fc.record(needs, { requiredKeys: [] }),
      spot: fc.option(spot),
      to: booking,
      ...onCase,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('moves'),
      other: fc.nat(30),
      spots: fc.tuple(spot, spot),
      ...onCase,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('move'), spot, minutes: fc.option(minutes), ...onCase }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('swap'), other: fc.nat(30), ...onCase }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('milestone'),
      milestone,
      withdrawn: oneOf(false, false, true),
      ...onCase,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change'),
      edit: fc.record(needs, { requiredKeys: [] }),
      ...onCase,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), seconds: oneOf(50, 100), ...common }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep'), ...common }) },
);

/** The parts of a case on which model and product must agree. */
const partsInModel = ({ spot: where, facts, ...item }: ModelCase) => ({
  state: item.state,
  version: item.version,
  where: where && [where.room, where.start],
  needs: [item.minutes, item.surgeon, item.equipment, item.nights, item.patient],
  holder: item.state === 'held' ? item.holder : null,
  facts: Object.keys(facts).toSorted(inOrder),
});
const partsInProduct = (item: Case, site: Laboratory): ReturnType<typeof partsInModel> => ({
  state: item.state,
  version: item.version,
  where: item.roomId && item.start ? [site.rooms.indexOf(item.roomId), minuteOf(item.start)] : null,
  needs: [
    item.minutes,
    item.surgeonId === null ? null : site.surgeons.indexOf(item.surgeonId),
    item.equipment[0]?.quantity ?? 0,
    item.bed?.nights ?? 0,
    item.patientRef,
  ],
  holder: item.state === 'held' ? (item.holder?.id === site.users.second ? 'second' : 'coordinator') : null,
  facts: Object.keys(item.milestones).toSorted(inOrder),
});
const inOrder = (a: string, b: string) => (a < b ? -1 : 1);
const minuteOf = (start: string) => (Date.parse(start) - Date.parse(at('00:00'))) / 60_000;

/** The claims as text; beds in nights. */
async function claimsIn(site: Laboratory): Promise<string[]> {
  const { rows } = await site.owner.query<{ name: string; from: Date; to: Date; quantity: number }>(
    `SELECT r.name, lower(c.during) AS from, upper(c.during) AS to, c.quantity
      FROM claims c JOIN resources r ON r.site_id = c.site_id AND r.id = c.resource_id WHERE c.site_id = $1`,
    [site.siteId],
  );
  const unit = (name: string) => (name === 'PACU' ? 1440 : 1);
  const base = (name: string) => (name === 'PACU' ? 720 : 0);
  const at0 = (name: string, when: Date) => (minuteOf(when.toISOString()) - base(name)) / unit(name);
  return rows
    .map(({ name, from, to, quantity }) => `${quantity} × ${name} ${at0(name, from)}–${at0(name, to)}`)
    .toSorted(inOrder);
}
const claimsOf = (model: Model) =>
  model
    .claims()
    .map(({ resource, from, to, quantity }) => `${quantity} × ${resource} ${from}–${to}`)
    .toSorted(inOrder);

export const sequence = fc.array(step, { minLength: 15, maxLength: 30, size: 'max' });

/**
 * Runs the same steps in product and model, at a new site. Returns the first difference, if any. Calls `seen` with each
 * step and its answer.
 */
export async function difference(
  lab: Laboratory,
  steps: Step[],
  seen: (outcome: string) => void = () => {},
): Promise<string | undefined> {
  const site = await freshSite(lab);
  const product = new Product(site);
  const model = new Model(minuteOf(product.recordedAt));
  for (const each of steps) {
    const expected = model.run(each);
    const answer = await product.run(each);
    if (answer !== expected) return `${JSON.stringify(each)}: ${answer} instead of ${expected}`;
    seen(`${each.do}: ${answer}`);
  }
  const pairs = [
    [(await product.cases()).map((item) => partsInProduct(item, site)), model.cases.map(partsInModel)],
    [await claimsIn(site), claimsOf(model)],
    [await checkInvariants(site.owner, site.siteId), []],
  ];
  const different = pairs.find(([one, other]) => !isDeepStrictEqual(one, other));
  return different && `${JSON.stringify(different[0])} instead of ${JSON.stringify(different[1])}`;
}
