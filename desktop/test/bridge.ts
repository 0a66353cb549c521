import type {
  Bridge,
  ConsolePolicy,
  EventData,
  EventName,
  ProgramFacts,
  SavedFile,
  ServerTrial,
} from '../src/bridge.ts';
import { createFakeDesks } from './fake-desks.ts';

/** The desks of the fake program. */
export const desks = createFakeDesks();

/** A fake of the desktop program. Import it before anything that imports the shell. */
export const program = {
  trial: { result: 'ok', address: 'https://slate.example.org' } as ServerTrial,
  tried: [] as string[],
  used: [] as string[],
  notified: [] as { title: string; body: string; caseId: string | null }[],
  logShown: 0,
  copied: [] as string[],
  saved: [] as SavedFile[],
  policy: {
    isServerLocked: false,
    isWallBoard: false,
    site: null,
    idleMinutes: null,
    holdTime: null,
  } as ConsolePolicy,
  facts: {
    version: '1.2.3',
    build: 'development',
    electron: '45.4.1',
    system: 'linux 6.1.0 x64',
    policy: { source: null, settings: [], refused: [] },
  } as ProgramFacts,
  uses: [] as { site: string | null; mayRestart: boolean }[],
  updateChecks: 0,
  updateInstalls: 0,
  send<Name extends EventName>(name: Name, data: EventData<Name>) {
    const { listeners, waiting } = subscriptions[name];
    if (listeners.size === 0) waiting.push(data as never);
    else for (const listener of listeners) listener(data as never);
  },
};
/** As in the preload script: events that arrive before the first listener wait for it. */
type Subscription = { listeners: Set<(data: never) => void>; waiting: never[] };
const subscription = (): Subscription => ({ listeners: new Set(), waiting: [] });
const subscriptions: Record<EventName, Subscription> = {
  openCase: subscription(),
  openPage: subscription(),
  lock: subscription(),
  menu: subscription(),
  update: subscription(),
};

const bridge: Bridge = {
  reportUse: (use) => {
    program.uses.push(use);
    return Promise.resolve();
  },
  checkForUpdate: () => {
    program.updateChecks += 1;
    return Promise.resolve();
  },
  installUpdate: () => {
    program.updateInstalls += 1;
    return Promise.resolve();
  },
  start: () =>
    Promise.resolve({
      server: 'https://slate.example.org',
      version: '1.2.3',
      workstation: 'OR desk 1',
      restarted: false,
      policy: program.policy,
    }),
  facts: () => Promise.resolve(program.facts),
  copyText: (text) => {
    program.copied.push(text);
    return Promise.resolve();
  },
  tryServer: (address) => {
    program.tried.push(address);
    return Promise.resolve(program.trial);
  },
  useServer: (address) => {
    program.used.push(address);
    return Promise.resolve();
  },
  readSession: () => Promise.resolve(null),
  saveSession: () => Promise.resolve(true),
  deleteSession: () => Promise.resolve(),
  ...desks.bridge,
  notify: (notice) => {
    program.notified.push(notice);
    return Promise.resolve();
  },
  print: () => Promise.resolve(),
  saveFile: (file) => {
    program.saved.push(file);
    return Promise.resolve(true);
  },
  showLog: () => {
    program.logShown++;
    return Promise.resolve();
  },
  on: (name, listener) => {
    const { listeners, waiting } = subscriptions[name];
    listeners.add(listener);
    for (const data of waiting.splice(0)) listener(data);
    return () => void listeners.delete(listener);
  },
};
Object.assign(window, { slate: bridge });
