import type { BlockTemplate } from '@slate/shared/block-templates';
import type { Case } from '@slate/shared/cases';
import type { CreateBlockTemplate } from '@slate/shared/contract/blocks';
import type { PlannedChange, UndoChange } from '@slate/shared/contract/consequences';
import type { Decision } from '@slate/shared/contract/decisions';
import type { Procedure } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';
import { addMinutes } from '@slate/shared/time';
import { describe, expect, test } from 'vitest';
import { administrator, book, feed, hold, readCase, readResource } from '../../../test/administer.ts';
import { dateIn, laidBlocks, planIn, weekly } from '../../../test/block-templates.ts';
import { run, decidedIn, closing, moveTo, toDepot, carry, bookIn } from '../../../test/decisions.ts';
import { at, turnInput } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { recordMilestone } from '../cases/record-milestone.ts';
import { changeCase } from '../cases/change-case.ts';
import { cancelCase } from '../cases/take-off-board.ts';
import { undoChange } from './planned-change.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const undo = async (change: PlannedChange, putBack: UndoChange['putBack']) =>
  (await undoChange(site.deps, administrator(site), { change, putBack })).body;

describe('CW8 undo', () => {
  test('takes the change back and puts its cases back, in one transaction', async () => {
    const [moved, sent] = [await bookIn(site, 0, '08:30'), await bookIn(site, 0, '10:00')];
    const { body } = await run(
      site,
      closing(site, [moveTo(moved, site.rooms[1], at('08:30')), toDepot(sent)]),
    );
    const { id } = body['closure'] as Closure;
    expect(await undo({ command: 'removeClosure', id }, decidedIn(body))).toMatchObject({ notPutBack: [] });
    const plan = ({ version: _version, ...rest }: Case) => rest;
    expect(plan(await readCase(site, moved.id))).toEqual(plan(moved));
    expect(plan(await readCase(site, sent.id))).toEqual(plan(sent));
    expect((await site.pool.query('SELECT FROM closures WHERE site_id = $1', [site.siteId])).rowCount).toBe(
      0,
    );
    expect((await feed(site)).slice(-3)).toMatchObject([
      { type: 'closure_removed' },
      { type: 'case', cause: 'moved' },
      { type: 'case', cause: 'booked' },
    ]);
  });

  test('names the cases that cannot go back, and puts the others back', async () => {
    const sent = [
      await bookIn(site, 0, '08:30'),
      await bookIn(site, 0, '10:00'),
      await bookIn(site, 0, '11:30', { minutes: 30 }),
    ];
    const held = await hold(site, { start: at('12:30'), minutes: 30, surgeonId: site.surgeons[1] });
    const [first, second, third] = sent as [Case, Case, Case];
    const decisions = [...sent, held].map((item) => toDepot(item));
    const retiring: PlannedChange = {
      command: 'changeResource',
      id: site.rooms[0],
      body: { version: 1, active: false, decisions },
    };
    const { body } = await run(site, retiring);
    // Someone has changed the second one; the surgeon of the third is elsewhere at its time.
    await changeCase(site.deps, site.request(), second.id, { version: second.version + 1, note: 'Urgent' });
    await bookIn(site, 1, '11:15', { surgeonId: site.surgeons[0] });
    const restoring: PlannedChange = {
      command: 'changeResource',
      id: site.rooms[0],
      body: { version: 2, active: true },
    };
    const undone = await undo(restoring, decidedIn(body));
    expect(undone['version']).toBe(3);
    const reasons = new Map(
      (undone['notPutBack'] as { caseId: string; reason: string }[]).map((each) => [
        each.caseId,
        each.reason,
      ]),
    );
    expect(reasons.get(second.id)).toBe('It has been changed since.');
    expect(reasons.get(third.id)).toMatch(/^Surgeon 1 is taken /);
    expect(reasons.get(held.id)).toBe('Its hold has ended.');
    expect(reasons.size).toBe(3);
    expect(await readCase(site, first.id)).toMatchObject({ state: 'scheduled', start: first.start });
    expect((await readCase(site, third.id)).state).toBe('depot');
    expect((await readResource(site, site.rooms[0])).active).toBe(true);
  });

  test('leaves a case alone that another command took off the board', async () => {
    const { id: caseId, version } = await bookIn(site, 0, '14:00');
    await cancelCase(site.deps, site.request(), caseId, { version, reason: 'Flu' });
    const { body } = await run(site, closing(site));
    const { id } = body['closure'] as Closure;
    expect(await undo({ command: 'removeClosure', id }, [{ caseId, version: version + 1 }])).toMatchObject({
      notPutBack: [{ caseId, reason: 'It has been changed since.' }],
    });
    expect((await readCase(site, caseId)).state).toBe('cancelled');
  });

  test('keeps a milestone that another command corrected', async () => {
    const { id: caseId } = await bookIn(site, 0, '14:00');
    const arrived = async (time: string) =>
      (await recordMilestone(site.deps, site.request(), caseId, { milestone: 'in_holding', at: time })).body[
        'case'
      ] as Case;
    const { rows } = await site.pool.query<{ now: string }>(
      `SELECT wire(clock_timestamp() - interval '10 minutes') AS now`,
    );
    const [first = { now: '' }] = rows;
    await arrived(first.now);
    const corrected = await arrived(addMinutes(first.now, 5));
    const { body } = await run(site, closing(site));
    const { id } = body['closure'] as Closure;
    const { version } = corrected;
    expect(await undo({ command: 'removeClosure', id }, [{ caseId, version }])).toMatchObject({
      notPutBack: [{ caseId, reason: 'It has been changed since.' }],
    });
    expect((await readCase(site, caseId)).milestones).toEqual(corrected.milestones);
  });

  test('of a removed session puts its cases on the session that replaces it', async () => {
    const date = dateIn(3);
    const rule: CreateBlockTemplate = {
      plan: { ...planIn(site), listId: site.list },
      recurrence: weekly({ from: date, until: date }),
      exceptions: [],
    };
    const create = (): PlannedChange => ({ command: 'createBlockTemplate', body: rule });
    const template = (await run(site, create())).body['template'] as BlockTemplate;
    const [laid] = await laidBlocks(site);
    const booked = await book(site, { ...turnInput(site), title: 'Cataract', blockId: laid?.id });
    const removing = (version: number, id: string): PlannedChange => ({
      command: 'removeBlockTemplate',
      id,
      body: { version, decisions: [toDepot(booked)] },
    });
    const { body } = await run(site, removing(template.version, template.id));
    expect(await undo(create(), decidedIn(body))).toMatchObject({ notPutBack: [] });
    const [replacement] = await laidBlocks(site);
    expect(replacement?.id).not.toBe(laid?.id);
    expect((await readCase(site, booked.id)).list).toEqual({ ...booked.list, blockId: replacement?.id });
  });

  test('of a carried procedure gives the cases their old length', async () => {
    const booked = await bookIn(site, 0, '08:00', { minutes: 90 });
    const change = (version: number, minutes: number, decisions?: Decision[]): PlannedChange => ({
      command: 'changeProcedure',
      id: site.procedure,
      body: { version, minutes, decisions },
    });
    const { body } = await run(site, change(1, 120, [carry(booked)]));
    const { version } = body['procedure'] as Procedure;
    await undo(change(version, 90), decidedIn(body));
    expect(await readCase(site, booked.id)).toMatchObject({ minutes: 90, end: booked.end });
  });
});
