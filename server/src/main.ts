import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { protocolVersion } from '@slate/shared/protocol';
import { Router } from 'express';
import pino from 'pino';
import { readConfig } from './config.ts';
import { createPool } from './db/pool.ts';
import { createWakeUps } from './db/wake-ups.ts';
import { createApp } from './http/app.ts';
import { createHandlers } from './http/handlers.ts';
import { createRouter } from './http/router.ts';
import { createTokenBuckets } from './http/token-buckets.ts';
import { startJobs } from './jobs/jobs.ts';
import { createSocketServer } from './realtime/socket-server.ts';
import { createAuthority } from './use-cases/authority.ts';
import { createIdentity } from './use-cases/identity.ts';
import { createPasswords } from './use-cases/passwords.ts';
import { createBoardReader } from './use-cases/read-board.ts';
import { createReadRecorder } from './use-cases/record-reads.ts';
import { createTokens, secretsFrom } from './use-cases/tokens.ts';

// The composition root: the only file that knows all parts, and nothing but how they go together.

const config = readConfig(process.env);
const log = pino({ level: config.LOG_LEVEL, base: { process: process.pid } });

const pool = createPool({
  url: config.DATABASE_URL,
  max: config.DATABASE_POOL,
  applicationName: 'slate-server',
});
const wakeUps = createWakeUps({ url: config.DATABASE_LISTEN_URL ?? config.DATABASE_URL, log });
const commands = { pool, told: wakeUps.tell };

const tokens = createTokens(secretsFrom(config.SLATE_SECRET), { accessSeconds: config.ACCESS_TOKEN_SECONDS });
const authority = createAuthority(pool);
const identity = createIdentity({
  pool,
  passwords: createPasswords(),
  tokens,
  sessionDays: config.SESSION_DAYS,
  told: wakeUps.tell,
});

const api = createRouter({
  handlers: createHandlers({
    commands,
    db: pool,
    identity,
    readBoard: createBoardReader(pool),
    reads: createReadRecorder(pool),
  }),
  authority,
  verifyToken: tokens.verifyAccessToken,
  buckets: {
    global: createTokenBuckets(config.LIMIT_GLOBAL),
    search: createTokenBuckets(config.LIMIT_SEARCH),
    booking: createTokenBuckets(config.LIMIT_BOOKING),
    auth: createTokenBuckets(config.LIMIT_AUTH),
  },
});
const app = createApp({
  log,
  api,
  operations: Router(),
  allowedOrigins: config.ALLOWED_ORIGINS,
  trustedProxies: config.TRUSTED_PROXIES,
  measure: () => {},
});

const httpServer = createServer(app);
const sockets = createSocketServer({
  httpServer,
  authority,
  verifyToken: tokens.verifyAccessToken,
  protocolVersion,
  db: pool,
  wakeUps,
  log,
  origins: config.ALLOWED_ORIGINS,
});
const stopJobs = config.WORKER
  ? startJobs({ commands, freed: () => {}, failed: (job, err) => log.error({ job, err }, 'job failed') })
  : async () => {};

httpServer.listen(config.PORT, config.HOST, () => {
  const { address, port } = httpServer.address() as AddressInfo;
  log.info({ url: `http://${address}:${port}` }, 'listening');
});
void sockets;
void stopJobs;
