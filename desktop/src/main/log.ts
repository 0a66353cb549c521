import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Log = {
  readonly file: string;
  info(line: string): void;
  warn(line: string): void;
  /** Of an error, where it came from is written too: it is our code, and no patient's data. */
  error(line: string, error?: unknown): void;
};

const most = 1_000_000;
const olderFiles = 3;

/**
 * What the program did, for whoever looks after the workstation: a file of a megabyte and three older ones.
 * No name, number or address of a case or patient is ever written here.
 */
export function openLog(folder: string, now = () => new Date()): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'slate.log');
  let size = sizeOf(file);

  const write = (level: string, line: string) => {
    const entry = `${now().toISOString()} ${level} ${line.replaceAll(/\s*\n\s*/g, ' | ')}\n`;
    // A full disk must not end the program; nobody could be told either.
    try {
      if (size + entry.length > most) {
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
    error: (line, error) => write('error', error === undefined ? line : `${line} ${told(error)}`),
  };
}

const told = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

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
