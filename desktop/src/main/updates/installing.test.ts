import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { UpdateManifest } from '@slate/shared/updates';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Run } from './installation.ts';
import {
  inDays,
  manifestOf,
  packageName,
  packageOf,
  paths,
  rest,
  server,
  signedOffer,
  site,
  start,
  versionIn,
  setUpUpdates,
} from '../../../test/update-workstation.ts';

setUpUpdates();

test('UP7: the program downloads an update, tries it, and installs it when nobody works', async () => {
  const { updates, statuses, memory, restart, restarted, lastStatus } = start();
  expect(await updates.begin()).toBe(true);
  updates.pageStarted();
  await updates.check();
  expect(statuses.map(({ is }) => is)).toEqual([
    'unknown',
    'checking',
    'downloading',
    'downloading',
    'ready',
  ]);
  expect(lastStatus()).toEqual({
    is: 'ready',
    version: '0.2.0',
    notes: 'Faster openings.',
    needsPerson: false,
  });
  expect(readFileSync(paths.runs, 'utf8')).toMatch(/^--no-sandbox --try-start --user-data-dir=\S+\n$/);
  rest();
  await updates.check();
  expect(restart).not.toHaveBeenCalled();
  expect(versionIn(paths.program)).toBe('0.1.0');

  updates.reportUse({ site, mayRestart: true });
  vi.advanceTimersByTime(5_000);
  await restarted;
  expect([versionIn(paths.program), versionIn(`${paths.program}.old`)]).toEqual(['0.2.0', '0.1.0']);
  expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 0 });
  expect(server.downloads()).toEqual([`/updates/stable/${packageName}`]);
});

test('UP7: an update waits while somebody touches the workstation', async () => {
  const { updates, restart } = start();
  updates.pageStarted();
  updates.reportUse({ site, mayRestart: true });
  await updates.check();
  for (let second = 0; second < 60; second += 9) {
    vi.advanceTimersByTime(9_000);
    updates.touch();
  }
  await updates.check();
  expect(restart).not.toHaveBeenCalled();
});

test('UP7: an update waits if the page has not confirmed for 90 seconds that the program may restart', async () => {
  const { updates, restart } = start();
  updates.pageStarted();
  updates.reportUse({ site, mayRestart: true });
  await updates.check();
  for (let second = 0; second < 90; second += 9) {
    vi.advanceTimersByTime(9_000);
    updates.touch();
  }
  rest();
  await updates.check();
  expect(restart).not.toHaveBeenCalled();
});

test('UP7: the program installs an update immediately at the request of the person', async () => {
  const { updates, restart } = start();
  await expect(updates.install()).rejects.toThrow('There is no update to install');
  await updates.check();
  await updates.install();
  expect(restart).toHaveBeenCalledOnce();
  expect(versionIn(paths.program)).toBe('0.2.0');
});

test.each([{ offer: 'paused' }, { offer: 'none' }, { offer: 'later' }])(
  'UP6: the program does not install an update after the server answers %o',
  async (answer) => {
    const { updates, restart, lastStatus } = start();
    await updates.check();
    server.offer = () => answer;
    await updates.install();
    expect(restart).not.toHaveBeenCalled();
    expect(lastStatus()).toEqual({ is: answer.offer === 'paused' ? 'paused' : 'none' });
    expect(versionIn(paths.program)).toBe('0.1.0');
    expect(existsSync(`${paths.program}.new`)).toBe(false);
  },
);

test('UP6: an update stays ready, without being installed, while the server does not confirm it', async () => {
  const { updates, restart, lastStatus } = start();
  await updates.check();
  server.answerAll((response) => response.writeHead(503).end());
  await updates.install();
  expect(restart).not.toHaveBeenCalled();
  expect(lastStatus()?.is).toBe('ready');
});

test('UP6: a newer update replaces the update that was ready', async () => {
  const { updates, lastStatus } = start();
  await updates.check();
  server.package = packageOf('0.3.0');
  server.offer = () => signedOffer({ version: '0.3.0', signedAt: inDays(-0.5) });
  await updates.install();
  expect(versionIn(paths.program)).toBe('0.1.0');
  expect(lastStatus()).toMatchObject({ is: 'ready', version: '0.3.0' });
  await updates.install();
  expect(versionIn(paths.program)).toBe('0.3.0');
});

describe('on Windows', () => {
  const windows = { platform: 'win32', installation: { by: 'installer', kind: 'exe' } as const };
  const exe = 'slate-0.2.0-win-x64.exe';
  beforeEach(() => {
    server.package = Buffer.from('an installer');
    server.offer = () => {
      const [file] = manifestOf().files;
      return signedOffer({
        files: [{ ...file, name: exe, platform: 'win32', kind: 'exe' } as UpdateManifest['files'][0]],
      });
    };
  });

  test('UP9: the installer runs only at the request of the person, because Windows asks for an administrator', async () => {
    const run = vi.fn<Run>(() => Promise.resolve(0));
    const { updates, lastStatus, quit, memory } = start({ ...windows, run });
    updates.pageStarted();
    updates.reportUse({ site, mayRestart: true });
    await updates.check();
    expect(lastStatus()).toMatchObject({ is: 'ready', needsPerson: true });
    rest();
    await updates.check();
    expect(run).not.toHaveBeenCalled();
    await updates.install();
    const file = paths.download(exe);
    expect(run).toHaveBeenCalledWith(expect.stringContaining('powershell.exe'), [
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      `Start-Process -FilePath '${file}' -ArgumentList '/S','--force-run' -Verb RunAs`,
    ]);
    expect(quit).toHaveBeenCalledOnce();
    expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 0 });
  });

  test('UP9: the program continues if the administrator declines', async () => {
    const { updates, quit, memory } = start({ ...windows, run: () => Promise.resolve(1) });
    await updates.check();
    await updates.install();
    expect(quit).not.toHaveBeenCalled();
    expect(memory.get().trial).toBeNull();
  });

  test('UP1: the program does not run an installer that was changed after its verification', async () => {
    const run = vi.fn<Run>(() => Promise.resolve(0));
    const { updates, lastStatus } = start({ ...windows, run });
    await updates.check();
    writeFileSync(paths.download(exe), 'an instaIIer');
    await updates.install();
    expect(run).not.toHaveBeenCalled();
    expect(lastStatus()).toMatchObject({ is: 'refused', why: 'hash' });
  });
});
