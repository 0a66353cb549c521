/** Desks that a real keyring of the system has sealed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gnomeKeyring } from '../../scripts/gnome-keyring.ts';
import { noElectron } from '../helpers/electron/desktop.ts';
import { openKeyring } from '../helpers/electron/keyring.ts';
import type { KeyringSession } from '../helpers/electron/keyring.ts';
import { request, setUpOfflineDesk } from '../helpers/electron/offline-desk.ts';

const programs = process.platform === 'linux' && !noElectron() ? gnomeKeyring() : undefined;

describe.skipIf(!programs)('a desk at a workstation with a keyring', () => {
  let keyrings: string;
  let session: KeyringSession | undefined;
  beforeEach(async () => {
    keyrings = mkdtempSync(join(tmpdir(), 'slate-keyring-'));
    await useKeyring('own');
  });
  afterEach(async () => {
    await session?.close();
    rmSync(keyrings, { recursive: true, force: true, maxRetries: 5 });
  });
  const desk = setUpOfflineDesk(() => session?.env ?? {});

  /** Begins a new session with the keyring of this name. */
  async function useKeyring(name: string, isLocked = false) {
    await session?.close();
    if (!programs) throw new Error('There is no keyring.');
    session = await openKeyring(programs, join(keyrings, name), isLocked ? null : 'their login');
  }
  /** The folder of the coordinator's desk. */
  const place = () => {
    const desks = join(desk.folder, 'desks');
    const [server] = readdirSync(desks).filter((name) => name.startsWith('http'));
    return join(desks, server ?? '', `${desk.hospital.siteId}_${desk.hospital.users.coordinator}`);
  };
  const contents = () => {
    const names = readdirSync(place());
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(place(), name), 'base64')]));
  };
  const records = () =>
    desk.page.evaluate(async () => (await window.slate?.resumeDesk(600_000))?.records.length);

  async function leaveRequest() {
    await desk.signInLive();
    await desk.untilSaved();
    await desk.append(request);
    await desk.stop();
  }

  test('LG9 LG12 it seals the keys, and a restart within the lock time opens the desk', async () => {
    await leaveRequest();
    const { inSafe, ...others } = JSON.parse(readFileSync(join(place(), 'keys'), 'utf8')) as {
      inSafe: string;
    };
    expect(others).toEqual({});
    // With the well-known password of Chromium it would be `v10`.
    const sealed = [Buffer.from(inSafe, 'base64'), readFileSync(join(desk.folder, 'desks', 'open'))];
    expect(sealed.map((bytes) => bytes.toString('latin1', 0, 3))).toEqual(['v11', 'v11']);

    await desk.cut();
    await desk.start();
    await desk.frozenBoard().waitFor();
    expect(await records()).toBe(1);
  });

  test(
    'LG4 it is kept and reported under a locked keyring and under another one',
    { timeout: 120_000 },
    async () => {
      await leaveRequest();
      const before = contents();
      const untilReported = async () => {
        const dialog = desk.page.getByRole('dialog', { name: 'This desk can’t be read' });
        await dialog.getByText('If it is locked, unlock it, and start Slate again.').waitFor();
        expect(contents()).toEqual(before);
      };
      await useKeyring('own', true);
      await desk.start();
      await desk.signInLive();
      await untilReported();
      await desk.stop();

      // It is empty, as after a reset, or when the profile was copied to another workstation. The program stores a new key in it.
      await useKeyring('other');
      await desk.cut();
      await desk.start();
      await desk.recentUser().click();
      await desk.enterPassword('Sign in');
      await desk.page.getByText('can’t be read. Nothing was deleted').waitFor();
      await desk.repair();
      await desk.untilEnabled('Sign in');
      await desk.enterPassword('Sign in');
      await untilReported();
      await desk.stop();

      await useKeyring('own');
      await desk.start();
      await desk.signInLive();
      await expect.poll(records).toBe(1);
    },
  );
});
