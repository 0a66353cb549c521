import type { CreateClosure } from '@slate/shared/contract/catalogue';
import type { Closure } from '@slate/shared/sites';
import { describe, expect, test } from 'vitest';
import {
  administrator,
  assertSound,
  book,
  change,
  hold,
  refusalOf,
  readResource,
} from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import type { Setting } from '../../../test/hospital.ts';
import { untilBlocked } from '../../../test/database.ts';
import {
  afterStatement,
  aroundStatements,
  createGate,
  recordErrors,
  rewrite,
} from '../../../test/statements.ts';
import type { Database } from '../../db/pool.ts';
import { Refusal } from '../../domain/refusal.ts';
import { bumpCase } from '../cases/take-off-board.ts';
import { changeCase } from '../cases/change-case.ts';
import { changeResource } from './resources.ts';
import { createClosure, removeClosure } from './closures.ts';
import { releaseExpiredHolds } from '../cases/release-expired-holds.ts';
import { releaseHold } from '../cases/holds.ts';

// Commands that reduce a resource, concurrently with commands that claim it.

const rounds = 50;
let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const withCArm = (index: 0 | 1 | 2) => ({
  roomId: site.rooms[index],
  surgeonId: site.surgeons[index],
  equipment: [{ resourceId: site.equipment[0], quantity: 1 }],
});
async function close(
  resourceId: string,
  more: Partial<CreateClosure> = {},
  by: Setting = site,
): Promise<string> {
  const input = { resourceId, start: at('08:00'), end: at('12:00'), reason: 'Cleaning', ...more };
  const { body } = await createClosure(by.deps, by.request(), input);
  return (body['closure'] as Closure).id;
}

/** Runs both commands at once, each first in every other round. Returns `done` or the code of the refusal for each. */
async function race(round: number, first: () => Promise<unknown>, second: () => Promise<unknown>) {
  const [a, b] = round % 2 === 0 ? [first(), second()] : [second(), first()];
  const answers = await Promise.allSettled(round % 2 === 0 ? [a, b] : [b, a]);
  return answers.map((answer) => {
    if (answer.status === 'fulfilled') return 'done';
    if (answer.reason instanceof Refusal) return answer.reason.code;
    throw answer.reason;
  });
}

describe('AD12 exactly one of the two succeeds', () => {
  test('a reduction, and a hold of the reduced resource', { timeout: 60_000 }, async () => {
    await book(site, withCArm(0));
    for (let round = 0; round < rounds; round++) {
      let held = '';
      const taking = async () => (held = (await hold(site, withCArm(1))).id);
      const answers = await race(round, () => change(site, site.equipment[0], { capacity: 1 }), taking);
      expect([
        ['done', 'slot_taken'],
        ['in_use', 'done'],
      ]).toContainEqual(answers);
      await assertSound(site);
      if (held === '') await change(site, site.equipment[0], { capacity: 2 });
      else await releaseHold(site.deps, site.request(), held);
    }
  });

  test('a closure, and a hold of the closed resource', { timeout: 60_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      let closed = '';
      let held = '';
      const closing = async () => (closed = await close(site.rooms[0]));
      const answers = await race(round, closing, async () => (held = (await hold(site)).id));
      expect([
        ['done', 'slot_taken'],
        ['in_use', 'done'],
      ]).toContainEqual(answers);
      await assertSound(site);
      if (held === '') await removeClosure(site.deps, site.request(), closed);
      else await releaseHold(site.deps, site.request(), held);
    }
  });

  test('a retirement, and a hold of the retired resource', { timeout: 60_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      let held = '';
      const retiring = () => change(site, site.surgeons[0], { active: false });
      const answers = await race(round, retiring, async () => (held = (await hold(site)).id));
      expect([
        ['done', 'resource_inactive'],
        ['in_use', 'done'],
      ]).toContainEqual(answers);
      await assertSound(site);
      if (held === '') await change(site, site.surgeons[0], { active: true });
      else await releaseHold(site.deps, site.request(), held);
    }
  });

  /** Closes one C-arm, and stops between its check and its claim until the gate opens. */
  const closeAtGate = (pool: Database) => {
    const gate = createGate();
    const gated = { ...site, deps: { ...site.deps, pool: afterStatement(pool, 'over-limit', gate.pass) } };
    return { gate, closing: close(site.equipment[0], { quantity: 1 }, gated) };
  };

  test('the check runs under the lock', async () => {
    await book(site, withCArm(0));
    const { gate, closing } = closeAtGate(site.pool);
    await gate.reached;
    const refusal = refusalOf(hold(site, withCArm(1)));
    await untilBlocked(site.owner);
    gate.open();
    await closing;
    expect((await refusal).code).toBe('pool_exhausted');
  });

  test('without the lock, too little is left', async () => {
    await book(site, withCArm(0));
    const withoutLock = (text: string) => text.replace('FOR UPDATE', '');
    const { gate, closing } = closeAtGate(rewrite(site.pool, { 'lock-resource': withoutLock }));
    await gate.reached;
    await hold(site, withCArm(1));
    gate.open();
    const id = await closing;
    await expect(assertSound(site)).rejects.toThrow('CL1: 3 of 2 of C-arm are claimed');
    await removeClosure(site.deps, site.request(), id);
  });
});

describe('AD12 deadlocks', () => {
  test('never happen', { timeout: 60_000 }, async () => {
    const { failures, errors } = await crowd(40);
    expect(failures).toEqual([]);
    expect([...errors]).not.toContain('40P01');
  });

  test('happen if cases are locked before resources', async () => {
    const item = await book(site);
    const errors = new Set<string>();
    const gate = createGate();
    const casesFirst = aroundStatements(site.pool, async (name, send, session) => {
      if (name === 'lock-resource') {
        await session.query(`SELECT FROM cases WHERE id = '${item.id}' FOR UPDATE`);
        await gate.pass();
      }
      return send();
    });
    const on = (pool: Database) => ({ ...site.deps, pool: recordErrors(pool, errors) });
    const afternoon = { start: at('15:00'), end: at('16:00') };
    const closing = close(site.rooms[0], afternoon, { ...site, deps: on(casesFirst) });
    await gate.reached;
    const edit = { version: item.version, note: 'Latex' };
    const changing = changeCase(on(site.pool), site.request(), item.id, edit);
    await untilBlocked(site.owner);
    gate.open();
    await Promise.all([closing, changing]);
    expect([...errors]).toContain('40P01');
  });
});

test('CW9 a decision about a case waits for its patient before it locks the case', async () => {
  const item = await book(site, { patientRef: 'DEMO-9' });
  const errors = new Set<string>();
  const gate = createGate();
  const pool = afterStatement(site.pool, 'lock-cases-and-expire-holds', () => gate.pass());
  const on = (database: Database) => ({ ...site.deps, pool: recordErrors(database, errors) });
  const decision = {
    action: 'move' as const,
    caseId: item.id,
    version: item.version,
    roomId: site.rooms[2],
    start: at('14:00'),
  };
  const body = {
    resourceId: site.rooms[0],
    start: at('08:00'),
    end: at('12:00'),
    reason: 'Cleaning',
    decisions: [decision],
  };
  const closing = createClosure(on(pool), site.request(), body);
  await gate.reached;
  // Without a resource that the decision locks.
  const place = { roomId: site.rooms[1], start: at('10:00'), surgeonId: site.surgeons[1] };
  const moving = refusalOf(
    changeCase(on(site.pool), site.request(), item.id, { version: item.version, ...place }),
  );
  await untilBlocked(site.owner);
  gate.open();
  await closing;
  expect((await moving).code).toBe('stale_version');
  expect([...errors]).not.toContain('40P01');
});

/** Runs a dozen workers that do everything at once. Returns failures that are not refusals, and all SQLSTATEs. */
async function crowd(turns: number) {
  const errors = new Set<string>();
  const pool = recordErrors(site.pool, errors);
  const own: Setting = { ...site, pool, deps: { ...site.deps, pool } };
  const oneOf = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;
  const hour = () => oneOf(['08', '09', '10', '11', '12', '13']);
  const anyCase = () => ({
    ...withCArm(oneOf([0, 1, 2])),
    surgeonId: oneOf(site.surgeons),
    patientRef: oneOf(['DEMO-1', 'DEMO-2', 'DEMO-3']),
    bed: { resourceId: site.beds, nights: 1 },
    start: at(`${hour()}:00`),
    minutes: 30,
  });
  /** Runs the command. If it is refused, runs it again and bumps every case in the way. */
  const runWithBumps = <Answer>(command: (bump?: string[]) => Promise<Answer>) =>
    command().catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      return command((error.parts.blockers ?? []).flatMap(({ caseId }) => caseId ?? []));
    });
  const closeAndOpen = async (resourceId: string, quantity?: number) => {
    const start = hour();
    const range = { start: at(`${start}:00`), end: at(`${start}:50`) };
    const id = await runWithBumps((bump) => close(resourceId, { ...range, quantity, bump }, own));
    await removeClosure(own.deps, own.request(), id);
  };
  const acts = {
    hold: () => hold(own, anyCase()),
    bookAndBump: async () => {
      const { id, version } = await book(own, anyCase());
      await bumpCase(own.deps, own.request(), id, { version, reason: 'No bed' });
    },
    closeAll: () => closeAndOpen(oneOf([...site.rooms, ...site.surgeons])),
    closeSome: () => closeAndOpen(oneOf([site.equipment[0], site.beds]), 1),
    resize: async () => {
      const { id, version, capacity } = await readResource(own, oneOf([site.equipment[0], site.beds]));
      const edit = { version, capacity: capacity === 1 ? 3 : capacity - 1 };
      await runWithBumps((bump) => changeResource(own.deps, administrator(own), id, { ...edit, bump }));
    },
    sweep: async () => {
      await pool.query(overdue, [site.siteId]);
      await releaseExpiredHolds(own.deps);
    },
  };
  const names = Object.keys(acts) as (keyof typeof acts)[];
  const done = new Set<string>();
  const failures: unknown[] = [];
  const work = async () => {
    for (let turn = 0; turn < turns; turn++) {
      const name = oneOf(names);
      await acts[name]().then(
        () => done.add(name),
        (error: unknown) => error instanceof Refusal || failures.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: 12 }, work));
  // The last sweep may have skipped holds; sweep again, so that the feed has them too.
  await releaseExpiredHolds(own.deps);
  expect(done.size).toBeGreaterThan(names.length / 2);
  return { failures, errors };
}

const overdue = `UPDATE cases SET expires_at = clock_timestamp() WHERE site_id = $1 AND id IN (
  SELECT id FROM cases WHERE site_id = $1 AND state = 'held' ORDER BY id FOR UPDATE)`;
