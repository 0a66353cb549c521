/** PostgreSQL for a benchmark run, its databases, and servers on them. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { Cluster } from '../../scripts/postgres.ts';
import { createDatabase, provision, urlOf } from '../../scripts/provision.ts';
import { startServerProcess } from '../../scripts/server-process.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { migrate } from '../src/db/migrate.ts';
import { HttpConnection } from './http-connection.ts';

export type BenchSetUp = {
  readonly effort: Effort;
  /** For logs and results. */
  readonly folder: string;
  readonly postgresVersion: string;
  say: (line: string) => void;
  /** Creates a database with the product's schema. */
  database(name: string): Promise<BenchDatabase>;
  /** Starts a server as in production, but without rate limits. */
  server(appUrl: string, name: string): Promise<ServerProcess>;
  /** Stops everything that was started. */
  end(): Promise<void>;
};

export type BenchDatabase = {
  appUrl: string;
  owner: pg.Client;
  /** Another connection as the owner. */
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
  /** The folder for CPU profiles of the servers. */
  profiles?: string;
};

export type ConsoleEffort = { rounds: number; changes: number; dragSeconds: number; burstSeconds: number };

const unlimited = '1000000/1s';

export async function setUpBench(
  folder: string,
  effort: Effort,
  say: (line: string) => void,
): Promise<BenchSetUp> {
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

/** Signs in and returns the access tokens. */
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
