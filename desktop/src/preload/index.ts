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

const told: Record<TidingName, true> = { openCase: true, lock: true, menu: true };

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
    // The types are not there when it runs: no other channel may be listened to.
    if (!Object.hasOwn(told, name)) throw new Error('There is no such tiding.');
    const channel: TidingChannel = `slate:tell:${name}`;
    // Electron's event stays here: it could answer to whoever sent it.
    const hear = (_event: unknown, tiding: Parameters<typeof listener>[0]) => listener(tiding);
    ipcRenderer.on(channel, hear);
    return () => {
      ipcRenderer.off(channel, hear);
    };
  },
};

const name: typeof bridgeName = 'slate';
contextBridge.exposeInMainWorld(name, bridge);
