/** The Debian package updates itself for an ordinary person, through polkit. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { deb } from '../../scripts/packaging/linux.ts';
import { publicKeyOf } from '../../scripts/update-manifest.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { buildWithKeys, publishPackages } from '../helpers/electron/installed-program.ts';
import { openVirtualScreen } from '../helpers/electron/screen.ts';
import type { Screen } from '../helpers/electron/screen.ts';
import { openCleanRoot } from '../helpers/package/clean-root.ts';
import type { CleanRoot } from '../helpers/package/clean-root.ts';

const profile = '/home/nurse/.config/Slate';
const action = 'health.slate.console.install-update';
const patience = { timeout: 90_000, interval: 200 };

describe.skipIf(inject('packages') === null)('the Debian package of a person without rights', () => {
  let root: CleanRoot;
  let screen: Screen;
  let deployment: Deployment;
  let folder: string;
  let hasPolkit: boolean;
  const key = generateKeyPairSync('ed25519').privateKey;
  const updateKeys = [publicKeyOf(key)];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slate-debian-update-'));
    root = await openCleanRoot();
    hasPolkit = startPolkit();
    screen = (await openVirtualScreen()) ?? expect.fail('There is no Xvfb.');
    buildWithKeys(updateKeys, join(folder, 'out'));
    await pack('0.1.0', root.path('/tmp/slate.deb'));
    const [stable, beta] = ['stable', 'beta'].map((channel) => join(folder, 'updates', channel)) as [
      string,
      string,
    ];
    for (const channel of [stable, beta]) mkdirSync(channel, { recursive: true });
    await pack('0.2.0', join(stable, 'slate-0.2.0-linux-amd64.deb'));
    await publishPackages(stable, '0.2.0', key);
    writeFileSync(join(beta, 'slate-0.3.0-linux-amd64.deb'), 'never downloaded');
    await publishPackages(beta, '0.3.0', key);
    const environment = { UPDATES_FOLDER: join(folder, 'updates') };
    deployment = await openDeployment({ servers: 1, environment });

    root.run(['dpkg', '--install', '/tmp/slate.deb']);
    root.run(['useradd', '--create-home', 'nurse']);
    // Somebody has signed in before.
    const memory = {
      workstation: randomUUID(),
      site: deployment.siteId,
      newest: {},
      crashed: [],
      trial: null,
    };
    root.run(['mkdir', '-p', `${profile}/updates`], { as: 'nurse' });
    writeFileSync(root.path(`${profile}/updates/memory.json`), JSON.stringify(memory));
    root.run(['chown', 'nurse:', `${profile}/updates/memory.json`]);
  }, 240_000);
  afterAll(async () => {
    await root?.[Symbol.asyncDispose]();
    await screen?.close();
    await deployment?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Installs polkit on the copy of the machine. False: there is none to install. */
  function startPolkit(): boolean {
    const packages = ['dbus', 'polkitd', 'pkexec'];
    const install = ['apt-get', '-qq', 'install', '-y', '--no-install-recommends', ...packages];
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const hasInstalled = () => root.attempt(install, { env }).status === 0;
    if (!hasInstalled() && (root.attempt(['apt-get', '-qq', 'update']).status !== 0 || !hasInstalled()))
      return false;
    root.run(['mkdir', '-p', '/run/dbus']);
    root.run(['dbus-daemon', '--system', '--fork']);
    return true;
  }

  /** The packaged program with another console in it. */
  async function pack(version: string, file: string) {
    const program = join(folder, 'program');
    cpSync(inject('packages')?.folder ?? '', program, { recursive: true });
    const app = join(folder, 'app');
    mkdirSync(app);
    cpSync(join(folder, 'out'), join(app, 'out'), { recursive: true });
    const manifest = {
      name: 'slate',
      productName: 'Slate',
      version,
      main: 'out/main/main.cjs',
      isRelease: true,
    };
    writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
    await createPackage(app, join(program, 'resources/app.asar'));
    deb(
      { folder: program, version, isRelease: true, epoch: 1_700_000_000, updateKeys },
      file,
      join(folder, 'deb'),
    );
    for (const each of [program, app]) rmSync(each, { recursive: true });
  }

  /** A rule of an administrator for this person. polkit reads it soon. Its JavaScript is an old one. */
  async function rule(result: 'YES' | 'NO') {
    const decide = `if (action.id === '${action}' && subject.user === 'nurse') return polkit.Result.${result};`;
    const file = root.path('/etc/polkit-1/rules.d/10-slate.rules');
    writeFileSync(file, `polkit.addRule(function (action, subject) { ${decide} });`);
    const check = ['sh', '-c', `pkcheck --action-id ${action} --process $$`];
    await expect.poll(() => root.attempt(check, { as: 'nurse' }).status).toBe(result === 'YES' ? 0 : 1);
  }
  const log = () => {
    const file = root.path(`${profile}/logs/slate.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const start = () =>
    root.start(['slate'], {
      as: 'nurse',
      env: { DISPLAY: screen.display, SLATE_SERVER: deployment.servers[0]?.url ?? '' },
    });
  const version = () => root.run(['dpkg-query', '--show', '--showformat=${Version}', 'slate']);

  test('PK11 has an action of polkit that asks nobody at the screen, and an administrator elsewhere', ({
    skip,
  }) => {
    if (!hasPolkit) skip('polkit cannot be installed here');
    const { stdout } = root.attempt(['pkaction', '--verbose', '--action-id', action]);
    expect(stdout).toMatch(
      /implicit any: +auth_admin\n +implicit inactive: +auth_admin\n +implicit active: +yes\n/,
    );
    expect(stdout).toContain('org.freedesktop.policykit.exec.path -> /usr/lib/slate/install-update');
  });

  const announced = () => log().match(/(?<=Update: announced )\d+\.\d+\.\d+/g) ?? [];
  /** Starts the program, ends it when it has announced an update, and returns the announced and the installed version. */
  async function startUntilAnnounced() {
    const before = announced().length;
    const ended = once(start(), 'exit');
    await expect.poll(() => announced().length, patience).toBe(before + 1);
    // The link has the name of the computer and the id.
    const id =
      readlinkSync(root.path(`${profile}/SingletonLock`))
        .split('-')
        .at(-1) ?? '';
    root.run(['kill', id]);
    await ended;
    return { announced: announced().at(-1), installed: version() };
  }

  test('UP11 only announces an update if an administrator forbids it', async ({ skip }) => {
    if (!hasPolkit) skip('polkit cannot be installed here');
    await rule('NO');
    expect(await startUntilAnnounced()).toEqual({ announced: '0.2.0', installed: '0.1.0' });
  });

  test('UP5 UP9 asks for the channel of the policy, and only announces its update in the mode announce', async () => {
    if (hasPolkit) await rule('YES');
    root.run(['mkdir', '/etc/slate']);
    const policy = { UpdateChannel: 'beta', UpdateMode: 'announce' };
    writeFileSync(root.path('/etc/slate/policy.json'), JSON.stringify(policy));
    expect(await startUntilAnnounced()).toEqual({ announced: '0.3.0', installed: '0.1.0' });
    root.run(['rm', '-r', '/etc/slate']);
  });

  test('UP11 is updated by itself while nobody is signed in, and the new version runs', async ({ skip }) => {
    if (!hasPolkit) skip('polkit cannot be installed here');
    await rule('YES');
    start();
    await expect.poll(log, patience).toContain('Version 0.2.0 started well.');
    const lines = log()
      .split('\n')
      .flatMap((line) => /(Slate \S+ started|Update: .*|Version .*)/.exec(line)?.[1] ?? []);
    expect(lines.slice(lines.lastIndexOf('Slate 0.1.0 started')).slice(0, 6)).toEqual([
      'Slate 0.1.0 started',
      'Update: checking.',
      'Update: ready 0.2.0.',
      'Update: installing 0.2.0.',
      'Slate 0.2.0 started',
      'Version 0.2.0 started well.',
    ]);
    expect(version()).toBe('0.2.0');
    expect(root.run(['dpkg', '--verify', 'slate'])).toBe('');
  });
});
