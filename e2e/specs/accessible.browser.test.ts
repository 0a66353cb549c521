import { describe, expect, inject, test } from 'vitest';
import { axeFindings } from '../helpers/console/axe.ts';
import type { Console } from '../helpers/console/console.ts';
import { openDemoDeployment } from '../helpers/console/demo-deployment.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';

/** Opens each screen from a future case by its keys, and waits until it is open. */
const screens: Record<string, (console: Console) => Promise<void>> = {
  'the day, a case in the inspector': async ({ inspector }) =>
    inspector.getByRole('heading').first().waitFor(),
  'the day in columns': async ({ page }) => {
    await page.keyboard.press('v');
    await page.getByRole('button', { name: 'Columns', pressed: true }).waitFor();
  },
  'the week': reach('2', 'Week board'),
  'the list': reach('3', 'List'),
  'equipment and beds': reach('4', 'Equipment and beds'),
  figures: reach('5', 'Figures'),
  'an empty day': async ({ page }) => {
    for (let weeks = 0; weeks < 12; weeks++) await page.keyboard.press('}');
    await page.getByText('No cases.').waitFor();
  },
  'all keys': open('?'),
  'the palette': async ({ page }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').first().waitFor();
    await page.keyboard.type('hold or 4');
    await page.locator('[role="option"]').first().waitFor();
  },
  openings: open('o'),
  'the form of a hold': open('h', /^Hold/),
  'the form of a case': open('e', /^Edit/),
  'a new case for the depot': open('a', 'New case for the depot'),
  'a reason': open('x'),
  'a case on the move': async ({ page }) => {
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowDown');
  },
  'a case at a glance': async ({ page }) => {
    await page.keyboard.press('Space');
    await page.getByRole('tooltip').getByText('Surgeon').waitFor();
  },
  preferences: open('Control+,', 'Preferences'),
  'about the program': async ({ page, dialog }) => {
    await page.getByRole('button', { name: /account, lock/ }).press('Enter');
    await page.getByRole('menuitem', { name: 'About Slate' }).click();
    await dialog.getByText('Server version').waitFor();
  },
  'the menu of a case': async ({ page }) => {
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem').first().waitFor();
  },
  'the account menu': async ({ page }) => {
    await page.getByRole('button', { name: /account, lock/ }).press('Enter');
    await page.getByRole('menuitem').first().waitFor();
  },
  'the locked screen': async ({ page }) => {
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
  },
};

function reach(key: string, name: string) {
  return async ({ page }: Console) => {
    await page.keyboard.press(key);
    await page.getByRole('main', { name, exact: true }).waitFor();
  };
}

function open(key: string, name?: string | RegExp) {
  return async ({ page, dialog }: Console) => {
    await page.keyboard.press(key);
    await (name === undefined ? dialog : page.getByRole('dialog', { name })).first().waitFor();
  };
}

describe.skipIf(inject('chromium') === null)('axe finds nothing in light and dark on', () => {
  const setUp = setUpConsoles(
    () => openDemoDeployment(),
    ({ url }) => url,
  );

  test.each(Object.entries(screens))('%s', async (_name, go) => {
    const as = setUp.deployment.accountOf('coordinator');
    const console = await setUp.consoles.open({ as, hash: `#/case/${setUp.deployment.planned}` });
    await console.cell(setUp.deployment.planned).waitFor();
    await console.grid.focus();
    await go(console);
    expect(await axeFindings(console.page)).toEqual([]);
  });

  test.each([
    ['a small screen', { width: 1366, height: 768 }],
    ['a zoom of 200%', { width: 960, height: 540 }],
  ])('%s', async (_name, viewport) => {
    const as = setUp.deployment.accountOf('coordinator');
    const console = await setUp.consoles.open({
      as,
      hash: `#/case/${setUp.deployment.underWay}`,
      context: { viewport },
    });
    await console.cell(setUp.deployment.underWay).waitFor();
    expect(await axeFindings(console.page)).toEqual([]);
  });

  test.each(['viewer', 'office', 'wall'] as const)('the board of a %s', async (role) => {
    const { page } = await setUp.consoles.open({
      as: setUp.deployment.accountOf(role),
      hash: role === 'wall' ? '#/wall' : '',
    });
    await page.getByText('Main OR 12').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
