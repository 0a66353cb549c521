import { join } from 'node:path';
import { validationMessage } from '@slate/shared/validation-message';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const count = z.coerce.number().int().positive();
const rate = z
  .string()
  .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,8}s$/, 'Must read like 100/60s: so many requests in so many seconds.')
  .transform((value) => {
    const [tokens, seconds] = value.slice(0, -1).split('/').map(Number);
    return { tokens: tokens ?? 1, seconds: seconds ?? 1 };
  });
export type Rate = z.infer<typeof rate>;
const postgres = z.string().regex(/^postgres(ql)?:\/\//, 'Must begin with postgresql://.');
const origin = z
  .string()
  .regex(
    /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/,
    'Must be origins such as https://slate.example.org, without a path.',
  );

/**
 * Of the desktop program. No page of the web can have it; and were it to be had, an origin alone gets nobody in:
 * who asks is known by a bearer token that the console alone holds, never by a cookie that any page would send along.
 */
const desktopOrigin = 'app://slate';

/** Every variable of the environment that the server reads, what it means, and what it is when unset. */
const variables = z.object({
  /** Where to listen. Loopback unless something stands before it. Port 0: any free one. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4680),
  /** The server's own role: it owns no table. May go through a pooler in transaction mode (PgBouncer 1.21 or newer). */
  DATABASE_URL: postgres,
  /** A connection that keeps its session, for wake-ups; needed when DATABASE_URL goes through a pooler. */
  DATABASE_LISTEN_URL: postgres.optional(),
  DATABASE_POOL: count.default(16),
  /**
   * Signs tokens and the heads of the audit, and makes the pseudonyms of patients in it. At least 32 characters; the same
   * on every process. Another one signs everybody out; keep the old one to check what it has signed.
   */
  SLATE_SECRET: z.string().min(32, 'Must be at least 32 characters.'),
  ACCESS_TOKEN_SECONDS: count.max(900).default(600),
  SESSION_DAYS: count.max(365).default(30),
  /**
   * How long a session may go without a refresh before it ends, except on a wall board. A console in use refreshes
   * before its access token ends; a longer outage than this makes everybody sign in again.
   */
  SESSION_IDLE_MINUTES: count.min(20).max(1440).default(60),
  /**
   * Origins of pages that may use the API, separated by commas: beside this server's own, and that of the desktop
   * program, which need not be named.
   */
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((value) => value.split(',').flatMap((each) => each.trim() || []))
    .pipe(z.array(origin))
    .transform((named) => [...new Set([desktopOrigin, ...named])]),
  /** The built console, for browsers. Where there is none, its address says how to build it. */
  CONSOLE_DIR: z.string().default(join(import.meta.dirname, '..', '..', 'desktop', 'out', 'renderer')),
  /** How many proxies stand before the server: their X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /**
   * Token buckets: so many requests in so many seconds. Whoever is signed in has one for the account, everybody else
   * one for the address (of IPv6, the /64).
   */
  LIMIT_GLOBAL: rate.default({ tokens: 3000, seconds: 60 }),
  /** Large reads of an account, by what they cost: about the milliseconds of work that it may ask for. */
  LIMIT_READ: rate.default({ tokens: 3000, seconds: 60 }),
  LIMIT_BOOKING: rate.default({ tokens: 300, seconds: 60 }),
  /** By account: following a site costs 10, and 1 for each change that was missed. */
  LIMIT_FOLLOW: rate.default({ tokens: 3000, seconds: 60 }),
  /** Consoles of one account that may be connected to one process. */
  SOCKETS_PER_ACCOUNT: count.default(100),
  /** Sign-ins of one account, right or wrong, from one address or from all its known workstations. */
  LIMIT_AUTH: rate.default({ tokens: 60, seconds: 60 }),
  /** Requests for an account from one address. */
  LIMIT_REGISTER: rate.default({ tokens: 30, seconds: 900 }),
  /** Whether this process also frees expired holds; turn it off where `npm run worker` does. */
  WORKER: flag.default(true),
  /**
   * What a monitor sends as bearer token to read /metrics. Without it, /metrics answers only whoever asks from
   * this machine itself and not through a proxy.
   */
  METRICS_TOKEN: z.string().min(16, 'Must be at least 16 characters.').optional(),
  /**
   * A file, best on another machine's disk, to which the heads of the audit are appended, signed with a key made from
   * SLATE_SECRET: what `audit:verify --expect` compares with. They are in the log too, file or not.
   */
  AUDIT_ANCHOR_FILE: z.string().optional(),
  AUDIT_ANCHOR_SECONDS: count.default(900),
  /** For how long a process that was told to stop still accepts, so that a balancer sees its /readyz say no. */
  DRAIN_SECONDS: z.coerce.number().min(0).max(5).default(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.infer<typeof variables>;

/** The configuration, or one line that says which variables are wrong and why, and never what is in them. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // Empty is how compose files and service units say that a variable is not set.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(set, { error: validationMessage });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path: [name], message }) =>
    set[String(name)] === undefined ? `${String(name)} is not set.` : `${String(name)}: ${message}`,
  );
  throw new Error(
    `The environment is not right. ${[...new Set(wrong)].join(' ')} See server/src/config.ts for every variable.`,
  );
}
