/**
 * The contract between the console and the desktop program around it. The program parses every request before it
 * acts; the console gets exactly what `Bridge` lists.
 */
import { email } from '@slate/shared/contract/identity';
import { id, line } from '@slate/shared/fields';
import { z } from 'zod';

/** Names and addresses of this computer. */
export const loopback = /^(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+)$/;
/** Hosts that a content security policy can name: no `;` or `,`, no IPv6. */
const host = /^[a-z\d_.-]+$/;

/** The origin of a server. Plain HTTP only for this computer. */
export const serverAddress = z
  .url({ protocol: /^https?$/, error: 'Must be an address such as https://slate.example.org.' })
  .transform((value) => new URL(value))
  .refine((url) => host.test(url.hostname), 'Must be an address such as https://slate.example.org.')
  .refine((url) => url.username === '' && url.password === '', 'Must not contain a name or password.')
  .refine((url) => url.protocol === 'https:' || loopback.test(url.hostname), {
    error: 'Must begin with https://: only a server on this computer may go without encryption.',
    params: { insecure: true },
  })
  .transform((url) => url.origin);

const serverTrial = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('ok'), address: z.string() }),
  z.strictObject({
    result: z.literal('failed'),
    /** `other`: something answers, but it isn't Slate. */
    why: z.enum([
      'not_an_address',
      'insecure',
      'declined',
      'unknown_host',
      'refused',
      'timeout',
      'certificate',
      'not_encrypted',
      'client_certificate',
      'other',
    ]),
    detail: z.string(),
  }),
  /** It is Slate, but with an incompatible protocol version. */
  z.strictObject({ result: z.literal('other_version'), console: z.int(), server: z.int() }),
]);
export type ServerTrial = z.infer<typeof serverTrial>;

/** Signs a person in after a restart without a password. Stored encrypted or not at all. */
export const storedSession = z.strictObject({
  refreshToken: z.string().min(20).max(200),
  email,
  /** Last activity in milliseconds since 1970; null on a wall board. */
  usedAt: z.int().min(0).nullable(),
});
export type StoredSession = z.infer<typeof storedSession>;

export const notificationContent = z.strictObject({
  title: line(120),
  body: line(300),
  caseId: id.nullable(),
});
export type NotificationContent = z.infer<typeof notificationContent>;

/** Commands of the menu; each is an action of the console. */
const menuCommand = z.enum(['palette', 'print', 'lock', 'keys', 'undo', 'change_server']);
export type MenuCommand = z.infer<typeof menuCommand>;

const noInput = z.tuple([]);

/** The requests of the console. */
export const requests = {
  start: {
    input: noInput,
    output: z.strictObject({
      server: z.string().nullable(),
      version: z.string(),
      /** The page crashed and was reloaded: unsaved input is gone. */
      restarted: z.boolean(),
    }),
  },
  /**
   * Checks whether Slate answers at an address. Without a scheme it tries HTTPS, or HTTP for this computer. Asks the
   * person before it contacts another server than the current one.
   */
  tryServer: { input: z.tuple([z.string().max(300)]), output: serverTrial },
  /**
   * Switches to a server that `tryServer` has found, deletes the stored session and reloads the page, because the
   * content security policy changes with the server.
   */
  useServer: { input: z.tuple([serverAddress]), output: z.void() },
  readSession: { input: noInput, output: storedSession.nullable() },
  /** False where the system cannot store secrets: then the session lasts as long as the window. */
  keepSession: { input: z.tuple([storedSession]), output: z.boolean() },
  dropSession: { input: noInput, output: z.void() },
  notify: { input: z.tuple([notificationContent]), output: z.void() },
  print: { input: noInput, output: z.void() },
  showLog: { input: noInput, output: z.void() },
} as const;
export type RequestName = keyof typeof requests;

/** The events sent to the console. They wait until the page has called `start` and something listens. */
export const events = {
  /** A deep link or a clicked notification. */
  openCase: z.strictObject({ caseId: id }),
  /** The workstation was locked or went to sleep, so the console locks too. */
  lock: z.strictObject({}),
  menu: z.strictObject({ command: menuCommand }),
} as const;
export type EventName = keyof typeof events;
export type EventData<Name extends EventName> = z.infer<(typeof events)[Name]>;

export type Bridge = {
  readonly [Name in RequestName]: (
    ...input: z.infer<(typeof requests)[Name]['input']>
  ) => Promise<z.infer<(typeof requests)[Name]['output']>>;
} & {
  /** Returns a function that stops listening. */
  readonly on: <Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void) => () => void;
};

/** The reply to a request between the processes. A refusal is a sentence for the person, without technical details. */
export type Reply = { readonly value: unknown } | { readonly refused: string };
/** Thrown by a handler to refuse a request with that sentence. Other errors only go to the log. */
export class Refused extends Error {}

/** The name of the bridge in the page. */
export const bridgeName = 'slate';
/** The IPC channels. */
export type RequestChannel = `slate:request:${RequestName}`;
export type EventChannel = `slate:event:${EventName}`;
