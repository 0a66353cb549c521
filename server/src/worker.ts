import pino from 'pino';
import { readConfig } from './config.ts';
import { createPool } from './db/pool.ts';
import { createWakeUps } from './db/wake-ups.ts';
import { startJobs } from './jobs/jobs.ts';

// The jobs in a process of their own: the servers then run with WORKER=false.

const config = readConfig(process.env);
const log = pino({ level: config.LOG_LEVEL, base: { process: process.pid } });
const pool = createPool({ url: config.DATABASE_URL, max: 2, applicationName: 'slate-worker' });
const wakeUps = createWakeUps({ url: config.DATABASE_LISTEN_URL ?? config.DATABASE_URL, log });

const stopJobs = startJobs({
  commands: { pool, told: wakeUps.tell },
  freed: (holds) => holds > 0 && log.info({ holds }, 'freed expired holds'),
  failed: (job, err) => log.error({ job, err }, 'job failed'),
});
log.info('working');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stopJobs()
      .then(() => wakeUps.close())
      .then(() => pool.end());
  });
}
