import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packagesIn, privateKeyFrom } from './update-manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slate-sign-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const release = { version: '0.2.0', withTestBuilds: false };

test('the packages of the version are signed, and nothing else in the folder', async () => {
  for (const name of [
    'slate-0.2.0-linux-x64.tar.gz',
    'slate-0.2.0-linux-amd64.deb',
    'slate-0.2.0-linux-amd64.deb.cdx.json',
    'slate-0.2.0-mac-universal.zip',
    'slate-0.2.0-win-x64.exe',
    'slate-0.1.9-win-x64.exe',
    'slate-0.2.0-win-x64.exe.blockmap',
    'manifest.json',
  ])
    writeFileSync(join(folder, name), 'abc');
  const files = await packagesIn(folder, release);
  expect(files.map(({ platform, arch, kind }) => [platform, arch, kind])).toEqual([
    ['linux', 'x64', 'deb'],
    ['linux', 'x64', 'tar.gz'],
    ['darwin', 'universal', 'zip'],
    ['win32', 'x64', 'exe'],
  ]);
  // `printf abc | sha512sum`
  expect(files[1]).toMatchObject({
    size: 3,
    sha512:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  });
});

test('a test build is signed only on request', async () => {
  writeFileSync(join(folder, 'slate-0.2.0-test-build-linux-x64.tar.gz'), '');
  await expect(packagesIn(folder, release)).rejects.toThrow('is a test build');
  expect(await packagesIn(folder, { ...release, withTestBuilds: true })).toHaveLength(1);
});

test('a folder without packages is refused', async () => {
  await expect(packagesIn(folder, release)).rejects.toThrow('There is no package of version 0.2.0');
});

test('only an Ed25519 key signs', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  expect(() => privateKeyFrom(pem)).toThrow('not an Ed25519 key');
});
