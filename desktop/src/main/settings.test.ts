import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { recordingLog, ownFolder } from '../../test/on-disk.ts';
import { Refused } from '../refused.ts';
import { createServerChoice } from './server.ts';
import { openSettings } from './settings.ts';

const server = 'https://slate.example.org';
const window = { x: 10, y: 20, width: 1200, height: 800, maximized: true };

describe('the settings of a workstation', () => {
  const folder = ownFolder();
  const log = recordingLog();
  let file: string;
  beforeEach(() => {
    file = join(folder.path, 'settings.json');
    vi.clearAllMocks();
  });

  test('are empty at first and survive a restart', () => {
    const first = openSettings(file, log);
    expect(first.get()).toEqual({ server: null, window: null });
    first.change({ server });
    first.change({ window });
    expect(openSettings(file, log).get()).toEqual({ server, window });
    expect(log.warn).not.toHaveBeenCalled();
  });

  test.each([
    ['cut off', '{"server":"https://slate.exa'],
    ['not an object', '[]'],
    ['a server without encryption', JSON.stringify({ server: 'http://slate.example.org', window: null })],
    ['a window without a size', JSON.stringify({ server, window: { ...window, width: 0 } })],
    ['with an unknown field', JSON.stringify({ server, window, preload: '/tmp/evil.js' })],
  ])('that are %s are discarded and logged', (_how, text) => {
    writeFileSync(file, text);
    expect(openSettings(file, log).get()).toEqual({ server: null, window: null });
    expect(log.warn).toHaveBeenCalledOnce();
  });

  test('that cannot be saved apply until the program ends', () => {
    const settings = openSettings(join(file, 'settings.json'), log);
    writeFileSync(file, 'in the way');
    settings.change({ server });
    expect(settings.get().server).toBe(server);
    expect(log.error).toHaveBeenCalledOnce();
  });

  describe('DT10 the server', () => {
    test('named by SLATE_SERVER is not stored', () => {
      const servers = createServerChoice('http://127.0.0.1:4680/', openSettings(file, log), log);
      expect(servers.get()).toBe('http://127.0.0.1:4680');
      expect(openSettings(file, log).get().server).toBeNull();
    });

    test.each([
      'http://10.1.2.3',
      // A policy cannot name it, so the page could not reach it.
      'https://[2001:db8::1]',
    ])('named by SLATE_SERVER with an invalid address is ignored: %s', (named) => {
      const settings = openSettings(file, log);
      settings.change({ server });
      expect(createServerChoice(named, settings, log).get()).toBe(server);
      expect(log.warn).toHaveBeenCalledOnce();
    });

    test('can be chosen only after Slate was found there', () => {
      const servers = createServerChoice(undefined, openSettings(file, log), log);
      expect(() => servers.choose(server)).toThrow(Refused);
      servers.addFound(server);
      servers.choose(server);
      expect(servers.get()).toBe(server);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ server });
    });

    const other = 'https://other.example.org';

    test('FP10 locked by the policy replaces every other one, and nobody can choose another', () => {
      const settings = openSettings(file, log);
      settings.change({ server: other });
      const servers = createServerChoice(other, settings, log, { value: server, isLocked: true });
      expect(servers.get()).toBe(server);
      expect(servers.isLocked).toBe(true);
      expect(log.warn).toHaveBeenCalledExactlyOnceWith(
        'Ignored SLATE_SERVER: the policy has set the server.',
      );
      servers.addFound(other);
      expect(() => servers.choose(other)).toThrow('Your IT department has set the server');
      expect(servers.get()).toBe(server);
      expect(openSettings(file, log).get().server).toBe(other);
    });

    test('FP10 recommended by the policy applies until a person chooses one', () => {
      const recommended = { value: server, isLocked: false };
      const open = () => createServerChoice(undefined, openSettings(file, log), log, recommended);
      const servers = open();
      expect(servers.get()).toBe(server);
      expect(servers.isLocked).toBe(false);
      expect(openSettings(file, log).get().server).toBeNull();
      servers.addFound(other);
      servers.choose(other);
      expect(open().get()).toBe(other);
    });
  });
});
