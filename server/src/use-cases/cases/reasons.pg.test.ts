import { randomUUID } from 'node:crypto';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { describe, expect, test } from 'vitest';
import { book, feed, hold, refusalOf } from '../../../test/administer.ts';
import { holdInput, at, caseOf } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { addToDepot } from './add-to-depot.ts';
import { changeCase } from './change-case.ts';
import { placeCase } from './place-case.ts';
import { placeHold } from './place-hold.ts';
import { swapCases } from './move-cases.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const arrange = (text: string, ...values: unknown[]) => site.owner.query(text, [site.siteId, ...values]);
const hours = { days: [1, 2, 3, 4, 5, 6, 7], open: '07:00', close: '10:30' };
const attributesOf = (attributes: object) =>
  arrange('UPDATE resources SET attributes = $3 WHERE site_id = $1 AND id = $2', site.rooms[0], attributes);

type Owner = { service: string; surgeonId?: string; released?: boolean };
/** A block of the first room tomorrow from 08:00 to 12:00. */
const block = ({ service, surgeonId, released = false }: Owner) =>
  arrange(
    `INSERT INTO blocks (site_id, id, room_id, during, service, surgeon_id, release_at, released_at)
      VALUES ($1, $2, $3, tstzrange($4, $5), $6, $7, $4, $8)`,
    randomUUID(),
    site.rooms[0],
    at('08:00'),
    at('12:00'),
    service,
    surgeonId ?? null,
    released ? at('00:00', -2) : null,
  );

type Caution = { arrange: () => Promise<unknown>; input?: Partial<PlaceHold>; says: string };
const cautions: Record<string, Caution> = {
  'after hours': {
    arrange: () => attributesOf({ hours: [hours] }),
    input: { minutes: 120 },
    says: 'After hours: OR 1 usually closes at 10:30.',
  },
  'before hours': {
    arrange: () => attributesOf({ hours: [{ ...hours, open: '09:30' }] }),
    says: 'After hours: OR 1 is usually closed at',
  },
  'in another’s block': {
    arrange: () => block({ service: 'Cardiac' }),
    says: "This is Cardiac's block until it is released at",
  },
  'past the edge of a block': {
    arrange: () => block({ service: 'Ortho' }),
    input: { start: at('11:30') },
    says: 'It runs 30 minutes past the end of the block at 12:00.',
  },
  'in an unsuitable room': {
    arrange: () => arrange(`UPDATE procedures SET capabilities = '["laminar flow"]' WHERE site_id = $1`),
    says: 'OR 1 is not equipped for this procedure, which needs laminar flow.',
  },
  'with a short turnover': {
    arrange: () => Promise.resolve(),
    input: { cleanupMinutes: 5 },
    says: 'Turnover is 5 minutes shorter than the usual 20.',
  },
};

describe('BK7 only with a reason, which is stored', () => {
  test.each(Object.entries(cautions))('%s', async (_, { arrange: set, input, says }) => {
    await set();
    const { code, parts } = await refusalOf(placeHold(site.deps, site.request(), holdInput(site, input)));
    expect(code).toBe('validation');
    expect(parts.errors).toEqual([
      { field: 'overrideReason', reason: expect.stringContaining(says) as string },
    ]);
    const item = await hold(site, { ...input, overrideReason: 'Agreed by phone' });
    expect((await feed(site)).at(-1)).toMatchObject({
      case: { id: item.id, overrideReason: 'Agreed by phone' },
    });
  });

  test('all cautions are listed at once', async () => {
    await attributesOf({ hours: [hours] });
    await block({ service: 'Cardiac' });
    const input = holdInput(site, { start: at('10:00'), cleanupMinutes: 0 });
    const { parts } = await refusalOf(placeHold(site.deps, site.request(), input));
    expect(parts.errors).toHaveLength(3);
  });

  test('in every command that puts a case there', async () => {
    await block({ service: 'Cardiac' });
    const [room, other] = site.rooms;
    const item = await book(site, { roomId: other });
    const to = { version: item.version, roomId: room, start: at('09:00') };
    const inBlock = await book(site, { start: at('14:00'), surgeonId: site.surgeons[1] });
    const waiting = caseOf(
      await addToDepot(site.deps, site.request(), { title: 'Knee', service: 'Ortho', minutes: 60 }),
    );
    const swap = {
      first: { caseId: item.id, version: item.version },
      second: { caseId: inBlock.id, version: inBlock.version },
    };
    const { id, version } = await hold(site, { service: 'Cardiac', surgeonId: null, start: at('10:20') });
    const commands = [
      (more: object) => changeCase(site.deps, site.request(), item.id, { ...to, ...more }),
      (more: object) =>
        placeCase(site.deps, site.request(), waiting.id, { ...to, version: waiting.version, ...more }),
      (more: object) => changeCase(site.deps, site.request(), id, { version, service: 'Ortho', ...more }),
    ];
    for (const command of commands)
      expect((await refusalOf(command({}))).parts.errors).toMatchObject([{ field: 'overrideReason' }]);
    // Neither is in a block yet; the one that would get into it needs a reason.
    await arrange(
      'UPDATE blocks SET during = tstzrange($2, $3) WHERE site_id = $1 AND list_id IS NULL',
      at('13:00'),
      at('16:00'),
    );
    expect((await refusalOf(swapCases(site.deps, site.request(), swap))).parts.errors).toMatchObject([
      { field: 'overrideReason' },
    ]);
  });

  test.each([
    ['a block of the caller’s service', { service: 'Ortho' }],
    ['a released block', { service: 'Cardiac', released: true }],
  ])('none is needed in %s', async (_, owner) => {
    await block(owner);
    expect((await hold(site)).overrideReason).toBeNull();
  });

  test('none is needed in a block of the case’s surgeon, whatever its service', async () => {
    await block({ service: 'Trauma', surgeonId: site.surgeons[0] });
    expect((await hold(site)).overrideReason).toBeNull();
  });

  test('a list session belongs to the list, also for cases of its service', async () => {
    const input = { roomId: site.rooms[2], start: at('09:00', 1), service: 'Eyes' };
    const { parts } = await refusalOf(placeHold(site.deps, site.request(), holdInput(site, input)));
    expect(parts.errors?.[0]?.reason).toContain('belongs to a list of Eyes');
  });

  test('a note needs no new reason', async () => {
    await block({ service: 'Cardiac' });
    const { id, version } = await book(site, { overrideReason: 'Agreed' });
    const changed = caseOf(await changeCase(site.deps, site.request(), id, { version, note: 'Latex' }));
    expect(changed.overrideReason).toBe('Agreed');
  });

  test('it can be removed where none is needed any more', async () => {
    await block({ service: 'Cardiac' });
    const { id, version } = await book(site, { overrideReason: 'Agreed' });
    const without = { version, overrideReason: null };
    const { parts } = await refusalOf(changeCase(site.deps, site.request(), id, without));
    expect(parts.errors).toMatchObject([{ field: 'overrideReason' }]);
    await arrange('DELETE FROM blocks WHERE site_id = $1 AND list_id IS NULL');
    expect(caseOf(await changeCase(site.deps, site.request(), id, without)).overrideReason).toBeNull();
  });
});

describe('BK7 an office', () => {
  const asOffice = (more?: Partial<PlaceHold>) =>
    placeHold(site.deps, site.request('test', { userId: site.users.office }), holdInput(site, more));

  test('cannot book into a block of others, even with a reason', async () => {
    await block({ service: 'Cardiac' });
    for (const overrideReason of [undefined, 'Please']) {
      const { code, parts } = await refusalOf(asOffice({ overrideReason }));
      expect([code, parts.blockers]).toMatchObject(['slot_taken', [{ kind: 'block', reason: 'Cardiac' }]]);
    }
  });

  test('can, once the block is released, and in its own blocks', async () => {
    await block({ service: 'Cardiac', released: true });
    expect(caseOf(await asOffice()).state).toBe('held');
    await arrange(`UPDATE blocks SET released_at = NULL, service = 'Ortho' WHERE site_id = $1`);
    expect(caseOf(await asOffice({ start: at('10:20') })).state).toBe('held');
  });

  test('books only for its own surgeons', async () => {
    for (const surgeonId of [site.surgeons[1], null, undefined]) {
      expect((await refusalOf(asOffice({ surgeonId }))).code).toBe('forbidden');
    }
    const { id, version } = caseOf(await asOffice());
    const request = site.request('test', { userId: site.users.office });
    const toAnother = { version, surgeonId: site.surgeons[1] };
    expect((await refusalOf(changeCase(site.deps, request, id, toAnother))).code).toBe('forbidden');
  });

  test('PE2 cannot choose the service of a case: the surgeon’s counts', async () => {
    await block({ service: 'Trauma' });
    const { code, parts } = await refusalOf(asOffice({ service: 'Trauma' }));
    expect([code, parts.errors?.map(({ field }) => field)]).toEqual(['validation', ['service']]);
    for (const service of [undefined, null, 'Ortho']) {
      expect(await refusalOf(asOffice({ service }))).toMatchObject({ code: 'slot_taken' });
    }
    const elsewhere = caseOf(await asOffice({ roomId: site.rooms[1], service: null }));
    expect(elsewhere.service).toBe('Ortho');
  });

  test('PE2 cannot use a procedure of another service', async () => {
    await block({ service: 'Trauma' });
    const procedureId = randomUUID();
    await arrange(
      `INSERT INTO procedures (site_id, id, name, service, minutes, spread, setup_minutes, cleanup_minutes,
        capabilities, equipment) VALUES ($1, $2, 'Nailing', 'Trauma', 60, 10, 10, 10, '[]', '[]')`,
      procedureId,
    );
    const { code, parts } = await refusalOf(asOffice({ procedureId }));
    expect([code, parts.errors?.map(({ field }) => field)]).toEqual(['validation', ['procedureId']]);
    const { id, version } = caseOf(await asOffice({ roomId: site.rooms[1] }));
    const office = site.request('test', { userId: site.users.office });
    expect((await refusalOf(changeCase(site.deps, office, id, { version, procedureId }))).code).toBe(
      'validation',
    );
  });

  test('PE2 cannot change its hold to the service of a block', async () => {
    const { id, version } = caseOf(await asOffice());
    await block({ service: 'Trauma' });
    const office = (more: object) =>
      changeCase(site.deps, site.request('test', { userId: site.users.office }), id, { version, ...more });
    expect((await refusalOf(office({ service: 'Trauma' }))).parts.errors).toMatchObject([
      { field: 'service' },
    ]);
    expect((await refusalOf(office({ minutes: 90 }))).code).toBe('slot_taken');
  });

  test('PE2 with a surgeon of no service gets open time and that surgeon’s blocks, whatever the procedure', async () => {
    await arrange(`UPDATE resources SET attributes = '{}' WHERE site_id = $1 AND kind = 'surgeon'`);
    await block({ service: 'Ortho' });
    expect((await refusalOf(asOffice())).code).toBe('slot_taken');
    expect(caseOf(await asOffice({ start: at('14:00') })).service).toBeNull();
    await arrange('UPDATE blocks SET surgeon_id = $2 WHERE site_id = $1', site.surgeons[0]);
    expect(caseOf(await asOffice()).state).toBe('held');
  });

  test('PE2 gets no place on the list of another service', async () => {
    const place = { roomId: undefined, start: undefined, blockId: site.session, minutes: 30 };
    expect((await refusalOf(asOffice(place))).code).toBe('slot_taken');
    await arrange(`UPDATE blocks SET service = 'Ortho' WHERE site_id = $1`);
    expect(caseOf(await asOffice(place)).list?.blockId).toBe(site.session);
    const nextToList = { roomId: site.rooms[2], start: at('11:00', 1), minutes: 30 };
    expect((await refusalOf(asOffice(nextToList))).code).toBe('slot_taken');
  });

  test('PE8 cannot change or confirm a booked case, not even its own', async () => {
    const { id, version } = await book(site);
    const office = () => site.request('test', { userId: site.users.office });
    const tries = [
      changeCase(site.deps, office(), id, { version, note: 'x' }),
      changeCase(site.deps, office(), id, { to: 'confirmed' }),
    ];
    for (const each of tries) expect((await refusalOf(each)).code).toBe('forbidden');
  });

  test('finds only its own cases', async () => {
    const { id, version } = await hold(site, { surgeonId: site.surgeons[1] });
    const request = site.request('test', { userId: site.users.office });
    expect((await refusalOf(changeCase(site.deps, request, id, { version, note: 'x' }))).code).toBe(
      'not_found',
    );
  });
});
