import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { id } from '@slate/shared/fields';
import { instant } from '@slate/shared/time';
import { updateChannel } from '@slate/shared/updates';
import { z } from 'zod';
import { isMissing } from '../disk.ts';
import type { Log } from '../log.ts';
import { writeAtomically } from '../write-atomically.ts';

const memory = z.strictObject({
  /** A random id. It decides the turn of this workstation in a rollout. */
  workstation: id,
  site: id.nullable(),
  /** When the newest known manifest of each channel was signed. */
  newest: z.record(updateChannel, instant),
  /** Versions that were installed here and crashed twice while starting. */
  crashed: z.array(z.string()).max(100),
  /** A version that was just installed, until it has started well. */
  trial: z.strictObject({ version: z.string(), starts: z.int() }).nullable(),
});
type Values = z.infer<typeof memory>;

export type Memory = {
  get(): Readonly<Values>;
  /** Throws if it cannot be saved. */
  change(part: Partial<Values>): void;
};

/** The facts about updates that survive a restart. An unreadable file is replaced. */
export function openMemory(file: string, log: Log): Memory {
  let values = read(file, log);
  return {
    get: () => values,
    change: (part) => {
      values = { ...values, ...part };
      writeAtomically(file, `${JSON.stringify(values, null, 2)}\n`);
    },
  };
}

function read(file: string, log: Log): Values {
  try {
    return memory.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!isMissing(error)) log.warn('The memory of updates cannot be read: it begins anew.');
    return { workstation: randomUUID(), site: null, newest: {}, crashed: [], trial: null };
  }
}
