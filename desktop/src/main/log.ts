import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Log = {
  readonly file: string;
  info(line: string): void;
  warn(line: string): void;
  /** Includes the error's stack, which has code positions and no patient data. */
  error(line: string, error?: unknown): void;
};

const maxBytes = 1_000_000;
const olderFiles = 3;

/**
 * A log for IT: one file of up to a megabyte and three older ones. Never contains anything that identifies a case or
 * a patient.
 */
export function openLog(folder: string, now = () => new Date()): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'slate.log');
  let size = sizeOf(file);

  const write = (level: string, line: string) => {
    const entry = Buffer.from(`${now().toISOString()} ${level} ${line.replaceAll(/\s*\n\s*/g, ' | ')}\n`);
    // A full disk must not end the program.
    try {
      if (size + entry.length > maxBytes) {
        rotate(file);
        size = 0;
      }
      appendFileSync(file, entry, { mode: 0o600 });
      size += entry.length;
    } catch {}
  };
  return {
    file,
    info: (line) => write('info', line),
    warn: (line) => write('warn', line),
    error: (line, error) => write('error', error === undefined ? line : `${line} ${textOf(error)}`),
  };
}

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function rotate(file: string) {
  for (let age = olderFiles - 1; age >= 0; age -= 1) {
    const from = age === 0 ? file : `${file}.${age}`;
    try {
      renameSync(from, `${file}.${age + 1}`);
    } catch {}
  }
}

function sizeOf(file: string) {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
