/** The browser for end-to-end tests: one that is there, or on Debian, for root, the distribution's own. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where macOS and Windows put it: not on PATH. */
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Where it is, after installing it if need be; undefined where there is none to be had. */
export function chromium(): string | undefined {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked) return isProgram(asked) ? asked : undefined;
  return find() ?? install();
}

function find(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(isProgram);
}

/** Installs it where that asks nobody for anything: as root, with apt. Elsewhere, nothing happens. */
function install(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.log('Installing Chromium for the browser tests (a minute or two, once) …');
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 600_000,
    });
  apt('update');
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', 'chromium');
  if (status !== 0) console.warn(`Chromium could not be installed: ${stderr.trim().split('\n').at(-1)}`);
  return find();
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
