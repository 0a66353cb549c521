import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from './log.ts';
import { writeAtomically } from './write-atomically.ts';

describe.skipIf(process.platform === 'win32')('what is written for a person', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slate-write-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  test('can be read by nobody else', () => {
    const file = join(folder, 'new', 'settings.json');
    writeAtomically(file, 'one');
    const log = openLog(join(folder, 'logs'));
    log.info('one');
    expect([file, join(folder, 'new'), log.file, join(folder, 'logs')].map(modeOf)).toEqual([
      0o600, 0o700, 0o600, 0o700,
    ]);
  });

  test('replaces what was there, and leaves nothing beside it', () => {
    const file = join(folder, 'settings.json');
    writeAtomically(file, 'longer than the next');
    writeAtomically(file, Buffer.from('next'));
    expect(readFileSync(file, 'utf8')).toBe('next');
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  test('replaces a link, not what it leads to', () => {
    const other = join(folder, 'other');
    const file = join(folder, 'settings.json');
    writeFileSync(other, 'theirs');
    symlinkSync(other, file);
    writeAtomically(file, 'mine');
    expect(readFileSync(other, 'utf8')).toBe('theirs');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
