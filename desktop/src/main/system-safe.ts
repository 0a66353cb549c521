import { safeStorage } from 'electron';
import type { Safe } from './session-vault.ts';

/** On Linux without a keyring Electron encrypts with a password that everybody knows: that counts as none. */
const disguises = ['basic_text', 'unknown'];

export const systemSafe: Safe = {
  isThere: () =>
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== 'linux' || !disguises.includes(safeStorage.getSelectedStorageBackend())),
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (bytes) => safeStorage.decryptString(bytes),
};
