/** Programs of Debian for tests, without installing them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Unpacks packages into a folder of their own: the system stays as it is, and no service starts. Does nothing unless run by
 * root on Debian or a relative. `release`: default, the one that is installed.
 */
export function unpackPackages(packages: readonly string[], folder: string, release?: string): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  run('apt-get', '-qq', 'update');
  const work = mkdtempSync(join(tmpdir(), 'slate-apt-'));
  const options = ['-qq', '-oAPT::Sandbox::User=root'];
  try {
    if (release !== undefined) {
      const [mirror] = run('apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Label: Debian').split('\n');
      if (!mirror) return;
      mkdirSync(join(work, 'lists/partial'), { recursive: true });
      mkdirSync(join(work, 'cache/archives/partial'), { recursive: true });
      writeFileSync(join(work, 'sources.list'), `deb ${mirror} ${release} main\n`);
      options.push(
        `-oDir::Etc::SourceList=${join(work, 'sources.list')}`,
        '-oDir::Etc::SourceParts=-',
        `-oDir::State::Lists=${join(work, 'lists')}`,
        `-oDir::Cache=${join(work, 'cache')}`,
      );
      runIn(work, 'apt-get', ...options, 'update');
    }
    console.log(`Fetching ${packages[0]} for a test (ten seconds, once) …`);
    runIn(work, 'apt-get', ...options, 'download', ...packages);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      run('dpkg-deb', '-x', join(work, file), folder);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Returns the output of a command; empty if there is no such program. */
export const run = (command: string, ...args: string[]): string => runIn('/', command, ...args);

function runIn(cwd: string, command: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 300_000 });
  return `${stdout ?? ''}${stderr ?? ''}`;
}
