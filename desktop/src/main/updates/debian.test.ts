import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { SignedManifest } from '@slate/shared/updates';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  manifestOf,
  paths,
  rest,
  server,
  setUpUpdates,
  signedOffer,
  site,
  start,
} from '../../../test/update-workstation.ts';
import { helperInput } from './debian.ts';
import { findInstallation } from './installation.ts';
import type { Run } from './installation.ts';

setUpUpdates();

const debName = 'slate-0.2.0-linux-amd64.deb';
const helper = '/usr/lib/slate/install-update';
const installation = { by: 'helper', kind: 'deb', helper } as const;

let signed: SignedManifest;
beforeEach(() => {
  server.package = Buffer.from('a package');
  const files = manifestOf().files.map((file) => ({ ...file, kind: 'deb', name: debName }));
  const offer = signedOffer({ files });
  server.offer = () => offer;
  ({ signed } = offer);
});

/** A workstation with the Debian package. Each program ends with its code, or as it is given. */
function startDebian(
  codes: { pkcheck?: number | Error; program?: number; pkexec?: () => number | Promise<number> } = {},
) {
  const calls: string[] = [];
  let input = Buffer.alloc(0);
  const run = vi.fn<Run>(async (program, args, read) => {
    calls.push([program, ...args].join(' '));
    if (program === '/usr/bin/pkcheck') {
      const { pkcheck = 0 } = codes;
      if (pkcheck instanceof Error) throw pkcheck;
      return pkcheck;
    }
    if (program === 'dpkg-deb') mkdirSync(String(args[2]), { recursive: true });
    if (program.endsWith('/opt/slate/slate')) return codes.program ?? 0;
    if (!read) return 0;
    input = await buffer(read());
    return codes.pkexec?.() ?? 0;
  });
  const started = start({ installation, run });
  return { ...started, calls, input: () => input };
}
const callsOf = (calls: readonly string[], program: string) => calls.filter((call) => call.includes(program));

test('UP11: the program tries the new package, and the helper gets what was signed', async () => {
  const { updates, calls, input, restart, lastStatus, statuses, memory } = startDebian();
  await updates.check();
  const trial = `${paths.downloads}-trial`;
  expect(calls).toEqual([
    `/usr/bin/pkcheck --action-id health.slate.console.install-update --process ${process.pid}`,
    `dpkg-deb --extract ${paths.download(debName)} ${trial}`,
    expect.stringMatching(`^${trial}/opt/slate/slate --no-sandbox --no-sandbox --try-start --user-data-dir=`),
  ]);
  expect(lastStatus()).toMatchObject({ is: 'ready', needsPerson: false });
  await updates.install();
  expect(calls.at(-1)).toBe(`/usr/bin/env -i /usr/bin/pkexec --disable-internal-agent ${helper}`);
  const size = String(Buffer.from(signed.manifest).length).padStart(5, '0');
  expect(input().toString()).toBe(`${signed.signature} ${size}\n${signed.manifest}a package`);
  expect(statuses.at(-1)).toEqual({ is: 'installing', version: '0.2.0' });
  expect(restart).toHaveBeenCalledOnce();
  expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 0 });
});

test('UP11: the size of a manifest counts bytes', async () => {
  const manifest = '{"notes":"Größe"}';
  const input = await buffer(Readable.from(helperInput({ manifest, signature: 'S' }, Readable.from(['P']))));
  expect(input.toString()).toBe(`S 00019\n${manifest}P`);
});

test('UP11: polkit decides whether a person must ask for an update', async () => {
  const { updates, calls, lastStatus, restart } = startDebian({ pkcheck: 2 });
  updates.pageStarted();
  updates.reportUse({ site, mayRestart: true });
  await updates.check();
  expect(lastStatus()).toMatchObject({ is: 'ready', needsPerson: true });
  rest();
  await updates.check();
  expect(callsOf(calls, 'pkexec')).toEqual([]);
  await updates.install();
  expect(restart).toHaveBeenCalledOnce();
});

test('UP11: no dialog opens when polkit has begun to ask for an administrator', async () => {
  const codes = { pkcheck: 0 };
  const { updates, calls, lastStatus } = startDebian(codes);
  updates.pageStarted();
  updates.reportUse({ site, mayRestart: true });
  await updates.check();
  codes.pkcheck = 2;
  rest();
  await updates.check();
  expect(callsOf(calls, 'pkexec')).toEqual([]);
  expect(lastStatus()).toMatchObject({ is: 'ready', needsPerson: true });
});

test.each([1, 3, 127, new Error('ENOENT')])(
  'UP11: the program only says that there is an update if polkit forbids it or is missing (%s)',
  async (pkcheck) => {
    const { updates, lastStatus } = startDebian({ pkcheck });
    await updates.check();
    expect(lastStatus()).toEqual({ is: 'announced', version: '0.2.0', notes: 'Faster openings.' });
    expect(server.downloads()).toEqual([]);
  },
);

test('UP7: a package whose program does not start is not installed', async () => {
  const { updates, calls, lastStatus } = startDebian({ program: 1 });
  await updates.check();
  expect(lastStatus()).toMatchObject({ is: 'refused', why: 'unusable' });
  await expect(updates.install()).rejects.toThrow('There is no update to install');
  expect(callsOf(calls, 'pkexec')).toEqual([]);
});

test('UP1: a package that was changed after its verification does not reach the helper', async () => {
  const { updates, calls, lastStatus } = startDebian();
  await updates.check();
  writeFileSync(paths.download(debName), 'A package');
  await updates.install();
  expect(callsOf(calls, 'pkexec')).toEqual([]);
  expect(lastStatus()).toMatchObject({ is: 'refused', why: 'hash' });
});

test.each([
  [10, 'rejected'],
  [11, 'busy'],
  [12, 'forbidden'],
  [13, 'failed'],
  [14, 'disk'],
  [126, 'forbidden'],
  [127, 'forbidden'],
  [1, 'failed'],
])('UP11: the program goes on when the helper ends with %i, and says why (%s)', async (code, why) => {
  const { updates, restart, lastStatus, memory } = startDebian({ pkexec: () => code });
  await updates.check();
  await updates.install();
  expect(restart).not.toHaveBeenCalled();
  expect(lastStatus()).toEqual({ is: 'refused', version: '0.2.0', why });
  expect(memory.get().trial).toBeNull();
});

test('UP11: the program tries again soon when another program installs packages', async () => {
  const codes = { pkexec: () => 11 };
  const { updates, lastStatus } = startDebian(codes);
  updates.pageStarted();
  await updates.check();
  await updates.install();
  expect(lastStatus()).toMatchObject({ why: 'busy' });
  for (let second = 0; second < 605 && lastStatus()?.is !== 'checking'; second += 5)
    vi.advanceTimersByTime(5_000);
  expect(lastStatus()).toEqual({ is: 'checking' });
  await updates.check();
  expect(lastStatus()).toMatchObject({ is: 'ready' });
});

test('UP11: the new version starts later if somebody began to work while it was installed', async () => {
  const { updates, calls, restart, lastStatus, ...deps } = startDebian({
    pkexec: () => {
      vi.advanceTimersByTime(1_000);
      updates.touch();
      return 0;
    },
  });
  updates.pageStarted();
  await updates.check();
  await updates.install();
  expect(restart).not.toHaveBeenCalled();
  expect(lastStatus()).toMatchObject({ is: 'ready', needsPerson: false });
  updates.reportUse({ site, mayRestart: true });
  rest();
  await deps.restarted;
  expect(restart).toHaveBeenCalledOnce();
  expect(callsOf(calls, 'pkexec')).toHaveLength(1);
});

test('UP9: the Debian package is updated by its helper, never replaced as a folder', () => {
  const present = join(paths.profile, 'memory.json');
  mkdirSync(paths.profile, { recursive: true });
  writeFileSync(present, '');
  const program = '/opt/slate/slate';
  expect(findInstallation(program, 'linux', {}, present)).toEqual({
    by: 'helper',
    kind: 'deb',
    helper: present,
  });
  expect(findInstallation(program, 'linux', {}, join(paths.profile, 'none'))).toEqual({
    by: 'administrator',
    kind: null,
  });
});
