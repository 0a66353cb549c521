import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

/**
 * Copies the packaged program, so that a test can drive it: with the fuse for debuggers on, and named `electron`, because Slate
 * itself refuses debuggers under another name. All other files are hard links. Returns the program.
 */
export async function copyWithDebugger(folder: string, copy: string): Promise<string> {
  const { status, stderr } = spawnSync('cp', ['--archive', '--link', folder, copy], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  rmSync(join(copy, 'slate'));
  const program = join(copy, 'electron');
  copyFileSync(join(folder, 'slate'), program);
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  return program;
}
