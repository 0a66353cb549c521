/** The helper that installs updates of the Debian package as root, run with input that nobody should trust. */
import { sign } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { SignedManifest, UpdateManifest } from '@slate/shared/updates';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { helperInput } from '../../desktop/src/main/updates/debian.ts';
import { openCleanRoot } from '../helpers/package/clean-root.ts';
import type { CleanRoot } from '../helpers/package/clean-root.ts';
import {
  fileOf,
  keys,
  manifestOf,
  packageOf,
  signed,
  withControl,
  withFile,
} from '../helpers/package/debian-updates.ts';

const helper = '/usr/lib/slate/install-update';
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe.skipIf(inject('packages') === null)('PK10 PK12 the helper for updates', () => {
  let root: CleanRoot;
  const old = packageOf('0.1.0');
  const update = packageOf('0.2.0');

  beforeAll(async () => {
    root = await openCleanRoot();
    writeFileSync(root.path('/tmp/slate.deb'), old);
    // It writes what the helper logs to a file.
    root.run(['mv', '/usr/bin/logger', '/usr/bin/logger.real']);
    writeFileSync(root.path('/usr/bin/logger'), '#!/bin/sh\necho "$@" >>/tmp/journal\n', { mode: 0o755 });
    install();
  });
  afterAll(() => root?.[Symbol.asyncDispose]());
  afterEach(() => {
    root.run(['rm', '-rf', '/etc/slate', '/tmp/journal']);
    if (version() !== '0.1.0') install();
  });

  const install = () => root.run(['dpkg', '--force-downgrade', '--install', '/tmp/slate.deb']);
  const version = () => root.run(['dpkg-query', '--show', '--showformat=${Version}', 'slate']);
  const state = () => root.run(['dpkg-query', '--show', '--showformat=${Status}', 'slate']);

  type Options = Parameters<CleanRoot['attempt']>[1] & { args?: string[] };
  const start = (input: Buffer, { args = [], ...options }: Options = {}) => {
    const { status, stderr } = root.attempt([helper, ...args], { input, ...options });
    if (existsSync(root.path('/var/cache/slate-update'))) throw new Error('The helper has left its folder.');
    return [status, stderr];
  };
  const inputOf = (manifest: SignedManifest, bytes: Buffer) =>
    buffer(Readable.from(helperInput(manifest, Readable.from([bytes]))));
  /** Runs the helper with a package and a manifest for it, which `change` changes before it is signed. */
  const offer = async (bytes: Buffer, change: Partial<UpdateManifest> = {}, options: Options = {}) =>
    start(await inputOf(signed(manifestOf('0.2.0', bytes, change)), bytes), options);
  const refused = (why: string) => [10, `The update is refused: ${why}\n`];

  test.each([
    ['first', keys.current],
    ['second', keys.next],
  ])('installs an update that its %s key has signed', async (_, key) => {
    const input = await inputOf(signed(manifestOf('0.2.0', update), key), update);
    expect(start(input)).toEqual([0, 'Version 0.2.0 is installed.\n']);
    expect([version(), state()]).toEqual(['0.2.0', 'install ok installed']);
    expect(root.run(['slate'])).toBe('0.2.0\n');
    expect(readFileSync(root.path('/tmp/journal'), 'utf8')).toBe(
      '--tag slate-update -- Version 0.2.0 is installed.\n',
    );
  });

  test('says that a version is already installed, without reading its package', async () => {
    const manifest = signed(manifestOf('0.1.0', old));
    expect(start(await inputOf(manifest, Buffer.alloc(0)))).toEqual([
      0,
      'Version 0.1.0 is already installed.\n',
    ]);
  });

  test.each<[string, Partial<UpdateManifest>, string]>([
    ['another product', { product: 'slate-server' }, 'it is for another program.'],
    ['one that is not valid yet', { notBefore: inHours(1) }, 'it is not valid yet.'],
    ['an expired one', { expires: inHours(-1) }, 'its signature has expired.'],
    ['one for later versions', { minimumVersion: '0.1.5' }, 'it needs version 0.1.5 or a later one.'],
    ['no package', { files: [] }, 'it has no package for this kind of workstation.'],
    [
      'a package for another processor only',
      { files: [{ ...fileOf(update), arch: 'arm64' }] },
      'it has no package for this kind of workstation.',
    ],
    [
      'two packages for this workstation',
      { files: [fileOf(update), fileOf(old)] },
      'it has no package for this kind of workstation.',
    ],
    [
      'a package that is smaller than signed',
      { files: [{ ...fileOf(update), size: update.length + 1 }] },
      'its package is incomplete.',
    ],
    [
      'a package that is larger than signed',
      { files: [{ ...fileOf(update), size: update.length - 1 }] },
      'its package is larger than it should be.',
    ],
    [
      'another package than the signed one',
      { files: [{ ...fileOf(update), sha512: fileOf(old).sha512 }] },
      'its package is not the one that was signed.',
    ],
    ['a package of another version', { version: '0.3.0' }, 'its package has another version.'],
  ])('refuses %s', async (_, change, why) => {
    expect(await offer(update, change)).toEqual(refused(why));
    expect(version()).toBe('0.1.0');
  });

  test.each([
    ['name', 'Package: slate', 'Package: sudo', 'its package has another name.'],
    [
      'architecture',
      'Architecture: amd64',
      'Architecture: arm64',
      'its package is for another kind of computer.',
    ],
    ['version', 'Version: 0.2.0', 'Version: 1:0.2.0', 'its package has another version.'],
  ])('refuses a signed package with another %s in its control file', async (_, from, to, why) => {
    expect(await offer(packageOf('0.2.0', withControl(from, to)))).toEqual(refused(why));
  });

  test('refuses an older version', async () => {
    const older = packageOf('0.0.9');
    expect(await offer(older, { version: '0.0.9', minimumVersion: '0.0.1' })).toEqual(
      refused('it is not newer than version 0.1.0.'),
    );
  });

  test('refuses a file that is no package', async () => {
    expect(await offer(Buffer.from('no package'))).toEqual(refused('its package has another name.'));
  });

  test('refuses what no key of the package has signed, and every changed byte', async () => {
    const unsigned = refused('it is not signed by the makers of Slate.');
    const manifest = manifestOf('0.2.0', update);
    expect(start(await inputOf(signed(manifest, keys.foreign), update))).toEqual(unsigned);
    const input = await inputOf(signed(manifest), update);
    const end = 95 + JSON.stringify(manifest).length;
    for (const at of [0, 40, 84, 95, 96, 200, end - 1]) {
      const changed = Buffer.from(input);
      changed[at] = (changed[at] ?? 0) === 65 ? 66 : 65;
      expect(start(changed)).toEqual(unsigned);
    }
    expect(version()).toBe('0.1.0');
  });

  test.each([
    ['nothing', ''],
    ['an unreadable header', 'x'.repeat(200)],
    ['a header without its end', `${'A'.repeat(86)}== 00100`],
    ['a size that is no number', `${'A'.repeat(86)}== -0001\n`],
  ])('refuses %s as input', (_, input) => {
    expect(start(Buffer.from(input))).toEqual(refused('its input cannot be read.'));
  });

  test('refuses a manifest that ends too early', () => {
    const input = Buffer.from(`${'A'.repeat(86)}== 65536\n{}`);
    expect(start(input)).toEqual(refused('its manifest is incomplete.'));
  });

  test.each([
    ['is no JSON', 'Hello.'],
    ['has no fields', '{}'],
    ['names a field twice', JSON.stringify(manifestOf('0.2.0', update)).replace('{', '{"version":"0.3.0",')],
    [
      'has a version of another form',
      JSON.stringify(manifestOf('0.2.0', update)).replace('0.2.0', '0.2.0-1'),
    ],
    [
      'has an end that is no time',
      JSON.stringify(manifestOf('0.2.0', update, { expires: inHours(2) })).replace(
        /"expires":"[^"]*"/,
        '"expires":"soon"',
      ),
    ],
  ])('refuses a signed manifest that %s', async (_, manifest) => {
    const signature = sign(null, Buffer.from(manifest), keys.current).toString('base64');
    expect(start(await inputOf({ manifest, signature }, update))).toEqual(
      refused('its manifest cannot be read.'),
    );
  });

  test('takes no arguments', async () => {
    for (const args of [['--force'], ['/tmp/slate.deb'], ['--help']])
      expect(await offer(update, {}, { args })).toEqual(refused('install-update takes no arguments.'));
  });

  test('trusts no variable of its caller', async () => {
    const script = '#!/bin/sh\ntouch /tmp/trap\n';
    root.run(['mkdir', '-p', '/tmp/evil']);
    for (const name of ['openssl', 'dpkg', 'grep', 'rm'])
      writeFileSync(root.path(`/tmp/evil/${name}`), script, { mode: 0o755 });
    writeFileSync(root.path('/tmp/evil/openssl.cnf'), 'openssl_conf = missing\n');
    const env = {
      PATH: '/tmp/evil:/usr/bin:/bin',
      ENV: '/tmp/evil/dpkg',
      BASH_ENV: '/tmp/evil/dpkg',
      IFS: 'aeiou',
      DPKG_ROOT: '/tmp/evil',
      DPKG_ADMINDIR: '/tmp/evil',
      DPKG_FORCE: 'all',
      DPKG_FRONTEND_LOCKED: '1',
      OPENSSL_CONF: '/tmp/evil/openssl.cnf',
      TMPDIR: '/tmp/evil',
      POSIXLY_CORRECT: '1',
      GREP_OPTIONS: '-v',
      LC_ALL: 'tr_TR.UTF-8',
    };
    expect(await offer(update, {}, { env })).toEqual([0, 'Version 0.2.0 is installed.\n']);
    expect(version()).toBe('0.2.0');
    expect(existsSync(root.path('/tmp/trap'))).toBe(false);
    expect(readdirSync(root.path('/tmp/evil'))).toHaveLength(5);
  });

  test('lifts the limits of its caller', async () => {
    const input = await inputOf(signed(manifestOf('0.2.0', update)), update);
    const limited = ['prlimit', '--fsize=100000:', '--nofile=20:', helper];
    const { status, stderr } = root.attempt(limited, { input });
    expect([status, stderr]).toEqual([0, 'Version 0.2.0 is installed.\n']);
  });

  test('installs nothing without the rights of root', async () => {
    const [status] = await offer(update, {}, { as: 'nobody' });
    expect(status).not.toBe(0);
    expect(version()).toBe('0.1.0');
  });

  test.each([
    ['{ "UpdateMode" : "announce" }', 'The policy of this workstation leaves updates to an administrator.\n'],
    ['{"UpdateMode":"off"}', 'The policy of this workstation leaves updates to an administrator.\n'],
    ['{"UpdateMode":["automatic"]}', 'The policy of this workstation leaves updates to an administrator.\n'],
    ['{"UpdateChannel":"beta"}', 'The policy of this workstation names another update channel.\n'],
  ])('obeys the policy %s', async (policy, sentence) => {
    root.run(['mkdir', '/etc/slate']);
    writeFileSync(root.path('/etc/slate/policy.json'), policy);
    expect(await offer(update)).toEqual([12, sentence]);
    expect(version()).toBe('0.1.0');
  });

  test('installs what the policy allows', async () => {
    root.run(['mkdir', '/etc/slate']);
    const policy = { Site: 'x', UpdateMode: 'automatic', UpdateChannel: 'stable' };
    writeFileSync(root.path('/etc/slate/policy.json'), JSON.stringify(policy, null, 2));
    expect((await offer(update))[0]).toBe(0);
  });

  test('leaves a package alone that an administrator has put on hold', async () => {
    const select = (selection: string) =>
      root.run(['dpkg', '--set-selections'], { input: Buffer.from(`slate ${selection}\n`) });
    select('hold');
    expect(await offer(update)).toEqual([12, 'An administrator has put the package slate on hold.\n']);
    select('install');
  });

  /** Starts a program that prints a line when it has begun and ends when its input ends. */
  const begin = async (command: string[]) => {
    const program = root.start(command);
    const ended = once(program, 'exit');
    await once(program.stdout ?? expect.fail(), 'data');
    return {
      end: async () => {
        program.stdin?.end();
        return ended;
      },
    };
  };

  test('runs once at a time', async () => {
    const other = await begin(['flock', '/run/slate-update.lock', 'sh', '-c', 'echo ready; cat']);
    expect(await offer(update)).toEqual([
      11,
      'Another update of Slate is being installed. Try again later.\n',
    ]);
    await other.end();
    expect((await offer(update))[0]).toBe(0);
  });

  test('waits for no other program that installs packages', async () => {
    // Debian's lock is held while the script of a package runs.
    const slow = packageOf('1', (draft) => {
      withControl('Package: slate', 'Package: slow')(draft);
      withFile('DEBIAN/preinst', '#!/bin/sh\necho started\ncat >/dev/null\nexit 1\n')(draft);
    });
    writeFileSync(root.path('/tmp/slow.deb'), slow);
    const other = await begin(['dpkg', '--install', '/tmp/slow.deb']);
    expect(await offer(update)).toEqual([11, 'Another program is installing packages. Try again later.\n']);
    await other.end();
    expect((await offer(update))[0]).toBe(0);
  });

  const stillThere =
    'dpkg cannot install version 0.2.0. Version 0.1.0 is still there. An administrator looks into journalctl -t slate-update.\n';
  test.each<[string, (draft: string) => void]>([
    ['needs a package that is missing', withControl('openssl (>= 3)', 'openssl (>= 99)')],
    ['contains a file of another package', withFile('usr/bin/openssl', '')],
    [
      'has a script that fails before its files are unpacked',
      withFile('DEBIAN/preinst', '#!/bin/sh\nexit 1\n'),
    ],
  ])('leaves the old version if the new one %s', async (_, edit) => {
    expect(await offer(packageOf('0.2.0', edit))).toEqual([13, stillThere]);
    expect([version(), state()]).toEqual(['0.1.0', 'install ok installed']);
    expect(root.run(['slate'])).toBe('0.1.0\n');
    expect(readFileSync(root.path('/tmp/journal'), 'utf8')).toContain(
      '--tag slate-update --file /run/slate-update.log\n',
    );
  });

  test('says how to mend an installation that was stopped midway, and mends it with the next update', async () => {
    const stopped = packageOf('0.2.0', withFile('DEBIAN/postinst', '#!/bin/sh\nexit 1\n'));
    expect(await offer(stopped)).toEqual([
      13,
      'dpkg was stopped while it installed version 0.2.0. An administrator runs: sudo dpkg --configure -a\n',
    ]);
    expect(state()).toBe('install ok half-configured');
    expect(await offer(update)).toEqual([0, 'Version 0.2.0 is installed.\n']);
    expect(state()).toBe('install ok installed');
  });

  test('is not stopped by signals or a caller that is gone', async () => {
    const slow = packageOf(
      '0.2.0',
      withFile('DEBIAN/preinst', '#!/bin/sh\necho >/tmp/started\nread -r _ </tmp/go\n'),
    );
    writeFileSync(root.path('/tmp/input'), await inputOf(signed(manifestOf('0.2.0', slow)), slow));
    root.run(['mkfifo', '/tmp/go']);
    const program = root.start(['sh', '-c', `echo $$ >/tmp/pid; exec ${helper} </tmp/input`]);
    const ended = once(program, 'exit');
    await expect.poll(() => existsSync(root.path('/tmp/started'))).toBe(true);
    program.stderr?.destroy();
    for (const name of ['INT', 'HUP', 'QUIT', 'TERM', 'TSTP'])
      root.run(['sh', '-c', `kill -${name} $(cat /tmp/pid)`]);
    root.run(['sh', '-c', 'echo >/tmp/go']);
    await ended;
    expect([version(), state()]).toEqual(['0.2.0', 'install ok installed']);
    expect(readFileSync(root.path('/tmp/journal'), 'utf8')).toContain('Version 0.2.0 is installed.');
  });

  test('says that the disk is full, and leaves nothing on it', async () => {
    root.run(['mount', '-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', '/var/cache']);
    expect(await offer(update)).toEqual([14, 'The update cannot be copied, because the disk is full.\n']);
    root.run(['umount', '/var/cache']);
    expect(version()).toBe('0.1.0');
  });

  test('removes what a power failure has left', async () => {
    root.run(['sh', '-c', 'mkdir /var/cache/slate-update && echo old >/var/cache/slate-update/package.deb']);
    expect((await offer(update))[0]).toBe(0);
  });
});
