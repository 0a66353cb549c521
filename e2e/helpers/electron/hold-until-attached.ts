/**
 * Playwright attaches to a program that it starts with an `executablePath` while the program opens its window. If the page is
 * just being replaced by the console then, Playwright waits forever for a load that it missed. So the program is held at its
 * first line, and is not ready until Playwright calls `__playwright_run`, as it does when it has attached.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs in the program. */
const holdReady = `{
  const { app } = require('electron');
  const ready = app.whenReady();
  const attached = new Promise((resolve) => (globalThis.__playwright_run = resolve));
  app.whenReady = () => Promise.all([ready, attached]);
}`;

/** A client of the debugger of Node in a program. */
export type Inspector = {
  /** Returns the result, for example of `Runtime.evaluate`. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  close(): void;
};

/** Holds the program that was started with `--inspect-brk=<port>`. */
export async function holdUntilAttached(port: number, signal: AbortSignal): Promise<Inspector> {
  const socket = new WebSocket(await addressOf(port, signal));
  const messages = new EventTarget();
  const received = (name: string) => once(messages, name, { signal }) as Promise<[CustomEvent<Message>]>;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    messages.dispatchEvent(new CustomEvent(message.method ?? String(message.id), { detail: message }));
  });
  await once(socket, 'open', { signal });
  let count = 0;
  const send: Inspector['send'] = async (method, params = {}) => {
    const id = ++count;
    const reply = received(String(id));
    socket.send(JSON.stringify({ id, method, params }));
    const [{ detail }] = await reply;
    if (detail.result && !('exceptionDetails' in detail.result)) return detail.result;
    throw new Error(`${method}: ${JSON.stringify(detail)}`);
  };

  const paused = received('Debugger.paused');
  await send('Debugger.enable');
  await send('Runtime.runIfWaitingForDebugger');
  const [{ detail }] = await paused;
  const callFrameId = detail.params?.callFrames[0]?.callFrameId;
  await send('Debugger.evaluateOnCallFrame', { callFrameId, expression: holdReady });
  await send('Debugger.disable');
  return { send, close: () => socket.close() };
}

type Message = {
  id?: number;
  result?: Record<string, unknown>;
  method?: string;
  params?: { callFrames: { callFrameId: string }[] };
};

async function addressOf(port: number, signal: AbortSignal): Promise<string> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`, { signal });
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      if (target) return target.webSocketDebuggerUrl;
    } catch {
      // It does not listen yet.
      signal.throwIfAborted();
    }
    await delay(20, undefined, { signal });
  }
}
