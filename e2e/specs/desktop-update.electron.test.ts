/** An installed program, a server with an update, and nobody at the workstation. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { noElectron } from '../helpers/electron/desktop.ts';
import { openUpdatedWorkstation } from '../helpers/electron/installed-program.ts';

describe.skipIf(noElectron() || process.platform !== 'linux')('an installed program on Linux', () => {
  test('UP7 UP8 is updated by itself while nobody is signed in, and the new version runs', async () => {
    const { program, version, log, publish, start, end } = await openUpdatedWorkstation();
    await publish('0.2.0');
    start();
    await expect.poll(log, { timeout: 50_000, interval: 200 }).toContain('Version 0.2.0 started well.');
    const lines = log()
      .split('\n')
      .flatMap((line) => /(Slate \S+ started|Update: .*|Version .*)/.exec(line)?.[1] ?? []);
    expect(lines.slice(0, 5)).toEqual([
      'Slate 0.1.0 started',
      'Update: checking.',
      'Update: ready 0.2.0.',
      'Slate 0.2.0 started',
      'Version 0.2.0 started well.',
    ]);
    expect(version()).toBe('0.2.0');
    await expect.poll(() => existsSync(`${program}.old`)).toBe(false);
    await end();
  });
});
