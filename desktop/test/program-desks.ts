import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, onTestFinished, vi } from 'vitest';
import { asked } from '../../shared/test/queue-records.ts';
import type { OpenDeskInput } from '../src/bridge.ts';
import { deriveKey } from '../src/main/derive-key-worker.ts';
import { createDesks } from '../src/main/desks.ts';
import type { Desks, DesksDeps } from '../src/main/desks.ts';
import { realDisk } from '../src/main/disk.ts';
import type { Safe } from '../src/main/session-vault.ts';
import { ownFolder, recordingLog } from './on-disk.ts';

const inverted = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
/** The system's keyring of this computer. */
const keyring = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => inverted(Buffer.from(`sealed ${text}`)),
  decryptString: (bytes) => {
    const text = inverted(bytes).toString();
    if (!text.startsWith('sealed ')) throw new Error('It was sealed by another keyring.');
    return text.slice('sealed '.length);
  },
} satisfies Safe;
export const otherKeyring: Safe = {
  ...keyring,
  decryptString: () => {
    throw new Error('It was sealed by another keyring.');
  },
};
export const noKeyring: Safe = { ...keyring, getSelectedStorageBackend: () => 'basic_text' };

export const idOf = (letter: string) => `${letter.repeat(8)}-0000-4000-8000-000000000000`;
export const kraus = {
  personId: idOf('a'),
  siteId: idOf('1'),
  email: 'kraus@example.org',
  name: 'M. Kraus',
  siteName: 'North',
};
export const smith = {
  personId: idOf('b'),
  siteId: idOf('1'),
  email: 'smith@example.org',
  name: 'J. Smith',
  siteName: 'North',
};
export const secret = Buffer.alloc(32, 7).toString('base64url');
export const password = 'correct horse battery';
export const hourMs = 3_600_000;

/** The desk of `leftDesk`, opened. */
export const openedDesk = {
  result: 'opened',
  desk: { records: [asked(1)], board: 'the board', damage: null },
};

/** The desks of the desktop program, in a new folder for each test, at a time that the test sets. */
export function setUpDesks() {
  const folder = ownFolder();
  const log = recordingLog();
  const computer = {
    server: 'https://slate.example.org' as string | null,
    /** How long it has been up. */
    upMs: 0,
  };
  beforeEach(() => {
    Object.assign(computer, { server: 'https://slate.example.org', upMs: hourMs });
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-30T09:42:00Z') });
    onTestFinished(() => void vi.useRealTimers());
  });

  /** The program, as it is after a start. */
  function start(change: Partial<DesksDeps> = {}): Desks {
    const desks = createDesks({
      folder: join(folder.path, 'desks'),
      server: () => computer.server,
      safe: keyring,
      // The cost of a test.
      derive: (derivation) => deriveKey({ ...derivation, memory: 8, passes: 1 }),
      disk: realDisk,
      own: () => Promise.resolve(true),
      log,
      upMs: () => computer.upMs,
      ...change,
    });
    onTestFinished(() => desks.closeDesk());
    return desks;
  }

  /** To open the desk of Kraus, or of the person in the change. */
  async function inputOf(desks: Desks, change: Partial<OpenDeskInput> = {}): Promise<OpenDeskInput> {
    const person = { ...kraus, ...change };
    const device = await desks.deskDevice({ personId: person.personId, siteId: person.siteId });
    return { ...person, device, secret, password, offlineHours: 72, ...change };
  }
  const open = async (desks: Desks, change: Partial<OpenDeskInput> = {}) =>
    desks.openDesk(await inputOf(desks, change));

  /** Creates a desk with one request and a board, and closes it. */
  async function createClosedDesk(change: Partial<DesksDeps> = {}, input: Partial<OpenDeskInput> = {}) {
    const desks = start(change);
    await open(desks, input);
    await desks.appendToLog([asked(1)]);
    await desks.saveBoard('the board');
    await desks.closeDesk();
    return desks;
  }

  const setClock = (ms: number) => void vi.setSystemTime(Date.now() + ms);
  /** The folder of Kraus's desk. */
  const place = () =>
    join(folder.path, 'desks', 'https+slate.example.org', `${kraus.siteId}_${kraus.personId}`);
  return {
    folder,
    computer,
    start,
    inputOf,
    open,
    leftDesk: createClosedDesk,
    unlock: (desks: Desks, typed = password, email = kraus.email) =>
      desks.unlockDesk({ email, password: typed }),
    /** Changes the clock and nothing else. */
    setClock,
    /** Time passes. */
    later: (ms: number) => {
      computer.upMs += ms;
      setClock(ms);
    },
    place,
    file: (name: string) => join(place(), name),
  };
}

/** The files of a folder. */
export const contentsOf = (path: string): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]));
