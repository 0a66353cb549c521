import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { protocols } from '@slate/shared/protocol';
import pino from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { checkDatabase, databaseReasons } from './db/check-database.ts';
import { createPool } from './db/pool.ts';
import { createWakeUps } from './db/wake-ups.ts';
import { createApp } from './http/app.ts';
import { createConsole } from './http/console.ts';
import { createHandlers } from './http/handlers.ts';
import { createMetrics } from './http/metrics.ts';
import { createOperations } from './http/operations.ts';
import { createRouter } from './http/router.ts';
import { createShutDown } from './http/shut-down.ts';
import { createTurns } from './http/turns.ts';
import { createPublishedReader, createUpdateFiles } from './http/update-files.ts';
import { refuseUnreadable } from './http/unreadable-requests.ts';
import { startJobs } from './jobs/jobs.ts';
import { announceSetUp } from './announce-set-up.ts';
import { createLimits, createTokenBuckets } from './limits.ts';
import { loggableError } from './loggable-error.ts';
import { createSocketServer } from './realtime/socket-server.ts';
import { createReadRecorder, createRefusalAudit } from './use-cases/audit/entries.ts';
import { createAuthority } from './identity/authority.ts';
import { createPasswords } from './identity/passwords.ts';
import { createBoardReader } from './use-cases/reads/read-board.ts';
import { readFigures } from './use-cases/reads/read-figures.ts';
import { createPseudonym, secretsFrom } from './identity/secrets.ts';
import { createTokens } from './identity/tokens.ts';

// The composition root: the only file that knows all parts.

// Writes a few kilobytes at a time, at least once a second.
const logLines = pino.destination({ sync: false, minLength: 4096, periodicFlush: 1000 });
const log = pino(
  {
    level: process.env.LOG_LEVEL ?? 'info',
    base: { process: process.pid },
    serializers: { err: loggableError },
  },
  logLines,
);

const exit = (code: number) => {
  logLines.flushSync();
  process.exit(code);
};

async function start(config: Config) {
  const { version } = manifest;
  const pool = createPool({
    url: config.DATABASE_URL,
    max: config.DATABASE_POOL,
    applicationName: 'slate-server',
  });
  await checkDatabase(pool);
  const wakeUps = createWakeUps({ url: config.DATABASE_LISTEN_URL ?? config.DATABASE_URL, log });
  const commands = { pool, publish: wakeUps.publish };
  const metrics = createMetrics({ version });
  // Monitoring has its own connection, so that it also works when all others are busy.
  const monitoring = createPool({ url: config.DATABASE_URL, max: 1, applicationName: 'slate-monitoring' });
  metrics.watchPool('serving', pool);
  metrics.watchSites(() => readFigures(monitoring));

  const limits = createLimits(config, createTokenBuckets, (err) =>
    log.error({ err }, 'a limit could not be checked'),
  );

  const secrets = secretsFrom(config.SLATE_SECRET);
  const tokens = createTokens(secrets, {
    accessSeconds: config.ACCESS_TOKEN_SECONDS,
  });
  const verifyToken = (token: string) => tokens.verifyAccessToken(token);
  const authority = createAuthority(pool);
  const identity = {
    ...commands,
    passwords: createPasswords(),
    tokens,
    takeAttempt: limits.signIn,
    sessions: { days: config.SESSION_DAYS, idleMinutes: config.SESSION_IDLE_MINUTES },
  };

  const reads = createReadRecorder(pool);
  const pseudonym = createPseudonym(secrets.pseudonymSecret);
  // Before the socket server attaches: it wraps only the listeners that exist then.
  const httpServer = createServer((request, response) => {
    app(request, response);
  });
  refuseUnreadable(httpServer);
  const sockets = createSocketServer({
    httpServer,
    authority,
    verifyToken,
    protocols,
    db: pool,
    wakeUps,
    log,
    metrics,
    reads,
    limit: limits.follow,
    socketsPerAccount: config.SOCKETS_PER_ACCOUNT,
    origins: config.ALLOWED_ORIGINS,
  });
  metrics.watchRelay(sockets.heads);

  const stopJobs = config.WORKER
    ? startJobs({
        commands,
        onFreed: metrics.holdsFreed,
        anchors: {
          secret: secrets.anchorSecret,
          seconds: config.AUDIT_ANCHOR_SECONDS,
          file: config.AUDIT_ANCHOR_FILE,
        },
        log,
        onFailure: (job, err, item) => {
          metrics.jobFailed(job);
          log.error({ job, item, err }, 'job failed');
        },
      })
    : async () => {};

  const shutDown = createShutDown({
    server: httpServer,
    closeSockets: () => sockets.close(),
    stopJobs,
    closeDatabase: async () => {
      await wakeUps.close();
      await Promise.all([pool.end(), monitoring.end()]);
    },
    log,
    exit,
    drainMs: config.DRAIN_SECONDS * 1000,
  });

  const readPublished = createPublishedReader(config.UPDATES_FOLDER, log);
  const api = createRouter({
    handlers: createHandlers({
      commands,
      db: pool,
      identity,
      readBoard: createBoardReader(pool),
      reads,
      pseudonym,
      readPublished,
    }),
    authority,
    verifyToken,
    auditRefusal: createRefusalAudit(reads, pseudonym),
    limits,
    inTurn: createTurns(),
  });
  const operations = createOperations({
    metrics,
    version,
    metricsToken: config.METRICS_TOKEN,
    ready: async () => {
      const reasons = shutDown.hasBegun
        ? ['The server is shutting down.']
        : await databaseReasons(monitoring);
      return { ready: reasons.length === 0, reasons };
    },
  });
  const { ALLOWED_ORIGINS: allowedOrigins, TRUSTED_PROXIES: trustedProxies } = config;
  const app = createApp({
    log,
    api,
    operations,
    updates: createUpdateFiles({
      folder: config.UPDATES_FOLDER,
      readPublished,
      limit: limits.global,
      atOnce: config.UPDATE_DOWNLOADS,
      log,
      onDownload: metrics.updateDownload,
    }),
    pages: createConsole(config.CONSOLE_DIR),
    allowedOrigins,
    trustedProxies,
    measure: metrics.measure,
    onUntrustedProxy: metrics.untrustedProxy,
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => shutDown.begin(signal));
  httpServer.listen(config.PORT, config.HOST);
  await once(httpServer, 'listening');
  const { address, port } = httpServer.address() as AddressInfo;
  const url = `http://${address}:${port}`;
  await announceSetUp({
    db: pool,
    base: config.PUBLIC_URL ?? url,
    email: config.SLATE_ADMIN_EMAIL,
    file: config.SLATE_SET_UP_FILE,
    log,
  });
  log.info({ url, version }, 'listening');
  logLines.flush();
}

try {
  await start(readConfig(process.env));
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  exit(1);
}
