import { randomUUID } from 'node:crypto';
import type { SiteSettings } from '@slate/shared/sites';
import type { UpdateChannel } from '@slate/shared/updates';
import { expect, test } from 'vitest';
import { administrator } from '../../../test/administer.ts';
import { manifestOf } from '../../../../shared/test/update-manifests.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeSettings, readSettings } from '../catalogue/settings.ts';
import { offerUpdate, placeInRollout } from './offer-update.ts';
import type { ReadPublished } from './offer-update.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const signed = { manifest: '{}', signature: `${'A'.repeat(86)}==` };
/** Every channel has an update. */
const readPublished: ReadPublished = (channel) =>
  Promise.resolve({ signed, manifest: manifestOf({ channel }) });

const workstations = Array.from({ length: 200 }, () => randomUUID());

const offer = (workstation = randomUUID(), channel?: UpdateChannel, read = readPublished) =>
  offerUpdate(site.pool, read, { site: site.siteId, workstation, channel });
async function changeSite(change: Partial<SiteSettings>) {
  const { version } = await readSettings(site.pool, site.siteId);
  expect((await changeSettings(site.deps, administrator(site), { version, ...change })).status).toBe(200);
}
const offered = async (channel?: UpdateChannel) => {
  const answers = await Promise.all(workstations.map((each) => offer(each, channel)));
  return workstations.filter((_, at) => answers[at]?.offer === 'update');
};

test('UP5 a site is on stable and offers the update to every workstation, until somebody changes its channel', async () => {
  expect(await offer()).toEqual({ offer: 'update', channel: 'stable', signed });
  await changeSite({ updateChannel: 'early' });
  expect(await offer()).toEqual({ offer: 'update', channel: 'early', signed });
  expect(await offer(randomUUID(), 'stable')).toMatchObject({ channel: 'stable' });
});

test('UP5 nothing is offered where nothing is published, or at an unknown site', async () => {
  expect(await offer(randomUUID(), undefined, () => Promise.resolve(null))).toEqual({ offer: 'none' });
  const elsewhere = { site: randomUUID(), workstation: randomUUID() };
  expect(await offerUpdate(site.pool, readPublished, elsewhere)).toEqual({ offer: 'none' });
});

test('UP6 a paused site offers nothing, on no channel', async () => {
  await changeSite({ updatesPaused: true });
  expect(await offer()).toEqual({ offer: 'paused' });
  expect(await offer(randomUUID(), 'early')).toEqual({ offer: 'paused' });
  await changeSite({ updatesPaused: false });
  expect(await offer()).toMatchObject({ offer: 'update' });
});

test('UP6 the share of workstations follows the percentage, and a workstation that gets the update keeps it at a higher one', async () => {
  const shares: string[][] = [];
  for (const updatePercent of [0, 10, 50, 100]) {
    await changeSite({ updatePercent });
    shares.push(await offered());
  }
  const [none = [], tenth = [], half = [], all = []] = shares;
  expect([none.length, all.length]).toEqual([0, workstations.length]);
  // 10 % and 50 % of 200, with six standard deviations.
  expect(Math.abs(tenth.length - 20)).toBeLessThan(26);
  expect(Math.abs(half.length - 100)).toBeLessThan(43);
  expect(half).toEqual(expect.arrayContaining(tenth));
});

test('UP6 other workstations come first for the next version', () => {
  const firstHalf = (version: string) => workstations.filter((each) => placeInRollout(each, version) < 50);
  expect(firstHalf('0.2.0')).toEqual(firstHalf('0.2.0'));
  expect(firstHalf('0.2.0')).not.toEqual(firstHalf('0.3.0'));
});

test('UP6 workstations that a policy puts on another channel do not wait for the site', async () => {
  await changeSite({ updatePercent: 0 });
  expect(await offer()).toEqual({ offer: 'later' });
  expect(await offer(randomUUID(), 'stable')).toEqual({ offer: 'later' });
  expect(await offered('early')).toHaveLength(workstations.length);
});
