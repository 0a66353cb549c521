import type { Case } from '@slate/shared/cases';
import type { ListedReason } from '@slate/shared/reasons';
import { reasonKind } from '@slate/shared/reasons';
import { expect, test } from 'vitest';
import { administrator, book, feed, hold, readCase, refusalOf } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from '../cases/change-case.ts';
import { releaseHold } from '../cases/holds.ts';
import { moveCases } from '../cases/move-cases.ts';
import { cancelCase } from '../cases/take-off-board.ts';
import { changeReasons, readSettings } from './settings.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const current = () => readSettings(site.pool, site.siteId);
const change = async (edit: (reasons: ListedReason[]) => ListedReason[]) => {
  const { version, reasons } = await current();
  return changeReasons(site.deps, administrator(site), { version, reasons: edit(reasons) });
};
const retired = (code: string) => (reasons: ListedReason[]) =>
  reasons.map((each) => (each.code === code ? { ...each, active: false } : each));
const cancel = ({ id, version }: Case, reasonCode: string) =>
  cancelCase(site.deps, site.request(), id, { version, reason: 'Fever since this morning', reasonCode });

test('RS1 a new site has a list for every command, and an administrator changes it in one command', async () => {
  const { reasons } = await current();
  expect(new Set(reasons.map(({ kind }) => kind))).toEqual(new Set(reasonKind.options));
  const mine: ListedReason = { kind: 'delay', code: 'fog', text: 'Fog: helicopter late', active: true };
  await change((before) => [mine, ...before]);
  expect((await current()).reasons).toEqual([mine, ...reasons]);
  expect((await feed(site)).at(-1)).toMatchObject({ type: 'site', site: { reasons: [mine, ...reasons] } });
});

test('RS2 a code stays: it is retired, not removed, and of two edits of one version one is made', async () => {
  const { version, reasons } = await current();
  const without = change((before) => before.filter(({ code }) => code !== 'no_bed'));
  expect((await refusalOf(without)).parts.errors).toMatchObject([{ field: 'reasons' }]);
  await change(retired('no_bed'));
  const late = changeReasons(site.deps, administrator(site), { version, reasons });
  expect((await refusalOf(late)).code).toBe('stale_version');
});

test('RS3 a case keeps the code and the text, and only codes of the list of that command are accepted', async () => {
  const item = await book(site);
  // A code of another command.
  expect((await refusalOf(cancel(item, 'surgeon_late'))).parts.errors).toMatchObject([
    { field: 'reasonCode' },
  ]);
  await cancel(item, 'patient_unwell');
  expect(await readCase(site, item.id)).toMatchObject({
    state: 'cancelled',
    reason: 'Fever since this morning',
    reasonCode: 'patient_unwell',
  });
});

test('RS3 a retired code still counts, for a request that waited in a queue', async () => {
  const item = await book(site);
  await change(retired('patient_unwell'));
  await cancel(item, 'patient_unwell');
  expect((await readCase(site, item.id)).reasonCode).toBe('patient_unwell');
});

test('RS3 a released hold, a delay and a place outside the rules have their reasons', async () => {
  const held = await hold(site);
  await releaseHold(site.deps, site.request(), held.id, { reason: 'Made way', reasonCode: 'urgent_case' });
  expect(await readCase(site, held.id)).toMatchObject({ reason: 'Made way', reasonCode: 'urgent_case' });

  const { id, version } = await book(site);
  const roomId = site.rooms[0];
  const move = { caseId: id, version, roomId, start: at('10:00') };
  await moveCases(site.deps, site.request(), {
    moves: [{ ...move, overrideReason: 'Agreed', overrideReasonCode: 'charge_nurse' }],
    delayReason: 'Stuck in traffic',
    delayReasonCode: 'surgeon_late',
  });
  const delayed = {
    delayReason: 'Stuck in traffic',
    delayReasonCode: 'surgeon_late',
    overrideReason: 'Agreed',
    overrideReasonCode: 'charge_nurse',
  };
  expect(await readCase(site, id)).toMatchObject(delayed);
  // An edit that leaves the place alone keeps them; a new place has no reason yet, and null removes it.
  await changeCase(site.deps, site.request(), id, { version: version + 1, note: 'Checked' });
  expect(await readCase(site, id)).toMatchObject(delayed);
  await changeCase(site.deps, site.request(), id, { version: version + 2, overrideReason: null });
  expect(await readCase(site, id)).toMatchObject({ overrideReason: null, overrideReasonCode: null });
});
