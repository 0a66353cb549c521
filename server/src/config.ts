import { join } from 'node:path';
import { validationMessage } from '@slate/shared/validation-message';
import { email } from '@slate/shared/contract/identity';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const count = z.coerce.number().int().positive();
const rate = z
  .string()
  .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,8}s$/, 'Must look like 100/60s: requests per seconds.')
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
 * The origin of the desktop program. No web page can have it, and an origin alone gives no access: callers need a bearer
 * token, never a cookie that any page would send along.
 */
const desktopOrigin = 'app://slate';

/** All environment variables of the server, with meaning and default. */
const variables = z.object({
  /** The address to listen on: loopback, unless there is a proxy or balancer in front. Port 0: any free port. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4680),
  /** Uses the server's role, which owns no table. May go through a pooler in transaction mode (PgBouncer 1.21 or newer). */
  DATABASE_URL: postgres,
  /** A direct connection for wake-ups (LISTEN); needed when DATABASE_URL goes through a pooler. */
  DATABASE_LISTEN_URL: postgres.optional(),
  DATABASE_POOL: count.default(16),
  /**
   * Signs tokens and audit heads, and derives the pseudonyms of patients in the audit. At least 32 characters, the same
   * for every process. A new one signs everyone out; keep the old one to verify what it has signed.
   */
  SLATE_SECRET: z.string().min(32, 'Must be at least 32 characters.'),
  ACCESS_TOKEN_SECONDS: count.max(900).default(600),
  SESSION_DAYS: count.max(365).default(30),
  /**
   * A session without a refresh for this long ends, except on wall boards. A console refreshes before its access token
   * expires; after an outage longer than this, everyone must sign in again.
   */
  SESSION_IDLE_MINUTES: count.min(20).max(1440).default(60),
  /**
   * Origins of other pages that may use the API, separated by commas. The server's own origin and the desktop program are
   * always allowed.
   */
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((value) => value.split(',').flatMap((each) => each.trim() || []))
    .pipe(z.array(origin))
    .transform((origins) => [...new Set([desktopOrigin, ...origins])]),
  /**
   * The origin at which people reach this server, such as https://slate.example.org, for the set-up link. Default: the address
   * it listens on.
   */
  PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^/\s]+$/, 'Must look like https://slate.example.org.')
    .optional(),
  /** Only this email address can become the first administrator. */
  SLATE_ADMIN_EMAIL: email.optional(),
  /** A file for the set-up link, readable by its owner only. Default: the link is in the log. */
  SLATE_SET_UP_FILE: z.string().optional(),
  /** The built console, for browsers. If it is missing, its page says how to build it. */
  CONSOLE_DIR: z.string().default(join(import.meta.dirname, '..', '..', 'desktop', 'out', 'renderer')),
  /** A folder with updates of the desktop program: one folder per channel (`stable`), see README. */
  UPDATES_FOLDER: z.string().optional(),
  /** Maximum downloads of updates at the same time. */
  UPDATE_DOWNLOADS: count.default(20),
  /** The number of proxies in front of the server, whose X-Forwarded-For is trusted. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /**
   * Token buckets: requests per seconds. Signed-in callers have one per account, others one per address (IPv6: per
   * /64).
   */
  LIMIT_GLOBAL: rate.default({ tokens: 3000, seconds: 60 }),
  /** Large reads per account, by cost: about the milliseconds of work. */
  LIMIT_READ: rate.default({ tokens: 3000, seconds: 60 }),
  LIMIT_BOOKING: rate.default({ tokens: 300, seconds: 60 }),
  /** Per account: following a site costs 10, plus 1 per missed change. */
  LIMIT_FOLLOW: rate.default({ tokens: 3000, seconds: 60 }),
  /** Maximum connections of one account to one process. */
  SOCKETS_PER_ACCOUNT: count.default(100),
  /** Sign-in attempts of one account from one address, or from all its known workstations together. */
  LIMIT_AUTH: rate.default({ tokens: 60, seconds: 60 }),
  /** Account requests from one address. */
  LIMIT_REGISTER: rate.default({ tokens: 30, seconds: 900 }),
  /** Whether this process also runs the jobs; set to false if `npm run worker` does. */
  WORKER: flag.default(true),
  /**
   * The bearer token for /metrics. Without it, /metrics answers only requests from this machine that don't come through
   * a proxy.
   */
  METRICS_TOKEN: z.string().min(16, 'Must be at least 16 characters.').optional(),
  /**
   * A file, ideally on another machine's disk, to which audit heads are appended, signed with a key derived from
   * SLATE_SECRET; `audit:verify --expect` compares with it. The heads are also in the log.
   */
  AUDIT_ANCHOR_FILE: z.string().optional(),
  AUDIT_ANCHOR_SECONDS: count.default(900),
  /** How long a stopping process still accepts requests, so that a balancer sees /readyz fail first. */
  DRAIN_SECONDS: z.coerce.number().min(0).max(5).default(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.infer<typeof variables>;

/** Returns the configuration, or throws one line that says which variables are wrong and why, without their values. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // Compose files and service units write an empty value for an unset variable.
  const values = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(values, { error: validationMessage });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path: [name], message }) =>
    values[String(name)] === undefined ? `${String(name)} is not set.` : `${String(name)}: ${message}`,
  );
  throw new Error(
    `The environment variables are wrong. ${[...new Set(wrong)].join(' ')} See server/src/config.ts for every variable.`,
  );
}
