import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownFolder } from '../../test/on-disk.ts';
import { openLog } from './log.ts';

describe('the log', () => {
  const folder = ownFolder();
  const at = () => new Date('2026-11-21T06:30:00Z');

  test('has one line per entry, also for an entry with line breaks', () => {
    const log = openLog(folder.path, at);
    log.info('Started.');
    log.error('Failed.', new Error('two\nlines'));
    const [first, second, ...more] = readFileSync(log.file, 'utf8').trimEnd().split('\n');
    expect(first).toBe('2026-11-21T06:30:00.000Z info Started.');
    expect(second).toMatch(/^2026-11-21T06:30:00.000Z error Failed\. Error: two \| lines \| at /);
    expect(more).toEqual([]);
  });

  test('continues after a restart', () => {
    openLog(folder.path, at).info('one');
    openLog(folder.path, at).info('two');
    expect(readFileSync(join(folder.path, 'slate.log'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  test.each(['x', 'ö'])('grows to a megabyte, and keeps three older files (%s)', (letter) => {
    const log = openLog(folder.path, at);
    for (let count = 0; count < 60; count += 1) log.info(letter.repeat(95_000));
    expect(readdirSync(folder.path).toSorted()).toEqual([
      'slate.log',
      'slate.log.1',
      'slate.log.2',
      'slate.log.3',
    ]);
    for (const file of readdirSync(folder.path))
      expect(statSync(join(folder.path, file)).size).toBeLessThanOrEqual(1_000_000);
  });

  test('does not throw if it cannot be written', () => {
    const log = openLog(folder.path, at);
    rmSync(folder.path, { recursive: true });
    writeFileSync(folder.path, 'in the way');
    expect(() => log.info('unheard')).not.toThrow();
  });
});
