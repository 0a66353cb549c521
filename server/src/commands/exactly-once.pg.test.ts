import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { book, feed, hold, refusalOf } from '../../test/administer.ts';
import { beforeStatement } from '../../test/statements.ts';
import { untilBlocked } from '../../test/database.ts';
import { holdInput, at, caseOf } from '../../test/hospital.ts';
import { freshSite, withFreshSite } from '../../test/laboratory.ts';
import type { Laboratory } from '../../test/laboratory.ts';
import { addToDepot } from '../use-cases/cases/add-to-depot.ts';
import { cancelCase } from '../use-cases/cases/take-off-board.ts';
import { changeCase } from '../use-cases/cases/change-case.ts';
import type { CommandReply, CommandRequest } from './context.ts';
import { deleteOldCommands } from './delete-old.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { recordMilestone } from '../use-cases/cases/record-milestone.ts';
import { releaseHold, takeOverHold } from '../use-cases/cases/holds.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const place = (request: CommandRequest, more?: Parameters<typeof holdInput>[1]) =>
  placeHold(site.deps, request, holdInput(site, more));
const by = (userId: string) => site.request('test', { userId });
const elsewhere = () => ({ roomId: site.rooms[1], surgeonId: site.surgeons[1] });
const setRole = (userId: string, role: string) =>
  site.owner.query('UPDATE memberships SET role = $3 WHERE site_id = $1 AND user_id = $2', [
    site.siteId,
    userId,
    role,
  ]);

describe('EX1 a repeated key', () => {
  type Prepare = () => Promise<(request: CommandRequest) => Promise<CommandReply>>;
  const commands: Record<string, Prepare> = {
    hold: () => Promise.resolve((request) => place(request)),
    depot: () => Promise.resolve((request) => addToDepot(site.deps, request, { title: 'Appendix' })),
    book: async () => {
      const { id } = await hold(site);
      return (request) => changeCase(site.deps, request, id, { to: 'scheduled' });
    },
    save: async () => {
      const { id, version } = await hold(site);
      const input = { version, ...elsewhere(), start: at('13:00'), note: 'Latex', to: 'scheduled' } as const;
      return (request) => changeCase(site.deps, request, id, input);
    },
    cancel: async () => {
      const { id, version } = await book(site);
      return (request) => cancelCase(site.deps, request, id, { version, reason: 'Flu' });
    },
    milestone: async () => {
      const { id } = await book(site);
      const fact = { milestone: 'in_room', at: new Date().toISOString() } as const;
      return (request) => recordMilestone(site.deps, request, id, fact);
    },
  };

  test.each(Object.entries(commands))(
    '%s: 50 requests at once have one effect and one answer',
    async (_, prepare) => {
      const command = await prepare();
      const before = (await feed(site)).length;
      const request = site.request();
      site.published.length = 0;
      const replies = await Promise.all(Array.from({ length: 50 }, () => command(request)));
      expect((await feed(site)).length).toBe(before + 1);
      expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1);
      const [{ status, body } = { status: 0, body: {} }] = replies;
      for (const reply of replies) expect(reply).toMatchObject({ status, body });
      expect(site.published).toHaveLength(1);
      // And again later.
      expect((await command(request)).replayed).toBe(true);
    },
  );

  test('gets the same reply although the case has changed since', async () => {
    const request = site.request();
    const first = await place(request);
    await releaseHold(site.deps, site.request(), caseOf(first).id);
    expect(await place(request)).toEqual({ ...first, replayed: true });
    expect(caseOf(await place(request)).state).toBe('held');
  });

  test('runs the command if the first attempt was cut off before its end', async () => {
    const request = site.request();
    const before = (await feed(site)).length;
    const breaking = beforeStatement(site.pool, 'finish-command', () => {
      throw new Error('cut off');
    });
    await expect(placeHold({ ...site.deps, pool: breaking }, request, holdInput(site))).rejects.toThrow(
      'cut off',
    );
    expect(await feed(site)).toHaveLength(before);
    expect((await place(request)).replayed).toBe(false);
  });
});

describe('EX2 a key repeated for something else', () => {
  test('is refused, whether the first command succeeded or was refused', async () => {
    const { key } = site.request();
    await place(site.request('hold', { key }));
    const { code } = await refusalOf(place(site.request('another hold', { key }), elsewhere()));
    expect(code).toBe('key_reused');
    const refused = site.request();
    await refusalOf(place(refused));
    expect((await refusalOf(place(site.request('other', refused), elsewhere()))).code).toBe('key_reused');
    expect(await feed(site)).toHaveLength(1);
  });

  test('is refused for another person too, because the created entity exists', async () => {
    const { key } = site.request();
    await place(site.request('hold', { key }));
    const ofSecond = site.request('hold', { key, userId: site.users.second });
    expect((await refusalOf(place(ofSecond, elsewhere()))).code).toBe('key_reused');
  });

  test('is a different key at another site', async () => {
    const { key } = site.request();
    const other = await freshSite(site);
    await place(site.request('hold', { key }));
    const reply = await placeHold(other.deps, other.request('hold', { key }), holdInput(other));
    expect(reply.replayed).toBe(false);
  });
});

describe('EX3 while a command is in progress', () => {
  /** Uses the key until the owner's transaction ends. */
  const occupy = async ({ siteId, userId, key, fingerprint }: CommandRequest) => {
    await site.owner.query('BEGIN');
    const text = 'INSERT INTO commands (site_id, user_id, key, fingerprint) VALUES ($1, $2, $3, $4)';
    await site.owner.query(text, [siteId, userId, key, fingerprint]);
  };

  test('the same key waits, and runs if the first attempt fails', async () => {
    const request = site.request();
    await occupy(request);
    const second = place(request);
    await untilBlocked(site.owner);
    await site.owner.query('ROLLBACK');
    expect((await second).replayed).toBe(false);
  });

  test('the same key is refused as in_progress, with the time to retry, if the first attempt takes too long', async () => {
    const request = site.request();
    await occupy(request);
    const { code, parts } = await refusalOf(place(request));
    await site.owner.query('ROLLBACK');
    expect([code, parts.retryAfter]).toEqual(['in_progress', 1]);
    // Nothing was stored.
    expect((await place(request)).replayed).toBe(false);
  });
});

describe('EX4 a refusal', () => {
  test('is stored and replayed, even if the command would succeed by now', async () => {
    const other = await hold(site);
    const request = site.request();
    const refusal = await refusalOf(place(request));
    await releaseHold(site.deps, site.request(), other.id);
    const replay = await place(request);
    expect(replay).toMatchObject({ status: 409, replayed: true });
    expect(replay.body).toEqual({ code: 'slot_taken', detail: refusal.message, ...refusal.parts });
    expect((await place(site.request())).status).toBe(201);
  });

  test('is the one answer of 50 requests at once', async () => {
    await hold(site);
    const request = site.request();
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => place(request)));
    const codes = answers.map((each) =>
      each.status === 'fulfilled' ? each.value.body.code : (each.reason as { code: string }).code,
    );
    expect(new Set(codes)).toEqual(new Set(['slot_taken']));
  });

  test('is not the answer if another request with the key succeeded meanwhile', async () => {
    const other = await hold(site);
    const request = site.request();
    let done: CommandReply | undefined;
    const pool = beforeStatement(site.pool, 'store-refusal', async () => {
      await releaseHold(site.deps, site.request(), other.id);
      done = await place(request);
    });
    const answer = await placeHold({ ...site.deps, pool }, request, holdInput(site));
    expect([answer, done?.replayed]).toEqual([{ ...done, replayed: true }, false]);
  });

  test('for lack of permission is decided again', async () => {
    const request = site.request();
    await setRole(request.userId, 'viewer');
    expect((await refusalOf(place(request))).code).toBe('forbidden');
    await setRole(request.userId, 'coordinator');
    expect((await place(request)).replayed).toBe(false);
  });

  test("of someone else's hold is decided again", async () => {
    const item = await hold(site);
    const request = site.request('test', { userId: site.users.second });
    expect((await refusalOf(releaseHold(site.deps, request, item.id))).code).toBe('forbidden');
    await site.owner.query(`UPDATE cases SET holder = $2 WHERE id = $1`, [
      item.id,
      { id: site.users.second, name: 'second person' },
    ]);
    expect((await releaseHold(site.deps, request, item.id)).replayed).toBe(false);
  });

  test('of a non-member stores nothing', async () => {
    const request = site.request('test', { userId: randomUUID() });
    expect((await refusalOf(place(request))).code).toBe('not_found');
    const { rowCount } = await site.owner.query('SELECT FROM commands WHERE site_id = $1', [site.siteId]);
    expect(rowCount).toBe(0);
  });
});

describe('EX5 a reply is replayed only to a caller who may still run the command', () => {
  test.each([
    ['was demoted', 'forbidden', () => setRole(site.users.coordinator, 'viewer')],
    [
      'has left the site',
      'not_found',
      () => site.owner.query('DELETE FROM memberships WHERE site_id = $1', [site.siteId]),
    ],
    [
      'is disabled',
      'not_found',
      () => site.owner.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [site.users.coordinator]),
    ],
  ])('not to a caller who %s', async (_, expected, demote) => {
    const request = site.request();
    const { code } = await refusalOf(
      cancelCase(site.deps, site.request(), randomUUID(), { version: 1, reason: 'x' }),
    );
    expect(code).toBe('not_found');
    await place(request);
    await demote();
    expect((await refusalOf(place(request))).code).toBe(expected);
    await site.owner.query(`UPDATE users SET status = 'active' WHERE id = $1`, [site.users.coordinator]);
  });

  test('a refusal is replayed without its blockers if the caller may no longer see that case', async () => {
    const setSurgeons = (...surgeons: (string | undefined)[]) =>
      site.owner.query('UPDATE memberships SET surgeon_ids = $3 WHERE site_id = $1 AND user_id = $2', [
        site.siteId,
        site.users.office,
        surgeons,
      ]);
    const [kept, removed] = site.surgeons;
    await place(site.request(), { surgeonId: removed, title: 'Secret', patientRef: 'DEMO-1' });
    await setSurgeons(kept, removed);
    const request = site.request('test', { userId: site.users.office });
    const input = { surgeonId: kept, patientRef: 'DEMO-1' };
    const refusal = await refusalOf(place(request, input));
    expect(JSON.stringify([refusal.message, refusal.parts])).toMatch(/Secret.*Secret/);
    const expected = { code: 'slot_taken', detail: refusal.message, ...refusal.parts };
    expect((await place(request, input)).body).toEqual(expected);
    await setSurgeons(kept);
    const { status, body } = await place(request, input);
    expect([status, Object.keys(body)]).toEqual([409, ['code', 'detail']]);
    expect(body['detail']).toMatch(/^Something else was in the way/);
    await setSurgeons(kept, removed);
    expect((await place(request, input)).body).toEqual(expected);
  });

  const ofOtherSurgeon = () => ({ surgeonId: site.surgeons[1], patientRef: 'DEMO-1' });
  const commands: Record<
    string,
    [string, () => Promise<(request: CommandRequest) => Promise<CommandReply>>]
  > = {
    change: [
      'not_found',
      async () => {
        const { id, version } = caseOf(await place(by(site.users.second), ofOtherSurgeon()));
        await changeCase(site.deps, by(site.users.second), id, { to: 'scheduled' });
        const edit = { version: version + 1, note: 'Latex' };
        return (request) => changeCase(site.deps, request, id, edit);
      },
    ],
    book: [
      'not_found',
      async () => {
        const { id } = caseOf(await place(by(site.users.second), ofOtherSurgeon()));
        await takeOverHold(site.deps, site.request(), id);
        return (request) => changeCase(site.deps, request, id, { to: 'scheduled' });
      },
    ],
    hold: ['forbidden', () => Promise.resolve((request) => place(request, ofOtherSurgeon()))],
  };
  test.each(Object.entries(commands))(
    'not to a caller who is now an office of other surgeons: %s',
    async (_, [expected, prepare]) => {
      const command = await prepare();
      const request = site.request();
      const first = await command(request);
      const becomeOffice = (surgeonId: string) =>
        site.owner.query(
          `UPDATE memberships SET role = 'office', surgeon_ids = ARRAY[$3::uuid] WHERE site_id = $1 AND user_id = $2`,
          [site.siteId, request.userId, surgeonId],
        );
      await becomeOffice(site.surgeons[0]);
      for (const code of [expected, expected]) expect((await refusalOf(command(request))).code).toBe(code);
      // An office that has this surgeon gets the same reply.
      await becomeOffice(site.surgeons[1]);
      expect(await command(request)).toEqual({ ...first, replayed: true });
    },
  );
});

test('EX7 the server stores keys for 72 hours', async () => {
  const request = site.request();
  const start = at('09:00', 5);
  const { id } = caseOf(await place(request, { start }));
  await site.clock.advance(72 * 3600 - 60);
  await deleteOldCommands(site.pool);
  expect((await place(request, { start })).replayed).toBe(true);
  await site.clock.advance(120);
  await deleteOldCommands(site.pool);
  // The case still exists and is not created again.
  expect((await refusalOf(place(request, { start }))).code).toBe('key_reused');
  expect((await feed(site)).filter((body) => body.type === 'case' && body.case.id === id)).toHaveLength(1);
});
