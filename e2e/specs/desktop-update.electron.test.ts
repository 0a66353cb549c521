/** An installed program, a server with an update, and nobody at the workstation. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { updateProduct } from '@slate/shared/updates';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { packagesIn, publicKeyOf, publishManifest, signManifest } from '../../scripts/update-manifest.ts';
import { noElectron, workstation } from '../helpers/electron/desktop.ts';
import { buildWithKeys, installVersion, pack, versionAt } from '../helpers/electron/installed-program.ts';
import { openHouse } from '../helpers/house.ts';
import type { House } from '../helpers/house.ts';

describe.skipIf(noElectron() || process.platform !== 'linux')('an installed program on Linux', () => {
  let house: House;
  const place = workstation();
  const program = join(place.folder, 'slate');
  const profile = join(place.folder, 'profile');
  const published = join(place.folder, 'updates');
  const log = () =>
    existsSync(join(profile, 'logs')) ? readFileSync(join(profile, 'logs', 'slate.log'), 'utf8') : '';
  const started: number[] = [];

  beforeAll(async () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const out = join(place.folder, 'out');
    buildWithKeys([publicKeyOf(key)], out);
    installVersion(program, '0.1.0', out);
    const next = join(place.folder, 'draft', 'slate-0.2.0');
    installVersion(next, '0.2.0', out);
    const stable = join(published, 'stable');
    mkdirSync(stable, { recursive: true });
    pack(next, join(stable, 'slate-0.2.0-linux-x64.tar.gz'));
    rmSync(join(place.folder, 'draft'), { recursive: true });
    const now = Date.now();
    const manifest = {
      product: updateProduct,
      channel: 'stable',
      version: '0.2.0',
      minimumVersion: '0.1.0',
      signedAt: new Date(now).toISOString(),
      notBefore: new Date(now - 60_000).toISOString(),
      expires: new Date(now + 86_400_000).toISOString(),
      notes: '',
      files: await packagesIn(stable, { version: '0.2.0', withTestBuilds: false }),
    };
    publishManifest(stable, signManifest(manifest, key));
    house = await openHouse({ servers: 1, environment: { UPDATES_FOLDER: published } });
  });
  afterAll(async () => {
    for (const pid of started) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {}
    }
    await house.end();
    place[Symbol.dispose]();
  });

  test('UP7 UP8 it is updated by itself while nobody is signed in, and the new version runs', async () => {
    mkdirSync(join(profile, 'updates'), { recursive: true });
    const memory = { workstation: randomUUID(), site: house.siteId, newest: {}, crashed: [], trial: null };
    writeFileSync(join(profile, 'updates', 'memory.json'), JSON.stringify(memory));
    const child = spawn(
      join(program, 'slate'),
      [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`],
      {
        // Its own group: the new version is not a child of this one.
        detached: true,
        stdio: 'ignore',
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: place.folder,
          DISPLAY: inject('electron')?.display ?? '',
          SLATE_SERVER: house.servers[0]?.url ?? '',
        },
      },
    );
    started.push(child.pid ?? 0);
    await expect.poll(log, { timeout: 50_000, interval: 200 }).toContain('Version 0.2.0 started well.');
    const lines = log()
      .split('\n')
      .flatMap((line) => /(Slate \S+ started|Update: .*|Version .*)/.exec(line)?.[1] ?? []);
    expect(lines.slice(0, 5)).toEqual([
      'Slate 0.1.0 started',
      'Update: checking.',
      'Update: ready 0.2.0.',
      'Slate 0.2.0 started',
      'Version 0.2.0 started well.',
    ]);
    expect(versionAt(program)).toBe('0.2.0');
    await expect.poll(() => existsSync(`${program}.old`)).toBe(false);
  });
});
