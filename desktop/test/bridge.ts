import type { Bridge, ServerTrial, Tiding, TidingName } from '../src/bridge.ts';

/** Stands for the desktop program around the console. Import it before anything that asks for the shell. */
export const program = {
  trial: { result: 'ok', address: 'https://slate.example.org' } as ServerTrial,
  tried: [] as string[],
  used: [] as string[],
  notified: [] as { title: string; body: string; caseId: string | null }[],
  logShown: 0,
  tell<Name extends TidingName>(name: Name, told: Tiding<Name>) {
    const { listeners, waiting } = ears[name];
    if (listeners.size === 0) waiting.push(told as never);
    else for (const listener of listeners) listener(told as never);
  },
};
/** As in the desktop's: what is told before anybody listens waits until somebody does. */
type Ear = { listeners: Set<(told: never) => void>; waiting: never[] };
const ear = (): Ear => ({ listeners: new Set(), waiting: [] });
const ears: Record<TidingName, Ear> = { openCase: ear(), lock: ear(), menu: ear() };

const bridge: Bridge = {
  start: () =>
    Promise.resolve({
      server: 'https://slate.example.org',
      version: '1.2.3',
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
    const { listeners, waiting } = ears[name];
    listeners.add(listener);
    for (const told of waiting.splice(0)) listener(told);
    return () => void listeners.delete(listener);
  },
};
Object.assign(window, { slate: bridge });
