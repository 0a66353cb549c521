/**
 * Reads the policy that administrators have put on this workstation. Reading never fails: problems
 * are reported in the result.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../log.ts';
import { parseJsonPolicy } from './parse-json.ts';
import { parseRegistry, listsKey } from './parse-registry.ts';
import { nothingUsed, parsePolicy } from './parse-policy.ts';
import type { PolicyContents, Policy } from './parse-policy.ts';

/** The identifier of the program, also in `electron-builder.yml`. */
export const bundleId = 'health.slate.console';

export type Place =
  | { kind: 'registry'; key: string }
  | { kind: 'plist'; file: string; owners: readonly number[] }
  | { kind: 'json'; file: string; owners: readonly number[] };

const root = 0;

/** The fixed places. Only administrators can write there. */
export const places: Partial<Record<NodeJS.Platform, Place>> = {
  win32: { kind: 'registry', key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Slate' },
  darwin: { kind: 'plist', file: `/Library/Managed Preferences/${bundleId}.plist`, owners: [root] },
  linux: { kind: 'json', file: '/etc/slate/policy.json', owners: [root] },
};

/** Runs a program of the system and returns what it prints. */
export type Run = (program: string, args: readonly string[], input?: Buffer) => Buffer;

const timeoutMs = 3_000;
export const maxBytes = 65_536;

const runProgram: Run = (program, args, input) =>
  execFileSync(program, args, {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 16 * maxBytes,
    windowsHide: true,
    // The person's environment must not decide what runs.
    env: { SystemRoot: 'C:\\Windows', LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input && { input }),
  });

export function readPolicy(place: Place | undefined, log: Log, run: Run = runProgram): Policy {
  const policy = read(place, run);
  const { source, settings, refused } = policy;
  if (source !== null) log.info(`Policy of ${source}: ${Object.keys(settings).join(', ') || 'no settings'}.`);
  for (const { name, why } of refused) log.warn(`Refused the policy ${name}: ${why}`);
  return policy;
}

const noPolicy: Policy = { source: null, settings: {}, refused: [] };

function read(place: Place | undefined, run: Run): Policy {
  if (!place) return noPolicy;
  const source = place.kind === 'registry' ? place.key : place.file;
  const contents = place.kind === 'registry' ? readRegistry(place.key, run) : readFile(place, run);
  return contents === null ? noPolicy : parsePolicy(source, contents);
}

const registryProgram = 'C:\\Windows\\System32\\reg.exe';

/**
 * Null: the key does not exist. `/reg:64`, because not every version of Windows shares the policies between 64-bit and
 * 32-bit programs.
 */
function readRegistry(key: string, run: Run): PolicyContents | null {
  const query = (of: string, ...options: string[]) =>
    run(registryProgram, ['query', of, ...options, '/reg:64']).toString('latin1');
  try {
    // The parent always exists. Reading it first distinguishes a missing key from an unreadable one.
    if (!listsKey(query(key.slice(0, key.lastIndexOf('\\'))), key)) return null;
    return parseRegistry(key, query(key, '/s'));
  } catch {
    return nothingUsed(key, `${registryProgram} couldn’t read it within ${timeoutMs / 1000} seconds.`);
  }
}

/** Null: there is no such file. */
function readFile(
  { kind, file, owners }: Exclude<Place, { kind: 'registry' }>,
  run: Run,
): PolicyContents | null {
  let bytes: Buffer;
  try {
    const checked = readChecked(file, owners);
    if (typeof checked === 'string') return nothingUsed(file, checked);
    bytes = checked;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ELOOP') return nothingUsed(file, 'It is a symbolic link. Put the file itself there.');
    return nothingUsed(file, `It can’t be read (${code}), so nothing in it is used.`);
  }
  if (kind === 'json') return parseJsonPolicy(file, bytes);
  try {
    const json = run('/usr/bin/plutil', ['-convert', 'json', '-o', '-', '--', '-'], bytes);
    const { entries, refused } = parseJsonPolicy(file, json);
    // macOS adds keys of its own.
    return { entries: entries.filter(({ name }) => !name.startsWith('Payload')), refused };
  } catch {
    return nothingUsed(file, 'plutil can’t convert it: it is damaged, or it has data or dates.');
  }
}

/**
 * The contents, or why they are not trusted. Reads and checks one open file, so it cannot be
 * replaced in between.
 */
function readChecked(file: string, owners: readonly number[]): Buffer | string {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const opened = fstatSync(handle);
    if (!opened.isFile()) return 'It isn’t a file.';
    for (const { uid, mode } of [opened, statSync(dirname(file))]) {
      if (!owners.includes(uid) || (mode & 0o022) !== 0)
        return 'Users other than root can change it, so nothing in it is used. Make root the owner of the file and its folder, and don’t let other users write to them.';
    }
    const buffer = Buffer.alloc(maxBytes + 1);
    const length = readSync(handle, buffer);
    return length > maxBytes
      ? `It is longer than ${maxBytes} bytes, so nothing in it is used.`
      : buffer.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}
