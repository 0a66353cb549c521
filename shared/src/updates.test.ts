import { expect, test } from 'vitest';
import { manifestOf } from '../test/update-manifests.ts';
import { compareVersions, judgeManifest, updateManifest } from './updates.ts';
import type { Installed, UpdateManifest } from './updates.ts';

const file = {
  platform: 'linux',
  arch: 'x64',
  kind: 'tar.gz',
  name: 'slate-0.2.0-linux-x64.tar.gz',
  size: 1000,
  sha512: 'a'.repeat(128),
};
const manifest = manifestOf({ notBefore: '2026-11-21T00:00:00.000Z', files: [file] });
const installed: Installed = {
  channel: 'stable',
  version: '0.1.3',
  platform: 'linux',
  arch: 'x64',
  kind: 'tar.gz',
  newest: null,
  crashed: [],
};
const now = '2026-11-30T12:00:00.000Z';
const judge = (
  change: Partial<UpdateManifest> = {},
  { at = now, ...program }: Partial<Installed> & { at?: string } = {},
) => judgeManifest({ ...manifest, ...change }, { ...installed, ...program }, at);
const refusal = (why: string) => ({ is: 'refused', why });

test('UP2 an update has a package for this program', () => {
  expect(judge()).toEqual({ is: 'update', file });
  expect(judge({ files: [{ ...file, arch: 'universal' }] })).toMatchObject({ is: 'update' });
  expect(judge({}, { newest: manifest.signedAt })).toMatchObject({ is: 'update' });
});

test('UP2 the version that runs needs no update', () => {
  expect(judge({}, { version: '0.2.0' })).toEqual({ is: 'current' });
});

test('UP2 a program that cannot install by itself still reports the update', () => {
  expect(judge({ files: [] }, { kind: null })).toEqual({ is: 'update', file: null });
});

test('UP2 the manifest of another product or channel is refused', () => {
  expect(judge({ product: 'slate-server' })).toEqual(refusal('product'));
  expect(judge({ channel: 'early' })).toEqual(refusal('channel'));
});

test('UP2 a manifest is valid from `notBefore` to `expires`', () => {
  expect(judge({}, { at: '2026-11-20T23:59:59.999Z' })).toEqual(refusal('not_yet'));
  expect(judge({}, { at: manifest.notBefore })).toMatchObject({ is: 'update' });
  expect(judge({}, { at: manifest.expires })).toEqual(refusal('expired'));
});

test('UP3 an older manifest of the channel is refused, also when its version is newer than the program', () => {
  expect(judge({}, { newest: '2026-11-20T00:00:00.001Z' })).toEqual(refusal('replayed'));
});

test('UP3 an older version is refused, also when it was signed later', () => {
  expect(judge({ version: '0.1.2' })).toEqual(refusal('downgrade'));
  expect(judge({ version: '0.1.9' }, { version: '0.1.10' })).toEqual(refusal('downgrade'));
});

test('UP2 a program below the minimum version is not updated', () => {
  expect(judge({ minimumVersion: '0.1.4' })).toEqual(refusal('too_old'));
});

test('UP8 a version that crashed here is not offered again, the next one is', () => {
  expect(judge({}, { crashed: ['0.2.0'] })).toEqual(refusal('crashed'));
  expect(judge({ version: '0.2.1' }, { crashed: ['0.2.0'] })).toMatchObject({ is: 'update' });
});

test.each([{ platform: 'win32' }, { arch: 'arm64' }, { kind: 'deb' }])(
  'UP2 without a package for this program (%o) there is no update',
  (change) => {
    expect(judge({ files: [{ ...file, ...change }] })).toEqual(refusal('no_package'));
  },
);

test.each([
  '../../etc/passwd',
  '/etc/passwd',
  String.raw`..\slate.exe`,
  '.hidden',
  'a/b',
  'a b',
  '',
  'x'.repeat(121),
])('UP4 a manifest that names the file %j is malformed', (name) => {
  expect(updateManifest.safeParse({ ...manifest, files: [{ ...file, name }] }).success).toBe(false);
});

test.each([
  { version: '0.2' },
  { version: '0.2.0-beta' },
  { version: '00.2.0' },
  { expires: 'soon' },
  { files: [{ ...file, size: 2 ** 31 }] },
  { files: [{ ...file, size: 0 }] },
  { files: [{ ...file, sha512: 'A'.repeat(128) }] },
  { files: Array.from({ length: 51 }, () => file) },
  { notes: 'x'.repeat(4001) },
])('a manifest with %j is malformed', (change) => {
  expect(updateManifest.safeParse({ ...manifest, ...change }).success).toBe(false);
});

test('a later manifest may say more', () => {
  const { success } = updateManifest.safeParse({ ...manifest, later: true, files: [{ ...file, later: 1 }] });
  expect(success).toBe(true);
});

test('versions are compared by number', () => {
  expect(['1.10.0', '1.9.9', '0.99.99', '1.9.10'].toSorted(compareVersions)).toEqual([
    '0.99.99',
    '1.9.9',
    '1.9.10',
    '1.10.0',
  ]);
  expect(compareVersions('1.2.3', '1.2.3')).toBe(0);
});
