import pino from 'pino';
import { readConfig } from './config.ts';
import { checkDatabase } from './db/check-database.ts';
import { createPool } from './db/pool.ts';
import { createWakeUps } from './db/wake-ups.ts';
import { startJobs } from './jobs/jobs.ts';
import { loggableError } from './loggable-error.ts';
import { secretsFrom } from './identity/secrets.ts';

// Runs the jobs in a process of their own; the servers then run with WORKER=false.

const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: { process: process.pid },
  serializers: { err: loggableError },
});

async function start() {
  const config = readConfig(process.env);
  const pool = createPool({ url: config.DATABASE_URL, max: 2, applicationName: 'slate-worker' });
  await checkDatabase(pool);
  const wakeUps = createWakeUps({ url: config.DATABASE_LISTEN_URL ?? config.DATABASE_URL, log });
  const stopJobs = startJobs({
    commands: { pool, publish: wakeUps.publish },
    onFreed: (holds) => holds > 0 && log.info({ holds }, 'freed expired holds'),
    anchors: {
      secret: secretsFrom(config.SLATE_SECRET).anchorSecret,
      seconds: config.AUDIT_ANCHOR_SECONDS,
      file: config.AUDIT_ANCHOR_FILE,
    },
    log,
    onFailure: (job, err, item) => log.error({ job, item, err }, 'job failed'),
  });
  const stop = async () => {
    await stopJobs();
    await wakeUps.close();
    await pool.end();
  };
  let stopping: Promise<void> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (stopping ??= stop()));
  log.info('working');
}

try {
  await start();
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
