/** The packaged program: read back, and driven in a copy that accepts a debugger. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import manifest from '../../desktop/package.json' with { type: 'json' };
import { consoleFolder } from '../../scripts/build-console.ts';
import { sizeOf } from '../../scripts/packaging/linux.ts';
import { freePort } from '../../scripts/postgres.ts';
import { commandOf, createWorkstation, openDesktop } from '../helpers/electron/desktop.ts';
import { holdUntilAttached } from '../helpers/electron/hold-until-attached.ts';
import { testLimitsOfPage } from '../helpers/electron/limits-of-page.ts';
import { copyWithDebugger } from '../helpers/package/copy-with-debugger.ts';

describe.skipIf(inject('packages') === null)('the packaged program', () => {
  const { folder = '', electron = '' } = inject('packages') ?? {};
  let contents: string;
  beforeAll(() => {
    contents = mkdtempSync(join(tmpdir(), 'slate-asar-'));
    extractAll(join(folder, 'resources/app.asar'), contents);
  });
  afterAll(() => rmSync(contents, { recursive: true, force: true }));

  const filesIn = (place: string) =>
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1))
      .toSorted();

  test('PK4 is the built console, byte by byte, and nothing else', () => {
    const built = ['main', 'preload', 'renderer'].flatMap((part) =>
      filesIn(join(consoleFolder, 'out', part)).map((name) => join('out', part, name)),
    );
    expect(filesIn(contents)).toEqual([...built, 'package.json'].toSorted());
    const isSame = (name: string) =>
      readFileSync(join(contents, name)).equals(readFileSync(join(consoleFolder, name)));
    expect(built.filter((name) => !isSame(name))).toEqual([]);
    expect(built.filter((name) => name.endsWith('.map'))).toEqual([]);
    const code = built.filter((name) => /\.(c?js|css)$/.test(name));
    for (const name of code)
      expect(readFileSync(join(contents, name), 'utf8')).not.toContain('sourceMappingURL');
  });

  test('PK4 names no package to install, and is marked as a test build', () => {
    const packaged = JSON.parse(readFileSync(join(contents, 'package.json'), 'utf8')) as object;
    expect(packaged).not.toHaveProperty('dependencies');
    expect(packaged).not.toHaveProperty('devDependencies');
    expect(packaged).toMatchObject({ version: manifest.version, main: manifest.main, isRelease: false });
  });

  test('PK4 has its code in one archive', () => {
    expect(filesIn(join(folder, 'resources'))).toEqual(['THIRD-PARTY-LICENSES.txt', 'app.asar']);
  });

  test('PK4 is at most 1.15 times as large as an empty Electron', () => {
    const ratio = sizeOf(folder) / sizeOf(electron);
    console.log(`Package: ${(sizeOf(folder) / 1e6).toFixed(1)} MB, ${ratio.toFixed(3)} × an empty Electron.`);
    expect(ratio).toBeLessThanOrEqual(1.15);
  });

  test('PK9 loads only the sign-in at first', () => {
    const page = readFileSync(join(contents, 'out/renderer/index.html'), 'utf8');
    const first = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) => name ?? '');
    // With a second style sheet, the styles that the sign-in shares with the workspace would precede those of Mantine.
    expect(first.filter((name) => name.endsWith('.css'))).toHaveLength(1);
    const sizes = first
      .filter((name) => name.endsWith('.js'))
      .map((name) => lstatSync(join(contents, 'out/renderer', name)).size);
    const total = sizes.reduce((sum, size) => sum + size);
    console.log(
      `Scripts of the sign-in: ${(total / 1e3).toFixed(0)} kB, in files of at most ${Math.max(...sizes)} bytes.`,
    );
    expect(total).toBeLessThan(700_000);
    expect(Math.max(...sizes)).toBeLessThan(250_000);
  });

  test('PK6 has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(folder, 'slate'));
    // A fuse is a digit in the program.
    const isOn = (option: FuseV1Options) => (wire[option] as number) === '1'.codePointAt(0);
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      fileRights: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
      cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      onlyFromAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    }).toEqual({
      runAsNode: false,
      nodeOptions: false,
      inspect: false,
      fileRights: false,
      cookieEncryption: true,
      onlyFromAsar: true,
      asarIntegrity: true,
    });
  });

  test('PK7 has a sandbox for machines without namespaces for everybody', () => {
    expect((lstatSync(join(folder, 'chrome-sandbox')).mode & 0o7777).toString(8)).toBe('4755');
  });
});

describe.skipIf(inject('packages') === null)('the page of the packaged program', () => {
  const { folder = '' } = inject('packages') ?? {};
  const copy = `${folder}-copy`;
  let program: string;
  beforeAll(async () => {
    program = await copyWithDebugger(folder, copy);
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('PK6 is driven in a copy that differs in one fuse and the name', () => {
    const [packaged, copied] = [readFileSync(join(folder, 'slate')), readFileSync(program)];
    expect(copied.length).toBe(packaged.length);
    let differences = 0;
    for (let at = 0; at < packaged.length; at++) if (packaged[at] !== copied[at]) differences++;
    expect(differences).toBe(1);
  });

  test('it opens no window until a debugger has attached, which would miss its load', async () => {
    using workstation = createWorkstation();
    const port = await freePort();
    const { args, env } = commandOf({ program, folder: workstation.folder });
    const child = spawn(program, [`--inspect-brk=${port}`, ...args], { env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    const inspector = await holdUntilAttached(port, AbortSignal.timeout(45_000));
    const run = (expression: string) =>
      inspector.send('Runtime.evaluate', {
        expression: `(async ({ app, BrowserWindow }) => { ${expression} })(require('electron'))`,
        includeCommandLineAPI: true,
        awaitPromise: true,
        returnByValue: true,
      });
    const windows = 'return BrowserWindow.getAllWindows().length;';
    expect(
      await run(`if (!app.isReady()) await new Promise((done) => app.once('ready', done)); ${windows}`),
    ).toMatchObject({ result: { value: 0 } });
    expect(
      await run(
        `const opened = new Promise((done) => app.once('browser-window-created', done)); __playwright_run(); await opened; ${windows}`,
      ),
    ).toMatchObject({ result: { value: 1 } });
    inspector.close();
    child.kill();
    await ended;
  });

  testLimitsOfPage((options) => openDesktop({ ...options, program }));
});
