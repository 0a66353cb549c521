import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { serverAddress } from '../bridge.ts';
import type { Log } from './log.ts';
import { windowPlace } from './window-place.ts';
import { writeAtomically } from './write-atomically.ts';

const settings = z.strictObject({
  server: serverAddress.nullable(),
  window: windowPlace.nullable(),
});
type Values = z.infer<typeof settings>;

export type Settings = {
  get(): Values;
  change(part: Partial<Values>): void;
};

/** The settings of this workstation. An unreadable file counts as none. */
export function openSettings(file: string, log: Log): Settings {
  let values = read(file, log);
  return {
    get: () => values,
    change: (part) => {
      values = { ...values, ...part };
      try {
        writeAtomically(file, `${JSON.stringify(values, null, 2)}\n`);
      } catch (error) {
        log.error('The settings could not be saved and apply until the program ends.', error);
      }
    },
  };
}

function read(file: string, log: Log): Values {
  const defaults: Values = { server: null, window: null };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      log.error('The settings cannot be read: using the defaults.', error);
    }
    return defaults;
  }
  try {
    return settings.parse(JSON.parse(text));
  } catch {
    log.warn('The settings are damaged: using the defaults.');
    return defaults;
  }
}
