import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { pack, unpack } from './wake-up-payload.ts';
import type { Notification } from './wake-up-payload.ts';

export type { Notification } from './wake-up-payload.ts';

/** `anything`: notifications may have been missed, so anything may have changed. */
export type WakeUp = Notification | { kind: 'anything' };
/** `from`: the process that published it. */
type Listener = (wakeUp: WakeUp, from: string) => void;

export type WakeUps = {
  readonly processId: string;
  /** Whether notifications of other processes arrive right now. */
  readonly isListening: boolean;
  /** Call after the commit. Wakes this process at once and the others soon. */
  readonly publish: (notification: Notification) => void;
  /** Returns a function that stops listening. */
  readonly listen: (listener: Listener) => () => void;
  close(): Promise<void>;
};

export type Log = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

const channel = 'slate';
/** How often the connection is checked: a silent peer is noticed after this plus `queryMs`. */
const defaultPingMs = 5_000;
const queryMs = 2_000;
/** Each NOTIFY is its own transaction: under load this pause lets one carry the notifications of many commands. */
const batchMs = 10;
const longestPauseMs = 3_000;

export type WakeUpsDeps = { url: string; log: Log; pingMs?: number };

const keyOf = (notification: Notification) => {
  if (notification.kind === 'site') return notification.siteId;
  if (notification.kind === 'people') return notification.siteId ?? '';
  return notification.kind === 'user'
    ? notification.userId
    : `${notification.siteId} ${notification.person.id}`;
};

/**
 * Wake-ups between processes, over one connection that keeps its session (`url` must not lead through a pooler).
 * They are published after the commit: NOTIFY inside the transaction would keep a database-wide lock until the
 * commit is on disk, so only one command at a time could commit. Notifications can therefore get lost; listeners
 * must also poll.
 */
export function createWakeUps({ url, log, pingMs = defaultPingMs }: WakeUpsDeps): WakeUps {
  const processId = randomUUID();
  const listeners = new Set<Listener>();
  /** Not yet sent. Everything that piles up during one statement goes out with the next. */
  let pending = new Map<string, Notification>();
  let connection: Client | null = null;
  /** Something is pending, or the connection must be checked. */
  let isDue = false;
  let isSending = false;
  let sending = Promise.resolve();
  /** Whether the last notification came back, and whether a missing echo was logged already. */
  let isEchoed = false;
  let isWarned = false;
  const closing = new AbortController();

  function deliver(wakeUp: WakeUp, from: string) {
    for (const listener of listeners) {
      try {
        listener(wakeUp, from);
      } catch (error) {
        log.error({ err: error }, 'a wake-up listener failed');
      }
    }
  }

  function receive(text: string) {
    const payload = unpack(text);
    if (payload?.from === processId) isEchoed = true;
    else if (payload) for (const notification of payload.notifications) deliver(notification, payload.from);
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
        // Sent on the next connection, unless replaced by something newer.
        pending = new Map([...batch, ...pending]);
        drop(client, error);
      }
      await pause(batchMs);
    }
    isSending = false;
  }

  function send() {
    isDue = true;
    if (!isSending) sending = sendAll();
    return sending;
  }

  /** PostgreSQL echoes a notification before it confirms the statement. No echo: there is a pooler in between. */
  function checkEcho() {
    if (!isEchoed && !isWarned) {
      log.error({}, 'no wake-ups arrive: the listening connection must lead to PostgreSQL, not to a pooler');
    }
    isWarned = !isEchoed;
  }

  /** Does not wait for the connection to close: a silent peer would not answer. */
  function drop(client: Client, error: unknown) {
    if (connection !== client) return;
    connection = null;
    if (!closing.signal.aborted) log.warn({ err: error }, 'wake-ups: connection lost');
    client.end().catch(() => {});
  }

  const isListeningOn = (client: Client) => connection === client;

  /** Resolves when the connection has ended. */
  async function listenOnce(onListening: () => void) {
    const client = new Client({
      connectionString: url,
      application_name: 'slate wake-ups',
      connectionTimeoutMillis: queryMs,
      query_timeout: queryMs,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', (error) => drop(client, error));
    client.on('notification', ({ payload }) => receive(payload ?? ''));
    try {
      await client.connect();
      // Notifications need not wait for the disk.
      await client.query(`SET synchronous_commit = off; LISTEN ${channel}`);
      connection = client;
      await send();
      if (!isListeningOn(client)) throw new Error('the connection was lost at once');
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    onListening();
    deliver({ kind: 'anything' }, processId);
    const pings = setInterval(() => void send(), pingMs);
    if (closing.signal.aborted) drop(client, null);
    await ended;
    clearInterval(pings);
    drop(client, new Error('the connection ended'));
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
      if (connection) drop(connection, null);
      await running;
    },
  };
}
