import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ownFolder } from '../../../test/on-disk.ts';
import { findInstallation, swapIn, unpack } from './installation.ts';
import type { Run } from './installation.ts';

const place = ownFolder();

function install(folder: string, ...files: string[]) {
  for (const file of ['resources/app.asar', ...files]) {
    mkdirSync(join(place.path, folder, file, '..'), { recursive: true });
    writeFileSync(join(place.path, folder, file), folder);
  }
  return join(place.path, folder);
}
const administrator = { by: 'administrator', kind: null };
/** The files that Electron and electron-builder put into the folder. */
const linux = [
  'slate',
  'chrome-sandbox',
  'chrome_crashpad_handler',
  'chrome_100_percent.pak',
  'icudtl.dat',
  'libEGL.so',
  'libvulkan.so.1',
  'locales/en-US.pak',
  'snapshot_blob.bin',
  'vk_swiftshader_icd.json',
  'LICENSE.electron.txt',
  'LICENSES.chromium.html',
  'THIRD-PARTY-LICENSES.txt',
];

test('UP9: the program swaps a folder of the person, and not an AppImage', () => {
  const folder = install('slate', ...linux);
  expect(findInstallation(join(folder, 'slate'), 'linux', {})).toEqual({
    by: 'swap',
    kind: 'tar.gz',
    folder,
    executable: 'slate',
  });
  expect(findInstallation(join(folder, 'slate'), 'linux', { APPIMAGE: '/x' })).toEqual(administrator);
});

test('UP9: the program never swaps a folder with foreign files', () => {
  for (const foreignFile of ['holiday.jpg', 'notes.txt', 'Documents/letter.odt']) {
    const folder = install(`with-${foreignFile.length}`, ...linux, foreignFile);
    expect(findInstallation(join(folder, 'slate'), 'linux', {})).toEqual(administrator);
  }
});

// Root may write everywhere.
test.skipIf(process.getuid?.() === 0)('UP9: the program does not swap a folder of the system', () => {
  const folder = install('slate', ...linux);
  chmodSync(place.path, 0o555);
  expect(findInstallation(join(folder, 'slate'), 'linux', {})).toEqual(administrator);
  chmodSync(place.path, 0o755);
});

test('UP9: the program swaps its bundle on macOS, and uses its installer on Windows', () => {
  const bundle = install('Slate.app', 'Contents/MacOS/Slate');
  expect(findInstallation(join(bundle, 'Contents/MacOS/Slate'), 'darwin', {})).toEqual({
    by: 'swap',
    kind: 'zip',
    folder: bundle,
    executable: 'Contents/MacOS/Slate',
  });
  const setUp = install('nsis', 'Slate.exe', 'Uninstall Slate.exe');
  expect(findInstallation(join(setUp, 'Slate.exe'), 'win32', {})).toEqual({ by: 'installer', kind: 'exe' });
  const portable = install('portable', 'Slate.exe');
  expect(findInstallation(join(portable, 'Slate.exe'), 'win32', {})).toEqual(administrator);
});

test('UP9: on macOS, ditto unpacks the package and the new program is tried', async () => {
  const bundle = install('Slate.app', 'Contents/MacOS/Slate');
  const swap = { by: 'swap', kind: 'zip', folder: bundle, executable: 'Contents/MacOS/Slate' } as const;
  const run = vi.fn<Run>((program) => {
    if (program === '/usr/bin/ditto') install('Slate.app.new/Slate.app', 'Contents/MacOS/Slate');
    return Promise.resolve(0);
  });
  const unpacked = await unpack(swap, '/downloads/slate.zip', [], run);
  expect(unpacked).toBe(join(place.path, 'Slate.app.new', 'Slate.app'));
  expect(run.mock.calls).toEqual([
    ['/usr/bin/ditto', ['-x', '-k', '/downloads/slate.zip', `${bundle}.new`]],
    [join(unpacked, 'Contents/MacOS/Slate'), ['--try-start', expect.stringMatching(/^--user-data-dir=/)]],
  ]);
});

test('UP7: the old program stays if the swap fails', async () => {
  const folder = install('slate', 'version');
  const swap = { by: 'swap', kind: 'tar.gz', folder, executable: 'slate' } as const;
  await expect(swapIn(swap, join(place.path, 'missing'))).rejects.toThrow('ENOENT');
  expect(readFileSync(join(folder, 'version'), 'utf8')).toBe('slate');
  expect(existsSync(`${folder}.old`)).toBe(false);
});
