/** The keyring of GNOME on a D-Bus session of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GnomeKeyring } from '../../../scripts/gnome-keyring.ts';

export type KeyringSession = {
  /** The variables of a program in this session. */
  env: Record<string, string>;
  close(): Promise<void>;
};

/**
 * Begins a session whose keyring is in this folder; a keyring that is not there is created. The bus starts the keyring when a
 * program asks for it. `password`: null leaves it locked, and nobody answers its prompt.
 */
export async function openKeyring(
  { bus, keyring }: GnomeKeyring,
  folder: string,
  password: string | null,
): Promise<KeyringSession> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string, contents: string) => {
    writeFileSync(join(folder, name), contents);
    return join(folder, name);
  };
  const unlock = password === null ? '' : `printf %s '${password}' | `;
  const option = password === null ? '' : ' --unlock';
  const start = file(
    'start',
    `#!/bin/sh
export HOME=${folder} XDG_DATA_HOME=${folder} XDG_RUNTIME_DIR=${folder}
${unlock}${keyring} --foreground --components=secrets${option}
`,
  );
  chmodSync(start, 0o755);
  file('secrets.service', `[D-BUS Service]\nName=org.freedesktop.secrets\nExec=${start}\n`);
  const config = file(
    'session.conf',
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <servicedir>${folder}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  const child = spawn(bus, ['--nofork', '--print-address', `--config-file=${config}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const [address] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    // Chromium uses the keyring of the desktop that this variable names, and none without it.
    env: { DBUS_SESSION_BUS_ADDRESS: address.toString().trim(), XDG_CURRENT_DESKTOP: 'GNOME' },
    close: async () => {
      process.off('exit', kill);
      // The keyring ends with its bus.
      kill();
      await exited;
    },
  };
}
