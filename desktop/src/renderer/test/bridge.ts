import type { Bridge, ServerTrial, Tiding, TidingName } from '../../bridge.ts';

/** Stands for the desktop program around the console. Import it before anything that asks for the shell. */
export const program = {
  trial: { result: 'ok', address: 'https://slate.example.org' } as ServerTrial,
  tried: [] as string[],
  used: [] as string[],
  notified: [] as { title: string; body: string; caseId: string | null }[],
  logShown: 0,
  tell<Name extends TidingName>(name: Name, told: Tiding<Name>) {
    for (const listener of listeners.get(name) ?? []) listener(told as never);
  },
};
const listeners = new Map<string, Set<(told: never) => void>>();

const bridge: Bridge = {
  start: () =>
    Promise.resolve({
      server: 'https://slate.example.org',
      version: '1.2.3',
      platform: 'linux',
      restarted: false,
    }),
  tryServer: (address) => {
    program.tried.push(address);
    return Promise.resolve(program.trial);
  },
  useServer: (address) => {
    program.used.push(address);
    return Promise.resolve();
  },
  readSession: () => Promise.resolve(null),
  keepSession: () => Promise.resolve(true),
  dropSession: () => Promise.resolve(),
  notify: (notice) => {
    program.notified.push(notice);
    return Promise.resolve();
  },
  print: () => Promise.resolve(),
  showLog: () => {
    program.logShown++;
    return Promise.resolve();
  },
  on: (name, listener) => {
    const known = listeners.get(name) ?? new Set();
    listeners.set(name, known.add(listener));
    return () => void known.delete(listener);
  },
};
Object.assign(window, { slate: bridge });
