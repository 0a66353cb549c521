import type { TestProject } from 'vitest/node';
import { buildConsole } from '../../../scripts/build-console.ts';
import { electron } from '../../../scripts/electron.ts';
import { openScreen } from './screen.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Electron and a screen; null skips the tests that need them. */
    electron: { program: string; display: string } | null;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const runtime = await electron((line) => console.log(line));
  const skip = (reason: string) => {
    console.warn(`The desktop's tests are skipped: ${reason}`);
    project.provide('electron', null);
    return undefined;
  };
  if ('missing' in runtime) return skip(runtime.missing);
  const screen = await openScreen();
  if (!screen) return skip('there is no screen, and no Xvfb to make an invisible one.');
  buildConsole();
  project.provide('electron', { program: runtime.program, display: screen.display });
  return () => screen.close();
}
