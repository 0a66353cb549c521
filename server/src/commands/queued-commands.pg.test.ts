import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { feed, hold, refusalOf } from '../../test/administer.ts';
import { aroundStatements, beforeStatement } from '../../test/statements.ts';
import { untilBlocked } from '../../test/database.ts';
import { at, holdInput } from '../../test/hospital.ts';
import { freshSite, withFreshSite } from '../../test/laboratory.ts';
import type { Laboratory } from '../../test/laboratory.ts';
import { meetingOfTwo, mutate } from '../../test/mutate.ts';
import type { Database } from '../db/pool.ts';
import type { Refusal } from '../domain/refusal.ts';
import { addToDepot } from '../use-cases/cases/add-to-depot.ts';
import { cancelCase } from '../use-cases/cases/take-off-board.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { releaseHold } from '../use-cases/cases/holds.ts';
import type { CommandReply, CommandRequest } from './context.ts';
import { deleteOldCommands } from './delete-old.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

async function newDevice(userId: string = site.users.coordinator): Promise<string> {
  const id = randomUUID();
  await site.owner.query(
    `INSERT INTO devices (site_id, id, user_id, name, secret) VALUES ($1, $2, $3, 'OR desk', $4)`,
    [site.siteId, id, userId, randomBytes(32)],
  );
  return id;
}

async function positionOf(device: string): Promise<number> {
  const { rows } = await site.owner.query<{ position: number }>(
    'SELECT position::int FROM devices WHERE site_id = $1 AND id = $2',
    [site.siteId, device],
  );
  return rows[0]?.position ?? -1;
}

/** The `n`th command of the device, by default with a key of its own. */
const nth = (device: string, n: number, by: { key?: string; userId?: string } = {}): CommandRequest => ({
  ...site.request('test', by),
  queued: { device, n },
});

/** A command that succeeds. */
const add = (request: CommandRequest, pool: Database = site.pool) =>
  addToDepot({ ...site.deps, pool }, request, { title: 'Appendix' });
/** A command that is refused because its time is taken. */
const holdTakenTime = (request: CommandRequest, pool: Database = site.pool) =>
  placeHold({ ...site.deps, pool }, request, holdInput(site));
const added = async () =>
  (await feed(site)).filter((body) => body.type === 'case' && body.cause === 'added').length;

describe('DV6 the next position', () => {
  test('runs the command; its reply says the position after it, and so does a replay', async () => {
    const device = await newDevice();
    const [first, second] = [nth(device, 1), nth(device, 2)];
    expect(await add(first)).toMatchObject({ status: 201, replayed: false, position: 1 });
    expect(await add(second)).toMatchObject({ replayed: false, position: 2 });
    expect(await add(second)).toMatchObject({ replayed: true, position: 2 });
    expect(await add(first)).toMatchObject({ replayed: true, position: 2 });
    expect([await added(), await positionOf(device)]).toEqual([2, 2]);
  });

  test('is in the audit of the command', async () => {
    const device = await newDevice();
    await add(nth(device, 1));
    const { rows } = await site.owner.query(
      `SELECT detail -> 'queued' AS queued FROM audit WHERE site_id = $1 AND action = 'test'`,
      [site.siteId],
    );
    expect(rows).toEqual([{ queued: { device, n: 1 } }]);
  });

  test('a command that is not queued has no position and uses none', async () => {
    const device = await newDevice();
    expect((await add(site.request())).position).toBeUndefined();
    expect(await positionOf(device)).toBe(0);
  });
});

/** The moment at which a connection is lost: before a statement is sent, or after it was executed. */
const moments = ['begin-command', 'claim', 'finish-command', 'COMMIT', 'store-refusal'].flatMap((name) =>
  (['before', 'after'] as const).map((when) => ({ name, when })),
);

class Lost extends Error {}

/** Loses the connection at that moment, once. Its session is ended in the database, in order with the statements. */
function losing(pool: Database, moment: { name: string; when: 'before' | 'after' }): Database {
  let isLost = false;
  return aroundStatements(pool, (name, send, session) => {
    if (isLost || name !== moment.name) return send();
    isLost = true;
    const sent = moment.when === 'after' ? send() : undefined;
    const ended = session.query('SELECT pg_terminate_backend(pg_backend_pid())');
    return Promise.allSettled([sent, ended]).then(() => Promise.reject(new Lost()));
  });
}

/**
 * Loses the connection at each moment of a command, and sends the command again. Returns what was wrong: an effect without
 * its position, a position without its effect, or a final state that differs from that of a command sent once.
 */
async function violations(pool: (pool: Database, device: string) => Database): Promise<string[]> {
  const found: string[] = [];
  const kinds = [
    { kind: 'done', run: add, effects: added },
    { kind: 'refused', run: holdTakenTime, effects: refusals },
  ];
  await hold(site);
  for (const { kind, run, effects } of kinds) {
    for (const moment of moments) {
      const label = `${kind}, ${moment.when} ${moment.name}`;
      const device = await newDevice();
      const request = nth(device, 1);
      const before = await effects();
      await run(request, pool(losing(site.pool, moment), device)).catch((error: unknown) => error);
      const cut = [(await effects()) - before, await positionOf(device)];
      if (cut[0] !== cut[1]) found.push(`${label}: ${cut[0]} effects at position ${cut[1]}`);
      await run(request, pool(site.pool, device)).catch((error: unknown) => error);
      const end = [(await effects()) - before, await positionOf(device)];
      if (end[0] !== 1 || end[1] !== 1)
        found.push(`${label}, again: ${end[0]} effects at position ${end[1]}`);
    }
  }
  return found;
}
const refusals = async () => {
  const { rowCount } = await site.owner.query('SELECT FROM commands WHERE site_id = $1 AND status >= 400', [
    site.siteId,
  ]);
  return rowCount ?? 0;
};

describe('DV6 DV7 a position is written in the transaction of its effect', () => {
  test('a lost connection leaves both or neither, and the command sent again has one effect', async () => {
    expect(await violations((pool) => pool)).toEqual([]);
  });

  const writePosition = (device: string) =>
    site.owner.query('UPDATE devices SET position = 1 WHERE site_id = $1 AND id = $2', [site.siteId, device]);
  test.each([
    ['before the transaction', 'begin-command', 'before'],
    ['after the transaction', 'COMMIT', 'after'],
  ])('a position written %s is noticed', async (_, statement, when) => {
    const restore = await mutate(site.owner, 'take_position', [
      'IF p_n = v_before + 1 THEN',
      'IF false THEN',
    ]);
    const separately = (pool: Database, device: string) =>
      aroundStatements(pool, async (name, send) => {
        if (name !== statement && name !== 'store-refusal') return send();
        if (when === 'before') await writePosition(device);
        const reply = await send();
        if (when === 'after') await writePosition(device);
        return reply;
      });
    const found = await violations(separately);
    await restore();
    expect(found.join('\n')).toMatch(/done, .* at position/);
    expect(found.join('\n')).toMatch(/refused, .* at position/);
  });
});

describe('DV7 a refusal', () => {
  test('uses its position and is replayed; the next command runs', async () => {
    await hold(site);
    const device = await newDevice();
    const request = nth(device, 1);
    const refusal = await refusalOf(holdTakenTime(request));
    expect([refusal.code, refusal.position, await positionOf(device)]).toEqual(['slot_taken', 1, 1]);
    expect(await holdTakenTime(request)).toMatchObject({ status: 409, replayed: true, position: 1 });
    expect(await add(nth(device, 2))).toMatchObject({ status: 201, position: 2 });
  });

  test.each([
    ['of a start in the past', 'validation', () => ({ start: at('09:00', -5) })],
    ['of an unknown room', 'validation', () => ({ roomId: randomUUID() })],
  ])('%s uses it too', async (_, code, more) => {
    const device = await newDevice();
    const refusal = await refusalOf(placeHold(site.deps, nth(device, 1), holdInput(site, more())));
    expect([refusal.code, refusal.position, await positionOf(device)]).toEqual([code, 1, 1]);
  });

  test('that is not stored uses none', async () => {
    const device = await newDevice();
    const setRole = (role: string) =>
      site.owner.query('UPDATE memberships SET role = $3 WHERE site_id = $1 AND user_id = $2', [
        site.siteId,
        site.users.coordinator,
        role,
      ]);
    await setRole('viewer');
    const forbidden = await refusalOf(add(nth(device, 1)));
    await setRole('coordinator');
    const { key } = site.request();
    await addToDepot(site.deps, site.request('another', { key }), { title: 'Other' });
    const reused = await refusalOf(add(nth(device, 1, { key })));
    const stranger = await refusalOf(add(nth(device, 1, { userId: randomUUID() })));
    expect([forbidden, reused, stranger].map(({ code, position }) => [code, position])).toEqual([
      ['forbidden', undefined],
      ['key_reused', undefined],
      ['not_found', undefined],
    ]);
    expect(await positionOf(device)).toBe(0);
    expect(await add(nth(device, 1))).toMatchObject({ position: 1 });
  });

  test('that is decided again says that its position was used before', async () => {
    const device = await newDevice();
    const request = nth(device, 1);
    await add(request);
    await add(nth(device, 2));
    await site.owner.query(`UPDATE memberships SET role = 'viewer' WHERE site_id = $1 AND user_id = $2`, [
      site.siteId,
      site.users.coordinator,
    ]);
    expect(await refusalOf(add(request))).toMatchObject({ code: 'forbidden', position: 2 });
    expect((await refusalOf(add(nth(device, 3)))).position).toBeUndefined();
  });

  test('is not stored if another command took its position meanwhile', async () => {
    await hold(site);
    const device = await newDevice();
    const [request, other] = [nth(device, 1), nth(device, 1)];
    const pool = beforeStatement(site.pool, 'store-refusal', async () => {
      await add(other);
    });
    expect(await refusalOf(holdTakenTime(request, pool))).toMatchObject({ code: 'queue_gap', position: 1 });
    expect([await refusals(), await positionOf(device)]).toEqual([0, 1]);
  });

  test('is not the answer if the same command succeeded meanwhile', async () => {
    const other = await hold(site);
    const device = await newDevice();
    const request = nth(device, 1);
    let done: CommandReply | undefined;
    const pool = beforeStatement(site.pool, 'store-refusal', async () => {
      await releaseHold(site.deps, site.request(), other.id);
      done = await holdTakenTime(request);
    });
    expect(await holdTakenTime(request, pool)).toEqual({ ...done, replayed: true, position: 1 });
  });

  test('is not stored if its device was retired meanwhile', async () => {
    await hold(site);
    const device = await newDevice();
    const pool = beforeStatement(site.pool, 'store-refusal', () => retire(device));
    expect((await refusalOf(holdTakenTime(nth(device, 1), pool))).code).toBe('device_retired');
    expect([await refusals(), await positionOf(device)]).toEqual([0, 0]);
  });
});

const retire = async (device: string) => {
  await site.owner.query('UPDATE devices SET retired_at = now() WHERE site_id = $1 AND id = $2', [
    site.siteId,
    device,
  ]);
};

describe('DV8 any other position', () => {
  test.each([
    ['beyond the next', 3],
    ['far beyond', 999_999_999_999_999],
  ])('%s is refused as a gap, whether the key is known or not', async (_, n) => {
    const device = await newDevice();
    const { key } = nth(device, 1);
    await add(nth(device, 1, { key }));
    for (const request of [nth(device, n), nth(device, n, { key })]) {
      const { code, position } = await refusalOf(add(request));
      expect([code, position]).toEqual(['queue_gap', undefined]);
    }
    expect([await added(), await positionOf(device), await refusals()]).toEqual([1, 1, 0]);
  });

  test('that was used, under another key, is refused as a gap', async () => {
    const device = await newDevice();
    await add(nth(device, 1));
    const request = nth(device, 1);
    expect(await refusalOf(add(request))).toMatchObject({ code: 'queue_gap', position: 1 });
    expect([await added(), await positionOf(device)]).toEqual([1, 1]);
    // The key was not used up.
    expect(await add({ ...request, queued: { device, n: 2 } })).toMatchObject({
      replayed: false,
      position: 2,
    });
  });

  test('that was used, under a key that is forgotten by now, is refused as a gap', async () => {
    const device = await newDevice();
    const request = nth(device, 1);
    await add(request);
    await site.clock.advance(73 * 3600);
    await deleteOldCommands(site.pool);
    expect((await refusalOf(add(request))).code).toBe('queue_gap');
    expect(await added()).toBe(1);
  });
});

describe('DV9 a command whose key was answered without a position', () => {
  test('takes its position with the replay', async () => {
    const device = await newDevice();
    const request = site.request();
    await add(request);
    const queued = { ...request, queued: { device, n: 1 } };
    expect(await add(queued)).toMatchObject({ replayed: true, position: 1 });
    expect(await add(queued)).toMatchObject({ replayed: true, position: 1 });
    expect(await add(nth(device, 2))).toMatchObject({ replayed: false, position: 2 });
    expect(await added()).toBe(2);
  });

  test('takes it with the replay of a refusal', async () => {
    await hold(site);
    const device = await newDevice();
    const request = site.request();
    await refusalOf(holdTakenTime(request));
    expect(await holdTakenTime({ ...request, queued: { device, n: 1 } })).toMatchObject({
      status: 409,
      replayed: true,
      position: 1,
    });
    expect(await positionOf(device)).toBe(1);
  });

  test('waits for the first attempt if that is still in progress', async () => {
    const device = await newDevice();
    const request = site.request();
    let queued: Promise<CommandReply> | undefined;
    const pool = beforeStatement(site.pool, 'claim', async () => {
      queued = add({ ...request, queued: { device, n: 1 } });
      await untilBlocked(site.owner);
    });
    expect(await add(request, pool)).toMatchObject({ replayed: false });
    expect(await queued).toMatchObject({ replayed: true, position: 1 });
    expect(await added()).toBe(1);
  });
});

describe('DV10 simultaneous commands', () => {
  test('with one key at one position have one effect', async () => {
    const device = await newDevice();
    const request = nth(device, 1);
    const replies = await Promise.all(Array.from({ length: 20 }, () => add(request)));
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(replies.every(({ position }) => position === 1)).toBe(true);
    expect([await added(), await positionOf(device)]).toEqual([1, 1]);
  });

  const race = async (device: string) => {
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => add(nth(device, 1))));
    return answers.map((each) => (each.status === 'rejected' ? (each.reason as Refusal).code : 'done'));
  };
  test('with 20 keys at one position: one runs, the others find a gap', async () => {
    const device = await newDevice();
    const codes = await race(device);
    expect(codes.toSorted()).toEqual(['done', ...Array.from({ length: 19 }, () => 'queue_gap')]);
    expect([await added(), await positionOf(device)]).toEqual([1, 1]);
  });

  test('at one position all run without the lock of the device', async () => {
    const meeting = await meetingOfTwo(site.owner);
    const restore = await mutate(site.owner, 'take_position', ['FOR NO KEY UPDATE;', `; ${meeting}`]);
    const codes = await race(await newDevice());
    await restore();
    expect(codes.filter((each) => each === 'done').length).toBeGreaterThan(1);
  });

  test('of two devices of one person do not wait for each other', async () => {
    const [first, second] = [await newDevice(), await newDevice()];
    let secondIsDone = false;
    const pool = beforeStatement(site.pool, 'claim', async () => {
      expect(await add(nth(second, 1))).toMatchObject({ position: 1 });
      secondIsDone = true;
    });
    expect(await add(nth(first, 1), pool)).toMatchObject({ position: 1 });
    expect([secondIsDone, await positionOf(first), await positionOf(second)]).toEqual([true, 1, 1]);
  });
});

describe('DV2 nothing runs for a device', () => {
  test.each([
    [
      'that is retired',
      async () => {
        const device = await newDevice();
        await add(nth(device, 1));
        await retire(device);
        return device;
      },
    ],
    ['of another person', () => newDevice(site.users.second)],
    [
      'of another site',
      async () => {
        const here = site;
        site = await freshSite(here);
        const device = await newDevice();
        site = here;
        return device;
      },
    ],
    ['that was never registered', () => Promise.resolve(randomUUID())],
  ])('%s', async (_, prepare) => {
    const device = await prepare();
    const before = await added();
    const refused = await Promise.all([1, 2, 3].map((n) => refusalOf(add(nth(device, n)))));
    expect(
      new Set(refused.map(({ code, message, position }) => JSON.stringify([code, message, position]))),
    ).toHaveLength(1);
    expect(refused[0]?.code).toBe('device_retired');
    expect(await added()).toBe(before);
    const { rowCount } = await site.owner.query('SELECT FROM commands WHERE site_id = $1', [site.siteId]);
    expect(rowCount).toBe(before);
  });

  test('that is retired, not even a replay', async () => {
    const device = await newDevice();
    const request = nth(device, 1);
    await add(request);
    await retire(device);
    expect((await refusalOf(add(request))).code).toBe('device_retired');
    // Without a position, the key still has its reply.
    expect(await add({ ...request, queued: undefined })).toMatchObject({ replayed: true });
  });
});

test('DV6 the version in a queued command is checked when it arrives', async () => {
  const item = await hold(site);
  const device = await newDevice();
  const cancel = { version: item.version + 1, reason: 'Flu' };
  const refusal = await refusalOf(cancelCase(site.deps, nth(device, 1), item.id, cancel));
  expect([refusal.code, refusal.position]).toEqual(['stale_version', 1]);
});

test('DV11 a queued command sends the same statements as another one, done or refused', async () => {
  await hold(site);
  const device = await newDevice();
  const statements = async (run: typeof add, request: CommandRequest) => {
    const names: string[] = [];
    const pool = aroundStatements(site.pool, (name, send) => {
      names.push(name);
      return send();
    });
    await run(request, pool).catch(() => {});
    return names;
  };
  expect(await statements(add, nth(device, 1))).toEqual(await statements(add, site.request()));
  expect(await statements(holdTakenTime, nth(device, 2))).toEqual(
    await statements(holdTakenTime, site.request()),
  );
});
