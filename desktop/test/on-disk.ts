import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Log } from '../src/main/log.ts';

/** A new folder for each test, removed afterward. */
export function ownFolder() {
  const own = { path: '' };
  beforeEach(() => {
    own.path = mkdtempSync(join(tmpdir(), 'slate-'));
  });
  afterEach(() => rmSync(own.path, { recursive: true }));
  return own;
}

/** Records the calls. */
export const recordingLog = () => ({
  file: '',
  info: vi.fn<Log['info']>(),
  warn: vi.fn<Log['warn']>(),
  error: vi.fn<Log['error']>(),
});
