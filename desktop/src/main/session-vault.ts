import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { storedSession } from '../bridge.ts';
import type { StoredSession } from '../bridge.ts';
import type { Log } from './log.ts';
import { writeAtomically } from './write-atomically.ts';

/** The part of the operating system that keeps secrets for a person. */
export type Safe = {
  /** False where there is none, and "encrypting" would be no more than disguise. */
  isThere(): boolean;
  encrypt(text: string): Buffer;
  decrypt(bytes: Buffer): string;
};

/** Bound to its server: no other one is ever shown it. */
const kept = z.strictObject({ server: z.string(), session: storedSession });

export type SessionVault = {
  read(server: string): StoredSession | null;
  keep(server: string, session: StoredSession): boolean;
  drop(): void;
};

/** What signs a person in again after a restart: encrypted, or not kept at all. */
export function createSessionVault(file: string, safe: Safe, log: Log): SessionVault {
  const drop = () => {
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
        if (!safe.isThere()) throw new Error('The system keeps no secrets now.');
        const found = kept.parse(JSON.parse(safe.decrypt(bytes)));
        if (found.server === server) return found.session;
      } catch {
        // What the error says might hold what was in the file.
        log.warn('The kept session cannot be read: it is forgotten, and the person signs in again.');
      }
      drop();
      return null;
    },
    keep: (server, session) => {
      if (!safe.isThere()) {
        drop();
        return false;
      }
      try {
        writeAtomically(file, safe.encrypt(JSON.stringify({ server, session })));
        return true;
      } catch (error) {
        log.error('The session could not be kept.', error);
        drop();
        return false;
      }
    },
    drop,
  };
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
