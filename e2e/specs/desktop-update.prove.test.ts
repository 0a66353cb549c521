/** An update that starts in a trial and crashes at the workstation. */
import { describe, expect, test } from 'vitest';
import { noElectron } from '../helpers/electron/desktop.ts';
import { openUpdatedWorkstation } from '../helpers/electron/installed-program.ts';

const crashLater = `if (!process.argv.includes('--try-start')) setTimeout(() => process.exit(7), 1500);`;
const patience = { timeout: 60_000, interval: 200 };

describe.skipIf(noElectron() || process.platform !== 'linux')('an installed program on Linux', () => {
  test('UP8 comes back after two crashes of a new version, and does not install that one again', async () => {
    const { version, log, publish, start, end } = await openUpdatedWorkstation();
    await publish('0.2.0', crashLater);
    const starts = (of: string) => log().split(`Slate ${of}`).length - 1;
    start();
    await expect.poll(() => starts('0.2.0'), patience).toBe(1);
    // It has crashed, so the person starts it again.
    await expect
      .poll(
        () => {
          start();
          return starts('0.2.0');
        },
        { ...patience, interval: 3_000 },
      )
      .toBe(2);
    await expect
      .poll(
        () => {
          start();
          return log();
        },
        { ...patience, interval: 3_000 },
      )
      .toContain('Version 0.2.0 crashed twice while starting.');
    await expect.poll(log, patience).toContain('Update: refused 0.2.0 (crashed).');
    expect(version()).toBe('0.1.0');
    expect(starts('0.1.0')).toBeGreaterThanOrEqual(2);
    await end();
  });
});
