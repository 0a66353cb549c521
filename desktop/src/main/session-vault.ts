import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { SafeStorage } from 'electron';
import { z } from 'zod';
import { storedSession } from '../bridge.ts';
import type { StoredSession } from '../bridge.ts';
import type { Log } from './log.ts';
import { writeAtomically } from './write-atomically.ts';

/** Electron's encryption with the system's keyring. */
export type Safe = Pick<
  SafeStorage,
  'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
>;
/** On Linux without a keyring Electron encrypts with a well-known password, which is no protection. */
const insecureBackends = ['basic_text', 'unknown'];

/** Whether the system can store secrets safely. */
export const isSecure = (safe: Safe, platform = process.platform): boolean =>
  safe.isEncryptionAvailable() &&
  (platform !== 'linux' || !insecureBackends.includes(safe.getSelectedStorageBackend()));

/** The contents of the file. The session is bound to its server and never sent to another one. */
const contents = z.strictObject({ server: z.string(), session: storedSession });

export type SessionVault = {
  read(server: string): StoredSession | null;
  save(server: string, session: StoredSession): boolean;
  delete(): void;
};

/** Stores the session that signs a person in after a restart: encrypted, or not at all. */
export function createSessionVault(
  file: string,
  safe: Safe,
  log: Log,
  platform = process.platform,
): SessionVault {
  const deleteFile = () => {
    try {
      rmSync(file, { force: true });
    } catch (error) {
      if (existsSync(file)) throw error;
    }
  };
  return {
    read: (server) => {
      const bytes = read(file);
      if (!bytes) return null;
      try {
        if (!isSecure(safe, platform)) throw new Error('The system’s keyring is not available.');
        const stored = contents.parse(JSON.parse(safe.decryptString(bytes)));
        if (stored.server === server) return stored.session;
      } catch {
        // Don't log the error: its message could contain the file's contents.
        log.warn('Deleted the stored session: it cannot be read. The person signs in again.');
      }
      deleteFile();
      return null;
    },
    save: (server, session) => {
      if (!isSecure(safe, platform)) {
        deleteFile();
        return false;
      }
      try {
        writeAtomically(file, safe.encryptString(JSON.stringify({ server, session })));
        return true;
      } catch (error) {
        log.error('The session could not be stored.', error);
        deleteFile();
        return false;
      }
    },
    delete: deleteFile,
  };
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
