import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { hasScreen } from '../../../scripts/electron.ts';

export type Screen = { display: string; close(): Promise<void> };

/** The current screen, or a virtual one; undefined if there is neither. */
export async function openScreen(): Promise<Screen | undefined> {
  if (hasScreen()) return { display: process.env['DISPLAY'] ?? '', close: () => Promise.resolve() };
  return openVirtualScreen();
}

/** A screen of its own; `more` are options of Xvfb. */
export async function openVirtualScreen(...more: string[]): Promise<Screen | undefined> {
  // Xvfb picks a free number and writes it to the third pipe when it is ready.
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp', '-noreset', ...more],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const missing = once(server, 'error').then(() => undefined);
  const ended = once(server, 'exit').then(() => undefined);
  const displayNumber = server.stdio[3] as NodeJS.ReadableStream;
  const number = await Promise.race([once(createInterface(displayNumber), 'line'), missing, ended]);
  if (number === undefined) return undefined;
  const killOnExit = () => server.kill('SIGKILL');
  process.once('exit', killOnExit);
  return {
    display: `:${String(number[0])}`,
    close: async () => {
      process.off('exit', killOnExit);
      server.kill();
      await ended;
    },
  };
}
