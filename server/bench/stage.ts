/** The PostgreSQL of a benchmark run, its databases, and servers of ours on them. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { Cluster } from '../../scripts/postgres.ts';
import { createDatabase, provision, urlOf } from '../../scripts/provision.ts';
import { startServerProcess } from '../../scripts/server-process.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { migrate } from '../src/db/migrate.ts';
import { HttpConnection } from './http-connection.ts';

export type Stage = {
  readonly effort: Effort;
  /** Where logs and results go. */
  readonly folder: string;
  readonly postgresVersion: string;
  say: (line: string) => void;
  /** A database of its own with the product's schema. */
  database(name: string): Promise<BenchDatabase>;
  /** A server as in production, but that it lets through more than a person could ask. */
  server(appUrl: string, name: string): Promise<ServerProcess>;
  /** Ends everything that was started on it. */
  end(): Promise<void>;
};

export type BenchDatabase = {
  appUrl: string;
  owner: pg.Client;
  /** Another connection of the owner. */
  connect: () => Promise<pg.Client>;
};

export type Effort = {
  rounds: number;
  seconds: number;
  followers: number[];
  changes: number;
  reads: number;
  histories: [number, number];
  console: ConsoleEffort;
  /** Where to leave profiles of the servers, if anywhere. */
  profiles?: string;
};

export type ConsoleEffort = { rounds: number; changes: number; dragSeconds: number; burstSeconds: number };

const unlimited = '1000000/1s';

export async function setStage(folder: string, effort: Effort, say: (line: string) => void): Promise<Stage> {
  const cluster = await Cluster.temporary();
  const urls = await provision(cluster.superUrl, 'slate');
  const owners: pg.Client[] = [];
  const servers: ServerProcess[] = [];

  const clientOf = async (connectionString: string) => {
    const client = new pg.Client({ connectionString, application_name: 'slate bench' });
    await client.connect();
    owners.push(client);
    return client;
  };
  const superuser = await clientOf(cluster.superUrl);
  const { rows } = await superuser.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );

  return {
    effort,
    folder,
    postgresVersion: rows[0]?.version ?? '',
    say,
    async database(name) {
      await createDatabase(superuser, name);
      const ownerUrl = urlOf(urls.ownerUrl, { database: name });
      await migrate(ownerUrl);
      const connect = () => clientOf(ownerUrl);
      return { appUrl: urlOf(urls.appUrl, { database: name }), owner: await connect(), connect };
    },
    async server(appUrl, name) {
      const server = await startServerProcess({
        logFile: join(folder, `${name}.log`),
        environment: {
          DATABASE_URL: appUrl,
          SLATE_SECRET: randomBytes(32).toString('hex'),
          PORT: '0',
          ACCESS_TOKEN_SECONDS: '900',
          LIMIT_GLOBAL: unlimited,
          LIMIT_READ: unlimited,
          LIMIT_BOOKING: unlimited,
          LIMIT_AUTH: unlimited,
          ...(effort.profiles && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${effort.profiles}` }),
        },
      });
      servers.push(server);
      return server;
    },
    async end() {
      await Promise.all(servers.map((server) => server.stop()));
      await Promise.all(owners.map((client) => client.end()));
      await cluster.stop();
    },
  };
}

/** Access tokens of these people. */
export async function signInAll(url: string, emails: readonly string[], password: string): Promise<string[]> {
  const connection = new HttpConnection(url);
  const tokens: string[] = [];
  for (const email of emails) {
    const reply = await connection.send(
      'POST',
      '/api/v1/auth/login',
      '',
      JSON.stringify({ email, password }),
    );
    if (reply.status !== 200) throw new Error(`signing in: ${reply.status} ${reply.body}`);
    tokens.push((JSON.parse(reply.body) as { accessToken: string }).accessToken);
  }
  connection.close();
  return tokens;
}
