import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownFolder } from '../../test/on-disk.ts';
import { openLog } from './log.ts';
import { writeAtomically } from './write-atomically.ts';

describe.skipIf(process.platform === 'win32')('a private file', () => {
  const folder = ownFolder();
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  test('is readable only for this user', () => {
    const file = join(folder.path, 'new', 'settings.json');
    writeAtomically(file, 'one');
    const log = openLog(join(folder.path, 'logs'));
    log.info('one');
    expect([file, join(folder.path, 'new'), log.file, join(folder.path, 'logs')].map(modeOf)).toEqual([
      0o600, 0o700, 0o600, 0o700,
    ]);
  });

  test('replaces the old file and leaves no other file', () => {
    const file = join(folder.path, 'settings.json');
    writeAtomically(file, 'longer than the next');
    writeAtomically(file, Buffer.from('next'));
    expect(readFileSync(file, 'utf8')).toBe('next');
    expect(readdirSync(folder.path)).toEqual(['settings.json']);
  });

  test('replaces a link, not its target', () => {
    const other = join(folder.path, 'other');
    const file = join(folder.path, 'settings.json');
    writeFileSync(other, 'theirs');
    symlinkSync(other, file);
    writeAtomically(file, 'mine');
    expect(readFileSync(other, 'utf8')).toBe('theirs');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
