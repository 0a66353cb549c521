/** Exposes the bridge to the page: the page can reach only these requests and events of the desktop program. */
import { contextBridge, ipcRenderer } from 'electron';
import type {
  Bridge,
  bridgeName,
  Reply,
  RequestChannel,
  RequestName,
  EventChannel,
  EventName,
} from '../bridge.ts';

function request<Name extends RequestName>(name: Name): Bridge[Name] {
  const channel: RequestChannel = `slate:request:${name}`;
  const send = async (...input: readonly unknown[]) => {
    const reply = (await ipcRenderer.invoke(channel, ...input)) as Reply;
    if ('refused' in reply) throw new Error(reply.refused);
    return reply.value;
  };
  return send as Bridge[Name];
}

/** Events that arrive before the first listener wait in `waiting`. */
type Subscription = { listeners: Set<(data: never) => void>; waiting: never[] };
const subscription = (): Subscription => ({ listeners: new Set(), waiting: [] });
const subscriptions: Record<EventName, Subscription> = {
  openCase: subscription(),
  openPage: subscription(),
  lock: subscription(),
  menu: subscription(),
  update: subscription(),
};

for (const [name, { listeners, waiting }] of Object.entries(subscriptions)) {
  const channel: EventChannel = `slate:event:${name as EventName}`;
  // Don't pass Electron's event on: the page could reply through it.
  ipcRenderer.on(channel, (_event, data: unknown) => {
    if (listeners.size === 0) waiting.push(data as never);
    else for (const listener of listeners) listener(data as never);
  });
}

const bridge: Bridge = {
  start: request('start'),
  facts: request('facts'),
  copyText: request('copyText'),
  tryServer: request('tryServer'),
  useServer: request('useServer'),
  readSession: request('readSession'),
  saveSession: request('saveSession'),
  deleteSession: request('deleteSession'),
  deskDevice: request('deskDevice'),
  openDesk: request('openDesk'),
  unlockDesk: request('unlockDesk'),
  resumeDesk: request('resumeDesk'),
  closeDesk: request('closeDesk'),
  appendToLog: request('appendToLog'),
  saveBoard: request('saveBoard'),
  desks: request('desks'),
  setDeskAside: request('setDeskAside'),
  eraseDesk: request('eraseDesk'),
  reportUse: request('reportUse'),
  checkForUpdate: request('checkForUpdate'),
  installUpdate: request('installUpdate'),
  notify: request('notify'),
  print: request('print'),
  saveFile: request('saveFile'),
  showLog: request('showLog'),
  on: (name, listener) => {
    // The page is not bound by the types.
    if (!Object.hasOwn(subscriptions, name)) throw new Error('There is no such event.');
    const { listeners, waiting } = subscriptions[name];
    listeners.add(listener);
    for (const data of waiting.splice(0)) listener(data);
    return () => {
      listeners.delete(listener);
    };
  },
};

const name: typeof bridgeName = 'slate';
contextBridge.exposeInMainWorld(name, bridge);
