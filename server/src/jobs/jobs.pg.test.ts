import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anotherHospital, hold, readCase } from '../../test/administer.ts';
import { laboratory } from '../../test/laboratory.ts';
import type { Laboratory } from '../../test/laboratory.ts';
import { at } from '../../test/hospital.ts';
import type { Setting } from '../../test/hospital.ts';
import { startJobs } from './jobs.ts';

let lab: Laboratory;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.end());

/** Makes writes to matching rows fail until `mendRows`. */
const breakRows = (table: string, condition: string) =>
  lab.owner.query(`
    CREATE OR REPLACE FUNCTION break_${table}() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
    CREATE TRIGGER broken BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW WHEN (${condition})
      EXECUTE FUNCTION break_${table}()`);
const mendRows = (table: string) => lab.owner.query(`DROP TRIGGER broken ON ${table}`);

async function until(isTrue: () => Promise<boolean>) {
  while (!(await isTrue())) await pause(20);
}
const isFreed = async (site: Setting, { id }: { id: string }) =>
  (await readCase(site, id)).state === 'expired';

test('HO9 a hold or a site that fails does not delay the others', async () => {
  // Enough that some come after the broken ones.
  const others = await Promise.all(Array.from({ length: 6 }, () => anotherHospital(lab)));
  const [broken, ...workingSites] = others as [Setting, ...Setting[]];
  const brokenHold = await hold(lab, { start: at('09:00', 3) });
  const otherHold = await hold(lab, { start: at('13:00', 3) });
  const holdAtBrokenSite = await hold(broken);
  const rest = await Promise.all(workingSites.map(async (site) => [site, await hold(site)] as const));
  await breakRows('cases', `NEW.id = '${brokenHold.id}'`);
  await breakRows('changes', `NEW.site_id = '${broken.siteId}'`);
  await lab.clock.advance(3600);

  const failures: [job: string, item: string | undefined][] = [];
  const stop = startJobs({
    commands: lab.deps,
    onFreed: () => {},
    anchors: { secret: '', seconds: 3_600, file: undefined },
    log: { info: () => {} },
    onFailure: (job, _, item) => failures.push([job, item]),
  });
  try {
    await until(async () => {
      const freed = await Promise.all(rest.map(([site, item]) => isFreed(site, item)));
      return freed.every(Boolean) && (await isFreed(lab, otherHold));
    });
    expect(await isFreed(lab, brokenHold)).toBe(false);
    expect(await isFreed(broken, holdAtBrokenSite)).toBe(false);
    const names = (each: (typeof failures)[number]) => each[1];
    expect(new Set(failures.map(names))).toEqual(new Set([brokenHold.id, holdAtBrokenSite.id]));
    expect(failures.every(([job]) => job === 'release-expired-holds')).toBe(true);

    await mendRows('cases');
    await mendRows('changes');
    await until(async () => (await isFreed(lab, brokenHold)) && (await isFreed(broken, holdAtBrokenSite)));
  } finally {
    await stop();
  }
});
