import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import {
  inDays,
  packageOf,
  paths,
  server,
  setUpUpdates,
  signedOffer,
  start,
  versionIn,
} from '../../../test/update-workstation.ts';

setUpUpdates();

async function install() {
  const { updates } = start();
  await updates.check();
  await updates.install();
}
const startNew = () => start({ version: '0.2.0' });

test('UP8: a new version deletes the previous version after it has worked for five seconds', async () => {
  await install();
  const { updates, memory } = startNew();
  expect(await updates.begin()).toBe(true);
  updates.pageStarted();
  expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 1 });
  expect(existsSync(`${paths.program}.old`)).toBe(true);
  vi.advanceTimersByTime(6_000);
  expect(memory.get().trial).toBeNull();
  while (existsSync(`${paths.program}.old`)) await setImmediate();
  expect(versionIn(paths.program)).toBe('0.2.0');
});

test('UP8: the previous version replaces a version that crashed twice, and does not install it again', async () => {
  await install();
  expect(await startNew().updates.begin()).toBe(true);
  expect(await startNew().updates.begin()).toBe(true);
  const third = startNew();
  expect(await third.updates.begin()).toBe(false);
  expect(third.restart).toHaveBeenCalledOnce();
  expect(versionIn(paths.program)).toBe('0.1.0');

  const { updates, lastStatus } = start();
  expect(await updates.begin()).toBe(true);
  await updates.check();
  expect(lastStatus()).toEqual({ is: 'refused', version: '0.2.0', why: 'crashed' });
  server.package = packageOf('0.2.1');
  server.offer = () => signedOffer({ version: '0.2.1', signedAt: inDays(-0.5) });
  await updates.check();
  expect(lastStatus()).toMatchObject({ is: 'ready', version: '0.2.1' });
});

test('UP8: starts do not count after a version has started well', async () => {
  await install();
  for (let starts = 0; starts < 4; starts += 1) {
    const { updates } = startNew();
    expect(await updates.begin()).toBe(true);
    updates.pageStarted();
    vi.advanceTimersByTime(6_000);
  }
  expect(versionIn(paths.program)).toBe('0.2.0');
});

test('UP8: a program that cannot save its memory starts', async () => {
  await install();
  const { updates } = startNew();
  rmSync(paths.profile, { recursive: true });
  writeFileSync(paths.profile, '');
  expect(await updates.begin()).toBe(true);
});
