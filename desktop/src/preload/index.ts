/** All that the page sees of the desktop program. It may ask these questions and hear these tidings. */
import { contextBridge, ipcRenderer } from 'electron';
import type {
  Bridge,
  bridgeName,
  Reply,
  RequestChannel,
  RequestName,
  TidingChannel,
  TidingName,
} from '../bridge.ts';

function request<Name extends RequestName>(name: Name): Bridge[Name] {
  const channel: RequestChannel = `slate:ask:${name}`;
  const ask = async (...given: readonly unknown[]) => {
    const reply = (await ipcRenderer.invoke(channel, ...given)) as Reply;
    if ('refused' in reply) throw new Error(reply.refused);
    return reply.value;
  };
  return ask as Bridge[Name];
}

/** What is told before anybody listens waits until somebody does. */
type Ear = { listeners: Set<(told: never) => void>; waiting: never[] };
const ear = (): Ear => ({ listeners: new Set(), waiting: [] });
const ears: Record<TidingName, Ear> = { openCase: ear(), lock: ear(), menu: ear() };

for (const [name, { listeners, waiting }] of Object.entries(ears)) {
  const channel: TidingChannel = `slate:tell:${name as TidingName}`;
  // Electron's event stays here: it could answer to whoever sent it.
  ipcRenderer.on(channel, (_event, told: unknown) => {
    if (listeners.size === 0) waiting.push(told as never);
    else for (const listener of listeners) listener(told as never);
  });
}

const bridge: Bridge = {
  start: request('start'),
  tryServer: request('tryServer'),
  useServer: request('useServer'),
  readSession: request('readSession'),
  keepSession: request('keepSession'),
  dropSession: request('dropSession'),
  notify: request('notify'),
  print: request('print'),
  showLog: request('showLog'),
  on: (name, listener) => {
    // The types are not there when it runs.
    if (!Object.hasOwn(ears, name)) throw new Error('There is no such tiding.');
    const { listeners, waiting } = ears[name];
    listeners.add(listener);
    for (const told of waiting.splice(0)) listener(told);
    return () => {
      listeners.delete(listener);
    };
  },
};

const name: typeof bridgeName = 'slate';
contextBridge.exposeInMainWorld(name, bridge);
