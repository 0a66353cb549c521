import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { pack, unpack } from './wake-up-payload.ts';
import type { Notification } from './wake-up-payload.ts';

export type { Notification } from './wake-up-payload.ts';

/** `anything`: this process was deaf for a while, so anything may have happened anywhere. */
export type WakeUp = Notification | { kind: 'anything' };
/** `from`: the process it happened on. */
export type Listener = (wakeUp: WakeUp, from: string) => void;

export type WakeUps = {
  readonly processId: string;
  /** Whether the others can be heard just now. */
  readonly isListening: boolean;
  /** To be called after the commit. Wakes this process at once, and the others as soon as they can be told. */
  readonly publish: (notification: Notification) => void;
  /** Answers how to stop listening. */
  readonly listen: (listener: Listener) => () => void;
  close(): Promise<void>;
};

export type Log = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

const channel = 'slate';
/** How often the connection is tried; a peer that went silent is noticed after this and the query's time. */
const everyMs = 5_000;
const queryMs = 2_000;
/** To tell is a transaction of its own: under load one tells of many commands, and the others wait no longer. */
const apartMs = 10;
const longestPauseMs = 3_000;

export type WakeUpsDeps = { url: string; log: Log; pingMs?: number };

const keyOf = (notification: Notification) => {
  if (notification.kind === 'site') return notification.siteId;
  return notification.kind === 'user'
    ? notification.userId
    : `${notification.siteId} ${notification.person.id}`;
};

/**
 * Wake-ups between processes, over one connection that keeps its session (`url` must not lead through a
 * pooler). They are told after the commit and apart from it: NOTIFY inside a transaction takes a lock on the
 * whole database until the commit is on disk, and so lets only one command at a time commit. What is told
 * may get lost, then; whoever listens also looks by itself from time to time.
 */
export function createWakeUps({ url, log, pingMs = everyMs }: WakeUpsDeps): WakeUps {
  const processId = randomUUID();
  const listeners = new Set<Listener>();
  /** Not yet told. However much piles up while one statement is under way, the next tells it all. */
  let pending = new Map<string, Notification>();
  let connection: Client | null = null;
  /** There is something to tell, or the connection is to be tried. */
  let isDue = false;
  let isSending = false;
  let sent = Promise.resolve();
  /** Whether what was sent last came back, and whether it was already said that it did not. */
  let isEchoed = false;
  let isWarned = false;
  const closing = new AbortController();

  function deliver(wakeUp: WakeUp, from: string) {
    for (const listener of listeners) {
      try {
        listener(wakeUp, from);
      } catch (error) {
        log.error({ err: error }, 'a wake-up was not dealt with');
      }
    }
  }

  function hear(text: string) {
    const heard = unpack(text);
    if (heard?.from === processId) isEchoed = true;
    else if (heard) for (const notification of heard.notifications) deliver(notification, heard.from);
    else deliver({ kind: 'anything' }, '');
  }

  const notify = (client: Client, notifications: Iterable<Notification>) =>
    client.query({
      name: 'notify',
      text: `SELECT pg_notify('${channel}', payload) FROM unnest($1::text[]) AS payload`,
      values: [pack(processId, notifications)],
    });

  async function sendAll() {
    isSending = true;
    while (connection && isDue) {
      const client = connection;
      const batch = pending;
      pending = new Map();
      isDue = false;
      isEchoed = false;
      try {
        await notify(client, batch.values());
        checkEcho();
      } catch (error) {
        // Told on the next connection, unless there is something newer to tell by then.
        pending = new Map([...batch, ...pending]);
        lose(client, error);
      }
      await pause(apartMs);
    }
    isSending = false;
  }

  function send() {
    isDue = true;
    if (!isSending) sent = sendAll();
    return sent;
  }

  /** A connection hears its own notifications before it hears that they were sent, unless it is a pooler's. */
  function checkEcho() {
    if (!isEchoed && !isWarned) {
      log.error({}, 'no wake-ups arrive: the listening connection must lead to PostgreSQL, not to a pooler');
    }
    isWarned = !isEchoed;
  }

  /** Cuts it rather than closing it: a peer that does not answer would not say goodbye either. */
  function lose(client: Client, error: unknown) {
    if (connection !== client) return;
    connection = null;
    if (!closing.signal.aborted) log.warn({ err: error }, 'wake-ups: connection lost');
    client.end().catch(() => {});
  }

  const isListeningOn = (client: Client) => connection === client;

  /** One connection from its beginning to its end. */
  async function listenOnce(onListening: () => void) {
    const client = new Client({
      connectionString: url,
      application_name: 'slate wake-ups',
      connectionTimeoutMillis: queryMs,
      query_timeout: queryMs,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', (error) => lose(client, error));
    client.on('notification', ({ payload }) => hear(payload ?? ''));
    try {
      await client.connect();
      // Nothing here is worth waiting for the disk.
      await client.query(`SET synchronous_commit = off; LISTEN ${channel}`);
      connection = client;
      await send();
      if (!isListeningOn(client)) throw new Error('the connection does not last');
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    onListening();
    deliver({ kind: 'anything' }, processId);
    const pings = setInterval(() => void send(), pingMs);
    if (closing.signal.aborted) lose(client, null);
    await ended;
    clearInterval(pings);
    lose(client, new Error('the connection ended'));
  }

  async function run() {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      try {
        await listenOnce(() => (failures = 0));
      } catch (error) {
        log.warn({ err: error }, 'wake-ups: cannot listen');
      }
      const most = Math.min(longestPauseMs, 50 * 2 ** failures);
      await pause(most * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => {});
    }
  }
  const running = run();

  return {
    processId,
    get isListening() {
      return connection !== null;
    },
    publish(notification) {
      deliver(notification, processId);
      pending.set(`${notification.kind} ${keyOf(notification)}`, notification);
      void send();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort();
      await send();
      if (connection) lose(connection, null);
      await running;
    },
  };
}
