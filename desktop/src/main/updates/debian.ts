/** Updates of the Debian package. A helper that belongs to root verifies everything again and runs dpkg; polkit starts it. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { SignedManifest, UpdateRefusal } from '@slate/shared/updates';
import { UpdateRefused } from './download.ts';
import { deleteFolder, startsHere } from './installation.ts';
import type { Run } from './installation.ts';

/** `yes`: without a question; `password`: polkit asks for an administrator. */
export type Permission = 'yes' | 'password' | 'no';

/** Asks polkit whether this program may start the helper. */
export async function askPolkit(run: Run): Promise<Permission> {
  const action = 'health.slate.console.install-update';
  const code = await run('/usr/bin/pkcheck', ['--action-id', action, '--process', String(process.pid)]).catch(
    () => null,
  );
  return code === 0 ? 'yes' : code === 2 ? 'password' : 'no';
}

/** Unpacks a verified package into a folder of the person and starts the new program once, with an empty profile. */
export async function tryPackage(
  file: string,
  folder: string,
  args: readonly string[],
  run: Run,
): Promise<void> {
  try {
    await deleteFolder(folder);
    const unpacked = await run('dpkg-deb', ['--extract', file, folder]);
    // Chromium's sandbox would have to belong to root. The new program ends before it opens a page.
    const isGood =
      unpacked === 0 && (await startsHere(join(folder, 'opt/slate/slate'), [...args, '--no-sandbox'], run));
    if (!isGood) throw new UpdateRefused('unusable');
  } catch (error) {
    throw error instanceof UpdateRefused ? error : new UpdateRefused('unusable', error);
  } finally {
    await deleteFolder(folder);
  }
}

/** The exit codes of the helper, and those of pkexec when polkit says no. */
const refusals: Partial<Record<number, UpdateRefusal>> = {
  10: 'rejected',
  11: 'busy',
  12: 'forbidden',
  14: 'disk',
  126: 'forbidden',
  127: 'forbidden',
};

/** Installs a package with the helper. Throws `UpdateRefused` if it is not installed. */
export async function runHelper(
  helper: string,
  signed: SignedManifest,
  file: string,
  run: Run,
): Promise<void> {
  // pkexec refuses unusual variables.
  const code = await run('/usr/bin/env', ['-i', '/usr/bin/pkexec', '--disable-internal-agent', helper], () =>
    helperInput(signed, createReadStream(file)),
  );
  if (code !== 0) throw new UpdateRefused(refusals[code ?? 0] ?? 'failed');
}

/** As `install-update` reads it. */
export async function* helperInput(
  { manifest, signature }: SignedManifest,
  file: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(manifest);
  yield Buffer.from(`${signature} ${String(bytes.length).padStart(5, '0')}\n`);
  yield bytes;
  yield* file;
}
