import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  firstByteOf,
  packageName,
  paths,
  server,
  setUpUpdates,
  start,
  startPackage,
} from '../../../test/update-workstation.ts';

setUpUpdates();

test('UP4: the program resumes a download where it was cut', async () => {
  let cuts = 2;
  const sendWhole = server.sendPackage;
  server.sendPackage = (request, response) => {
    if (cuts === 0) return sendWhole(request, response);
    cuts -= 1;
    const from = firstByteOf(request);
    startPackage(request, response).write(server.package.subarray(from, from + 100));
    const cut = () =>
      existsSync(paths.download()) && statSync(paths.download()).size >= from + 100
        ? response.destroy()
        : setImmediate(cut);
    return void cut();
  };
  const { updates, lastStatus } = start();
  await updates.check();
  expect(lastStatus()).toEqual({ is: 'unreachable' });
  await updates.check();
  await updates.check();
  expect(lastStatus()?.is).toBe('ready');
  expect(server.downloads()).toEqual([
    `/updates/stable/${packageName}`,
    `/updates/stable/${packageName} bytes=100-`,
    `/updates/stable/${packageName} bytes=200-`,
  ]);
});

test('UP4: the program deletes a wrong download and starts again', async () => {
  mkdirSync(paths.downloads, { recursive: true });
  writeFileSync(paths.download(), 'a wrong file');
  writeFileSync(join(paths.downloads, packageName), 'an older package');
  const { updates, lastStatus } = start();
  await updates.check();
  expect(lastStatus()).toMatchObject({ is: 'refused', why: 'hash' });
  await updates.check();
  expect(lastStatus()?.is).toBe('ready');
  expect(readdirSync(paths.downloads)).toHaveLength(1);
});

test('UP4: the program does not download a complete file again', async () => {
  const { updates } = start();
  await updates.check();
  const restarted = start();
  await restarted.updates.check();
  expect(restarted.lastStatus()?.is).toBe('ready');
  expect(server.downloads()).toHaveLength(1);
});
