/**
 * The contract between the console and the desktop program around it. The program parses every request before it
 * acts; the console gets exactly what `Bridge` lists.
 */
import { email } from '@slate/shared/contract/identity';
import { id, line } from '@slate/shared/fields';
import { queueRecord } from '@slate/shared/queue';
import { instant } from '@slate/shared/time';
import { updateStatus } from '@slate/shared/updates';
import { z } from 'zod';

/** The host names and addresses of this computer. */
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
      'no_network',
      'unknown_host',
      'unreachable',
      'refused',
      'timeout',
      'proxy',
      'certificate',
      'certificate_date',
      'not_encrypted',
      'client_certificate',
      'bad_gateway',
      'other',
    ]),
    detail: z.string(),
  }),
  /** It is Slate, but with an incompatible protocol version. */
  z.strictObject({ result: z.literal('other_version'), console: z.int(), server: z.int() }),
]);
export type ServerTrial = z.infer<typeof serverTrial>;

/** A session that signs a person in after a restart, without a password. Stored encrypted or not at all. */
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

/** One person's desk for one site, at this workstation and for the current server. */
const deskOf = z.strictObject({ personId: id, siteId: id });
export type DeskOf = z.infer<typeof deskOf>;

/** The log has lost its end. `cut`: an append that was never confirmed. `broken`: records after the first `intact` ones; they stay in the file. */
const damage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cut'), bytes: z.int() }),
  z.strictObject({ kind: z.literal('broken'), intact: z.int(), bytes: z.int() }),
]);
export type Damage = z.infer<typeof damage>;

const deskNames = { email, name: z.string().max(200), siteName: z.string().max(200) };

/** Electron passes no value to the page that is nested more than 1,000 levels deep, so the page could not read it again. */
const isShallow = (value: unknown, levels = 100): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1)));
const shallowRecord = queueRecord.refine((record) => isShallow(record), 'This request is nested too deeply.');

const desk = z.strictObject({
  ...deskOf.shape,
  ...deskNames,
  /** The id of the desk’s device at the server. */
  device: id,
  records: z.array(queueRecord).readonly(),
  damage: damage.nullable(),
  /** The last known board, as it was saved. */
  board: z.string().nullable(),
});
export type Desk = z.infer<typeof desk>;

/** `location`: the folder, or the part of the database, with the unreadable data. */
const unreadable = z.strictObject({
  result: z.literal('unreadable'),
  /** `key`: no key opens it. `safe`: the system's keyring does not return the key. `damaged`: the log is missing or damaged. */
  why: z.enum(['key', 'safe', 'damaged']),
  location: z.string(),
});

const openDeskInput = z.strictObject({
  ...deskOf.shape,
  ...deskNames,
  device: id,
  /** The device's secret, from the server. */
  secret: z.base64url().min(43).max(100),
  /** Null after resuming a session, because then the person types no password. */
  password: z.string().min(1).max(200).nullable(),
  offlineHours: z.int().min(0).max(168),
});
export type OpenDeskInput = z.infer<typeof openDeskInput>;
const openDeskResult = z.discriminatedUnion('result', [
  /** `mayVanish`: the desk is new, and the browser may delete it by itself. */
  z.strictObject({ result: z.literal('opened'), desk, mayVanish: z.boolean() }),
  unreadable,
]);
export type OpenDeskResult = z.infer<typeof openDeskResult>;

const unlockDeskResult = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('opened'), desk }),
  /** `waitMs`: how long the next attempt is refused. */
  z.strictObject({ result: z.literal('wrong'), waitMs: z.int() }),
  z.strictObject({ result: z.literal('wait'), waitMs: z.int() }),
  z.strictObject({
    result: z.literal('impossible'),
    why: z.enum(['nobody', 'too_long_ago', 'switched_off', 'unreadable']),
  }),
]);
export type UnlockDeskResult = z.infer<typeof unlockDeskResult>;

const deskSummary = z.strictObject({
  ...deskOf.shape,
  ...deskNames,
  /** Requests that wait to be sent or decided. */
  waiting: z.int(),
  canUnlock: z.boolean(),
  unlockUntil: instant.nullable(),
  isReadable: z.boolean(),
});
export type DeskSummary = z.infer<typeof deskSummary>;

/** Commands of the menu; each is an action of the console. */
const menuCommand = z.enum([
  'palette',
  'print',
  'lock',
  'keys',
  'undo',
  'change_server',
  'about',
  'check_for_update',
]);
export type MenuCommand = z.infer<typeof menuCommand>;

/** After how many minutes without use the console locks. */
export const idleMinutes = z
  .int({ error: 'Must be a whole number from 1 to 60.' })
  .min(1, 'Must be a whole number from 1 to 60.')
  .max(60, 'Must be a whole number from 1 to 60.');
/** Whether a hold shows the time left or the time at which it ends. */
const holdTime = z.enum(['countdown', 'end']);
export type HoldTime = z.infer<typeof holdTime>;

/** Set by the administrators of the workstation. Unless it is locked, a person may choose something else. */
const byPolicy = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ value, isLocked: z.boolean() }).nullable();

/** The part of the policy that the console follows by itself. */
const consolePolicy = z.strictObject({
  isServerLocked: z.boolean(),
  isWallBoard: z.boolean(),
  site: byPolicy(id),
  idleMinutes: byPolicy(idleMinutes),
  holdTime: byPolicy(holdTime),
});
export type ConsolePolicy = Readonly<z.infer<typeof consolePolicy>>;

const programFacts = z.strictObject({
  version: z.string(),
  /** `test`: packaged for a test. `development`: not packaged at all. */
  build: z.enum(['release', 'test', 'development', 'browser']),
  electron: z.string().nullable(),
  system: z.string(),
  policy: z.strictObject({
    /** Where the policy was read; null: there is none. */
    source: z.string().nullable(),
    settings: z.array(
      z.strictObject({ name: z.string(), title: z.string(), value: z.string(), isLocked: z.boolean() }),
    ),
    /** The settings that were not used, and why. */
    refused: z.array(z.strictObject({ name: z.string(), why: z.string() })),
  }),
});
/** The facts that the IT desk asks for on the phone. */
export type ProgramFacts = z.infer<typeof programFacts>;

/** A file for the person: its name without a folder, and its text. */
const savedFile = z.strictObject({
  name: z
    .string()
    .max(200)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*\.(csv|json)$/u, 'This name isn’t allowed.'),
  text: z.string().max(256 * 1024 * 1024),
});
export type SavedFile = z.infer<typeof savedFile>;

const noInput = z.tuple([]);

/** The requests of the console. */
export const requests = {
  start: {
    input: noInput,
    output: z.strictObject({
      server: z.string().nullable(),
      version: z.string(),
      /** The name of this computer, for the list of devices. */
      workstation: z.string().max(120),
      /** The page crashed and was reloaded: unsaved input is gone. */
      restarted: z.boolean(),
      policy: consolePolicy,
    }),
  },
  facts: { input: noInput, output: programFacts },
  /** Puts text into the clipboard. */
  copyText: { input: z.tuple([z.string().max(20_000)]), output: z.void() },
  /**
   * Checks whether Slate answers at an address, and if not, why. Without a scheme it uses HTTPS, or HTTP for this computer. The person must
   * confirm before it contacts another server than the current one.
   */
  tryServer: { input: z.tuple([z.string().max(300)]), output: serverTrial },
  /**
   * Switches to a server that `tryServer` has found, deletes the stored session and reloads the page, because the
   * content security policy changes with the server.
   */
  useServer: { input: z.tuple([serverAddress]), output: z.void() },
  readSession: { input: noInput, output: storedSession.nullable() },
  /** Returns false if the system cannot store secrets: then the session lasts as long as the window. */
  saveSession: { input: z.tuple([storedSession]), output: z.boolean() },
  deleteSession: { input: noInput, output: z.void() },
  /** Returns the id of a desk's device, which is created at the first call. */
  deskDevice: { input: z.tuple([deskOf]), output: id },
  /** Opens a desk with the secret of its device. One desk is open at a time. With a password, it can be unlocked later. */
  openDesk: { input: z.tuple([openDeskInput]), output: openDeskResult },
  /** Opens the desk of this person without the server. */
  unlockDesk: {
    input: z.tuple([z.strictObject({ email, password: z.string().min(1).max(200) })]),
    output: unlockDeskResult,
  },
  /** Returns the desk that was open before a crash or restart, if it was used within this lock time in milliseconds. */
  resumeDesk: { input: z.tuple([z.int().min(0).max(3_600_000)]), output: desk.nullable() },
  /** Forgets the key, also in the system's keyring. */
  closeDesk: { input: noInput, output: z.void() },
  /** Resolves when all records are on the disk. If it rejects, none is. */
  appendToLog: { input: z.tuple([z.array(shallowRecord).min(1).max(100)]), output: z.void() },
  /** Stores the last known board of the open desk. */
  saveBoard: {
    input: z.tuple([z.string().max(16 * 1024 * 1024, 'The board is too large to save at this desk.')]),
    output: z.void(),
  },
  /** The desks of this workstation for the current server. */
  desks: { input: noInput, output: z.array(deskSummary) },
  /** Sets an unreadable desk aside, so that the next `openDesk` begins a new one. `location`: its new place. */
  setDeskAside: { input: z.tuple([deskOf]), output: z.strictObject({ location: z.string() }) },
  /** Deletes a desk with its log, its board and its keys. */
  eraseDesk: { input: z.tuple([deskOf]), output: z.void() },
  /** The site at which this workstation is used, and whether a restart now would lose or disturb nothing. */
  reportUse: {
    input: z.tuple([z.strictObject({ site: id.nullable(), mayRestart: z.boolean() })]),
    output: z.void(),
  },
  checkForUpdate: { input: noInput, output: z.void() },
  /** Restarts with the downloaded update, because the person asked for it. */
  installUpdate: { input: noInput, output: z.void() },
  notify: { input: z.tuple([notificationContent]), output: z.void() },
  print: { input: noInput, output: z.void() },
  /** Saves a file where the person chooses. Returns false if they cancel. */
  saveFile: { input: z.tuple([savedFile]), output: z.boolean() },
  showLog: { input: noInput, output: z.void() },
} as const;
export type RequestName = keyof typeof requests;

/** The events sent to the console. They wait until the page has called `start` and something listens. */
export const events = {
  /** A deep link or a clicked notification. */
  openCase: z.strictObject({ caseId: id }),
  /** A link to a page of the administration. */
  openPage: z.strictObject({ page: z.string().max(40) }),
  /** The workstation was locked or went to sleep, so the console locks too. */
  lock: z.strictObject({}),
  menu: z.strictObject({ command: menuCommand }),
  /** After every start of the page, and on every change. */
  update: updateStatus,
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

/** The part of the bridge that stores desks. The desktop program and the browser implement it differently. */
export type DeskStore = Pick<
  Bridge,
  | 'deskDevice'
  | 'openDesk'
  | 'unlockDesk'
  | 'resumeDesk'
  | 'closeDesk'
  | 'appendToLog'
  | 'saveBoard'
  | 'desks'
  | 'setDeskAside'
  | 'eraseDesk'
>;

/** The reply to a request between the processes. A refusal is a sentence for the person, without technical details. */
export type Reply = { readonly value: unknown } | { readonly refused: string };

/** The name of the bridge in the page. */
export const bridgeName = 'slate';
/** The IPC channels. */
export type RequestChannel = `slate:request:${RequestName}`;
export type EventChannel = `slate:event:${EventName}`;
