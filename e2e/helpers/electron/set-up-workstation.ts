import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openSlateStub } from '../network/foreign-servers.ts';
import type { ForeignServer } from '../network/foreign-servers.ts';
import { createWorkstation, openDesktop } from './desktop.ts';
import type { Desktop, DesktopOptions, Workstation } from './desktop.ts';

/** A stub of Slate for the tests of a file, and a workstation for each test, with its programs. Use the result only in tests. */
export function setUpWorkstation() {
  let slate: ForeignServer;
  let workstation: Workstation;
  const opened = new Set<Desktop>();
  beforeAll(async () => {
    slate = await openSlateStub();
  });
  afterAll(() => slate?.[Symbol.asyncDispose]());
  beforeEach(() => {
    workstation = createWorkstation();
  });
  afterEach(async () => {
    await Promise.all([...opened].map((desktop) => desktop.close()));
    workstation[Symbol.dispose]();
  });

  return {
    get slate() {
      return slate;
    },
    get folder() {
      return workstation.folder;
    },
    /** The program that was started first and still runs. */
    get running(): Desktop | undefined {
      return [...opened][0];
    },
    /** Starts the program at the workstation. It is closed after the test. */
    open: async (options: DesktopOptions = {}): Promise<Desktop> => {
      const desktop = await openDesktop({ folder: workstation.folder, ...options });
      opened.add(desktop);
      desktop.app.once('close', () => opened.delete(desktop));
      return desktop;
    },
  };
}
