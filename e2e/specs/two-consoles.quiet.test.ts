import { describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';

// Changes that two consoles must show within a second.

describe.skipIf(inject('chromium') === null)('two consoles at once', () => {
  const setUp = setUpConsoles(
    () => openConsoleDeployment({ servers: 2 }),
    ({ servers }) => servers[0]?.url ?? '',
  );
  const secondServer = () => setUp.deployment.servers[1]?.url ?? '';

  test('the other console shows a hold within a second, with its holder', async () => {
    const { accounts, desk } = await setUp.deployment.newSite();
    const anchor = await desk.book({ start: at('08:00') });
    const hash = `#/case/${anchor.id}`;
    const [holder, other] = await Promise.all([
      setUp.consoles.open({ as: accounts.coordinator, hash }),
      setUp.consoles.open({ as: accounts.second, hash, url: secondServer() }),
    ]);
    await Promise.all([holder.cell(anchor.id).waitFor(), other.cell(anchor.id).waitFor()]);
    const held = '[role="gridcell"][aria-label*="held by"]';
    const appearances = Promise.all([holder.appeared(held), other.appeared(held)]);
    await holder.grid.press('h');
    const [holderAt, otherAt] = await appearances;
    expect(Math.abs(otherAt - holderAt)).toBeLessThan(1_000);
    await expect
      .poll(() => other.board())
      .toContainEqual(expect.stringContaining('held by coordinator person'));
    await expect.poll(() => holder.board()).toContainEqual(expect.stringContaining('held by you'));
    // A released hold is free for the other as quickly.
    await holder.page.keyboard.press('Escape');
    await expect.poll(() => other.page.locator(held).count()).toBe(0);
  });

  test('a person without access is out within a second', async () => {
    const { hospital, accounts, desk, office } = await setUp.deployment.newSite();
    const item = await desk.book();
    const { page, cell, watched } = await setUp.consoles.open({
      as: accounts.coordinator,
      hash: `#/case/${item.id}`,
      url: secondServer(),
    });
    watched.expectRefusals(401);
    watched.expectLossOfServer();
    await cell(item.id).waitFor();
    const signedOut = page.getByRole('alert').getByText('a password change ended your session').waitFor();
    await office.change(hospital.users.coordinator, { status: 'disabled' });
    const revokedAt = Date.now();
    await signedOut;
    expect(Date.now() - revokedAt).toBeLessThan(1_500);
    expect(await page.getByText('Total knee').count()).toBe(0);
  });

  test('a person with fewer rights sees less within a second, without signing in again', async () => {
    const { hospital, accounts, desk, office } = await setUp.deployment.newSite();
    const item = await desk.book({ patientRef: 'DEMO-4711', note: 'Latex allergy' });
    const { page, cell, board, watched } = await setUp.consoles.open({
      as: accounts.coordinator,
      hash: `#/case/${item.id}`,
      url: secondServer(),
    });
    watched.expectLossOfServer();
    // A request that was sent before the change is answered for the new role.
    watched.expectRefusals(403, 404);
    await cell(item.id).waitFor();
    await page.getByText('DEMO-4711').first().waitFor();
    const detached = page.getByText('DEMO-4711').first().waitFor({ state: 'detached' });
    await office.change(hospital.users.coordinator, { role: 'office' });
    const demotedAt = Date.now();
    await detached;
    expect(Date.now() - demotedAt).toBeLessThan(1_500);
    await expect.poll(board).toContainEqual(expect.stringContaining('Busy, OR 1, 08:50 to 10:10'));
    expect(await page.content()).not.toMatch(/DEMO-4711|Latex|Total knee/);
  });
});
