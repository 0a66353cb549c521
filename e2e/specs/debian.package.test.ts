/** The Debian package, installed on a copy of this machine and used by a person. */
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { openVirtualScreen } from '../helpers/electron/screen.ts';
import type { Screen } from '../helpers/electron/screen.ts';
import { openCleanRoot } from '../helpers/package/clean-root.ts';
import type { CleanRoot } from '../helpers/package/clean-root.ts';
import { keyboardOf, repeatUntil } from '../helpers/package/keyboard.ts';
import { blueRows } from '../helpers/package/picture.ts';

const profile = '/home/nurse/.config/Slate';
const requestLine = z.object({
  msg: z.literal('request'),
  method: z.string(),
  route: z.string(),
  status: z.int(),
});

describe.skipIf(inject('packages') === null)('PK7 the Debian package', () => {
  let root: CleanRoot;
  let screen: Screen;
  let deployment: ConsoleDeployment;
  let server: string;
  /** For the server's log and the picture of the screen. */
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slate-package-'));
    root = await openCleanRoot();
    screen = (await openVirtualScreen('-fbdir', folder)) ?? expect.fail('There is no Xvfb.');
    deployment = await openConsoleDeployment({ servers: 0 });
    server = (await deployment.startServer({}, join(folder, 'server.log'))).url;
    copyFileSync(inject('packages')?.deb ?? '', root.path('/tmp/slate.deb'));
    for (const name of ['nurse', 'mallory']) root.run(['useradd', '--create-home', name]);
  });
  afterAll(async () => {
    await root?.[Symbol.asyncDispose]();
    await screen?.close();
    await deployment?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How often the server has done this. */
  const done = (method: string, route: string) =>
    readFileSync(join(folder, 'server.log'), 'utf8')
      .split('\n')
      .map((line) => requestLine.safeParse(line === '' ? null : JSON.parse(line)).data)
      .filter((each) => each?.method === method && each.route === route && each.status < 300).length;

  const untilDone = (method: string, route: string, act: () => void) => {
    const before = done(method, route);
    return repeatUntil(() => done(method, route) > before, act);
  };

  test('is installed by dpkg, and only root can change it', () => {
    root.run(['dpkg', '--install', '/tmp/slate.deb']);
    expect(root.run(['dpkg-query', '--show', '--showformat=${Status}', 'slate'])).toBe(
      'install ok installed',
    );
    expect(root.run(['find', '/opt/slate', '-writable', '-not', '-type', 'l'], { as: 'nurse' })).toBe('');
    expect(root.run(['stat', '--format=%a %U', '/opt/slate/chrome-sandbox'])).toBe('4755 root\n');
    expect(root.run(['grep', 'MimeType', '/usr/share/applications/slate.desktop'])).toContain(
      'x-scheme-handler/slate;',
    );
  });

  test('PK6 accepts no debugger', async () => {
    const program = root.start(['slate', '--remote-debugging-port=0'], {
      as: 'nurse',
      env: { DISPLAY: screen.display },
    });
    const [code] = (await once(program, 'exit')) as [number];
    expect(code).toBe(1);
    expect(readFileSync(root.path(`${profile}/logs/slate.log`), 'utf8')).toContain(
      'Refused to start with --remote-debugging-port.',
    );
    rmSync(root.path(profile), { recursive: true });
  });

  test('is used by a person in the sandbox, from the first start to a booked case', async () => {
    const hospital = await deployment.newHospital();
    const [surgeon] = hospital.surgeons;
    await deployment.owner.query(`UPDATE resources SET name = 'Haddad' WHERE id = $1`, [surgeon]);
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    await desk.book({ start: at('08:00') });
    const { email, password } = hospital.accounts.coordinator;
    const keyboard = keyboardOf(screen.display);
    const lastBlueRow = () => blueRows(folder).at(-1);

    const program = root.start(['slate'], { as: 'nurse', env: { DISPLAY: screen.display } });
    const ended = once(program, 'exit');
    keyboard.focus('Slate');
    await expect.poll(lastBlueRow, { message: 'the first screen', timeout: 30_000 }).toBeDefined();
    const firstButton = lastBlueRow();
    const settings = root.path(`${profile}/settings.json`);
    await repeatUntil(
      () => existsSync(settings) && readFileSync(settings, 'utf8').includes(server),
      () => {
        keyboard.press('ctrl+a');
        keyboard.type(server.replace('http://', ''));
        keyboard.press('Return');
      },
    );
    await expect
      .poll(() => lastBlueRow() ?? firstButton, { message: 'the button of the sign-in' })
      .not.toBe(firstButton);
    await untilDone('GET', '/sites/:site/board', () => {
      keyboard.press('ctrl+a');
      keyboard.type(email);
      keyboard.press('Tab', 'ctrl+a');
      keyboard.type(password);
      keyboard.press('Return');
    });
    const sandboxed = processes(root).filter(({ command }) => command.includes('--type=renderer'));
    expect(sandboxed.length).toBeGreaterThan(0);
    for (const { command, status, space } of sandboxed) {
      expect(command).not.toContain('--no-sandbox');
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^Seccomp:\t2$/m);
      expect(status).not.toMatch(/^Uid:\t0/m);
      for (const kind of ['pid', 'net']) expect(space(kind)).not.toBe(processes(root)[0]?.space(kind));
    }

    // The next day, because today's 14:30 may be over.
    await untilDone('GET', '/sites/:site/board', () => keyboard.press('bracketright'));
    await untilDone('POST', '/sites/:site/holds', () => {
      keyboard.press('Escape', 'ctrl+k');
      keyboard.type('hold 14:30 or 2 75m haddad total');
      keyboard.press('Return');
    });
    await untilDone('PATCH', '/sites/:site/cases/:case', () => keyboard.press('ctrl+Return'));
    const { rows } = await deployment.owner.query(
      'SELECT state, surgeon_id FROM cases WHERE site_id = $1 AND room_id = $2',
      [hospital.siteId, hospital.rooms[1]],
    );
    expect(rows).toEqual([{ state: 'scheduled', surgeon_id: surgeon }]);

    keyboard.press('ctrl+q');
    expect(await ended).toEqual([0, null]);
    expect(root.run(['dpkg', '--verify', 'slate'])).toBe('');
    expect(readFileSync(root.path(`${profile}/logs/slate.log`), 'utf8')).not.toMatch(/ error /);
  });

  test('leaves what people have when it is removed', () => {
    root.run(['dpkg', '--remove', 'slate']);
    for (const path of ['/opt/slate', '/usr/bin/slate', '/usr/share/applications/slate.desktop'])
      expect(existsSync(root.path(path))).toBe(false);
    expect(existsSync(root.path(`${profile}/settings.json`))).toBe(true);
  });

  test('erases it only when asked to, and nothing that a link leads to', () => {
    root.run(['dpkg', '--purge', 'slate']);
    expect(existsSync(root.path(profile))).toBe(true);

    root.run(['mkdir', '-p', '/srv/other/Slate']);
    root.run(['ln', '-s', '/srv/other', '/home/mallory/.config']);
    root.run(['dpkg', '--install', '/tmp/slate.deb']);
    root.run(['dpkg', '--purge', 'slate'], { env: { SLATE_ERASE_PERSONAL_DATA: 'yes' } });
    expect(existsSync(root.path(profile))).toBe(false);
    expect(existsSync(root.path('/srv/other/Slate'))).toBe(true);
  });
});

/** The processes of the copy. */
function processes(root: CleanRoot) {
  const numbers = readdirSync(root.path('/proc')).filter((name) => /^\d+$/.test(name));
  return numbers.flatMap((number) => {
    const file = (name: string) => root.path(join('/proc', number, name));
    try {
      return {
        command: readFileSync(file('cmdline'), 'utf8').replaceAll('\0', ' '),
        status: readFileSync(file('status'), 'utf8'),
        /** Identifies its namespace of a kind. */
        space: (kind: string) => readlinkSync(file(`ns/${kind}`)),
      };
    } catch {
      // It has ended.
      return [];
    }
  });
}
