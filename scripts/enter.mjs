/**
 * The entry point of `npm start` and `npm test`. It runs on the machine's own Node without node_modules, so it uses only
 * Node's modules. It installs what is missing and continues on the Node version of the project.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function fail(line) {
  console.error(line);
  process.exit(1);
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/**
 * The npm that started this script, not the one on PATH: `npm ci` deletes the Node that is first on PATH.
 * @returns {[string, string[]]} the program and its first arguments
 */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  if (npm) return [npmNode ?? process.execPath, [npm]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
}

function whyInstallFailed(log) {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(log)?.[1];
  if (['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'].includes(code)) {
    return `can’t reach the npm registry (${code}): check the network or proxy, then try again`;
  }
  if (code === 'EUSAGE')
    return 'package.json and package-lock.json disagree: run `npm install`, then try again';
  if (code === 'ENOSPC') return 'the disk is full: free some space, then try again';
  return `npm ci ended with ${code ?? 'an error'}: read .slate/install.log`;
}

/** Installs unless node_modules was installed from exactly this lockfile. */
async function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(modules, '.slate-lock');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;

  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  console.log('Installing dependencies (a minute or so the first time) …');
  const ticker = setInterval(() => console.log(`Installing dependencies … ${elapsed()}`), 15_000);

  mkdirSync(join(root, '.slate'), { recursive: true });
  const logFile = join(root, '.slate', 'install.log');
  const log = openSync(logFile, 'w');
  const [npm, npmArgs] = npmCommand();
  const code = await run(npm, [...npmArgs, 'ci'], {
    stdio: ['ignore', log, log],
    shell: npm.endsWith('.cmd'),
  }).catch((error) => fail(`Install failed: can’t start ${npm} (${error.message})`));
  clearInterval(ticker);

  if (code !== 0) fail(`Install failed: ${whyInstallFailed(readFileSync(logFile, 'utf8'))}`);
  if (!existsSync(node)) {
    fail(
      'Install failed: npm ran no install scripts: run `npm config set ignore-scripts false`, then try again',
    );
  }
  writeFileSync(stamp, lock);
  console.log(`Installed in ${elapsed()}`);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(`Slate needs Node ${OLDEST_NODE.join('.')} or newer to start; this is ${process.versions.node}.`);
}

const [script, ...args] = process.argv.slice(2);
await install();
const path = [join(modules, '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':');
process.exitCode = await run(node, [join(root, 'scripts', script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
