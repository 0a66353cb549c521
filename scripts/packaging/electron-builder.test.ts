import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = () => getConfig(root, 'electron-builder.yml', null);
const validate = (config: Awaited<ReturnType<typeof read>>) =>
  validateConfiguration(config, new DebugLogger(false));

describe('PK1 electron-builder.yml', () => {
  test('fits the schema of electron-builder', async () => {
    const config = await read();
    await validate(config);
    await expect(
      validate({ ...config, nsis: { ...config.nsis, perMachin: true } as object }),
    ).rejects.toThrow('configuration.nsis');
  });

  test('names every package of every platform', async () => {
    const { win, mac, linux } = await read();
    const names = [win, mac, linux].map((platform) =>
      [platform?.target].flat().map((target) => (typeof target === 'object' ? target?.target : target)),
    );
    // The script adds `deb` and `tar.gz`.
    expect(names).toEqual([
      ['nsis', 'msi', 'zip'],
      ['dmg', 'zip'],
      ['AppImage', 'rpm'],
    ]);
  });

  test('installs for everybody at the workstation, and publishes nothing', async () => {
    const { nsis, msi, publish } = await read();
    expect([nsis?.perMachine, msi?.perMachine, publish]).toEqual([true, true, null]);
  });

  test('PK6 hardens the program of macOS, with one exception', async () => {
    const { mac } = await read();
    expect(mac?.hardenedRuntime).toBe(true);
    for (const file of [mac?.entitlements, mac?.entitlementsInherit]) {
      const keys = readFileSync(join(root, file ?? ''), 'utf8').match(/(?<=<key>).*(?=<\/key>)/g);
      expect(keys).toEqual(['com.apple.security.cs.allow-jit']);
    }
  });
});
