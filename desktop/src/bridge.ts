/**
 * The only contract between the console and the desktop program around it. The program parses what it is
 * asked before it does anything; the console is served what `Bridge` says and nothing else.
 */
import { email } from '@slate/shared/contract/identity';
import { id, line } from '@slate/shared/fields';
import { z } from 'zod';

/** The names and addresses by which a machine means itself. */
export const itself = /^(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+)$/;
/** What a host is made of that can stand in a policy: its parts are divided by `;` and `,`, and IPv6 it cannot name. */
const host = /^[a-z\d_.-]+$/;

/** Where a server is: its origin, without a path. Plain HTTP only to this machine itself. */
export const serverAddress = z
  .url({ protocol: /^https?$/, error: 'Must be an address such as https://slate.example.org.' })
  .transform((value) => new URL(value))
  .refine((url) => host.test(url.hostname), 'Must be an address such as https://slate.example.org.')
  .refine((url) => url.username === '' && url.password === '', 'Must not contain a name or password.')
  .refine((url) => url.protocol === 'https:' || itself.test(url.hostname), {
    error: 'Must begin with https://: only this computer itself is reached without encryption.',
    params: { insecure: true },
  })
  .transform((url) => url.origin);

const serverTrial = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('ok'), address: z.string() }),
  z.strictObject({
    result: z.literal('failed'),
    /** `other`: something answers there, but it is not Slate. */
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
  /** It is Slate, of a version with which this console cannot speak. */
  z.strictObject({ result: z.literal('other_version'), console: z.int(), server: z.int() }),
]);
export type ServerTrial = z.infer<typeof serverTrial>;

/** What brings a person back without a password after a restart. Kept encrypted or not at all. */
export const storedSession = z.strictObject({
  refreshToken: z.string().min(20).max(200),
  email,
  /** When a person last touched the console, in milliseconds since 1970; null: a wall board, which nobody touches. */
  usedAt: z.int().min(0).nullable(),
});
export type StoredSession = z.infer<typeof storedSession>;

export const notice = z.strictObject({ title: line(120), body: line(300), caseId: id.nullable() });
export type Notice = z.infer<typeof notice>;

/** What menus and keys of the operating system ask the console to do; each is an action of the console. */
const menuCommand = z.enum(['palette', 'print', 'lock', 'keys', 'undo', 'change_server']);
export type MenuCommand = z.infer<typeof menuCommand>;

const nothing = z.tuple([]);

/** What the console may ask. */
export const requests = {
  start: {
    takes: nothing,
    gives: z.strictObject({
      server: z.string().nullable(),
      version: z.string(),
      /** The page broke down and was loaded again: what had not been saved is gone. */
      restarted: z.boolean(),
    }),
  },
  /** Says what is wrong with an address, or gives the one to use. What has no scheme is taken for
   * HTTPS, or for HTTP if it is this machine itself. The person is asked before another server is reached. */
  tryServer: { takes: z.tuple([z.string().max(300)]), gives: serverTrial },
  /**
   * Remembers a server that `tryServer` has found to be one, and loads the page again: what it may connect to
   * changes with the server. A session kept for another server is dropped.
   */
  useServer: { takes: z.tuple([serverAddress]), gives: z.void() },
  readSession: { takes: nothing, gives: storedSession.nullable() },
  /** False where the system has no safe place to keep it: then it lasts as long as the window. */
  keepSession: { takes: z.tuple([storedSession]), gives: z.boolean() },
  dropSession: { takes: nothing, gives: z.void() },
  notify: { takes: z.tuple([notice]), gives: z.void() },
  print: { takes: nothing, gives: z.void() },
  showLog: { takes: nothing, gives: z.void() },
} as const;
export type RequestName = keyof typeof requests;

/** What the console is told. Tidings wait until the page has asked to `start`, and until somebody listens. */
export const tidings = {
  /** A deep link or a clicked notification. */
  openCase: z.strictObject({ caseId: id }),
  /** The workstation was locked or went to sleep: the console locks too. */
  lock: z.strictObject({}),
  menu: z.strictObject({ command: menuCommand }),
} as const;
export type TidingName = keyof typeof tidings;
export type Tiding<Name extends TidingName> = z.infer<(typeof tidings)[Name]>;

export type Bridge = {
  readonly [Name in RequestName]: (
    ...given: z.infer<(typeof requests)[Name]['takes']>
  ) => Promise<z.infer<(typeof requests)[Name]['gives']>>;
} & {
  /** Answers how to stop listening. */
  readonly on: <Name extends TidingName>(name: Name, listener: (told: Tiding<Name>) => void) => () => void;
};

/** How a request is answered between the processes: a refusal is a sentence, and carries nothing of its origin. */
export type Reply = { readonly value: unknown } | { readonly refused: string };

/** The name of the bridge in the page. */
export const bridgeName = 'slate';
/** The channels that carry it; only the two ends know them. */
export type RequestChannel = `slate:ask:${RequestName}`;
export type TidingChannel = `slate:tell:${TidingName}`;
