import type { Bridge, Desk, EventData, EventName, ServerTrial } from '../src/bridge.ts';

/** A fake of the desktop program. Import it before anything that imports the shell. */
export const program = {
  trial: { result: 'ok', address: 'https://slate.example.org' } as ServerTrial,
  tried: [] as string[],
  used: [] as string[],
  notified: [] as { title: string; body: string; caseId: string | null }[],
  logShown: 0,
  /** The only desk of this workstation, as the program has it, and whether it is open. */
  desk: null as Desk | null,
  isDeskOpen: false,
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
  lock: subscription(),
  menu: subscription(),
};

const device = '00000000-0000-4000-8000-00000000de5c';

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
  saveSession: () => Promise.resolve(true),
  deleteSession: () => Promise.resolve(),
  deskDevice: () => Promise.resolve(device),
  openDesk: ({ personId, siteId, email, name, siteName }) => {
    const { records = [], board = null } = program.desk ?? {};
    const desk = { personId, siteId, email, name, siteName, device, records, damage: null, board };
    program.desk = { ...desk, keyInSafe: true };
    program.isDeskOpen = true;
    return Promise.resolve({ result: 'opened', desk: program.desk });
  },
  unlockDesk: () => {
    if (!program.desk) return Promise.resolve({ result: 'impossible', why: 'nobody' });
    program.isDeskOpen = true;
    return Promise.resolve({ result: 'opened', desk: program.desk });
  },
  resumeDesk: () => Promise.resolve(program.isDeskOpen ? program.desk : null),
  closeDesk: () => {
    program.isDeskOpen = false;
    return Promise.resolve();
  },
  appendToLog: (records) => {
    if (!program.desk || !program.isDeskOpen) return Promise.reject(new Error('The desk is locked.'));
    program.desk = { ...program.desk, records: [...program.desk.records, ...records] };
    return Promise.resolve();
  },
  saveBoard: (board) => {
    if (program.desk) program.desk = { ...program.desk, board };
    return Promise.resolve();
  },
  desks: () => Promise.resolve([]),
  setDeskAside: () => Promise.resolve({ kept: '/kept' }),
  eraseDesk: () => {
    program.desk = null;
    return Promise.resolve();
  },
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
    const { listeners, waiting } = subscriptions[name];
    listeners.add(listener);
    for (const data of waiting.splice(0)) listener(data);
    return () => void listeners.delete(listener);
  },
};
Object.assign(window, { slate: bridge });
