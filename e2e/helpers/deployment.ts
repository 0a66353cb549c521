import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { createApi } from '../../scripts/api.ts';
import type { Api } from '../../scripts/api.ts';
import { startServerProcess } from '../../scripts/server-process.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { testDatabase } from '../../server/test/database.ts';
import type { TestDatabase } from '../../server/test/database.ts';
import { createHospital } from '../../server/test/hospital.ts';
import type { Hospital } from '../../server/test/hospital.ts';
import { secretsFrom } from '../../server/src/identity/secrets.ts';
import { createTokens } from '../../server/src/identity/tokens.ts';

/** A hospital set up as in production: a database and server processes. */
export type Deployment = Hospital & {
  urls: { ownerUrl: string; appUrl: string };
  /** Connections as the database owner. */
  owner: pg.Pool;
  servers: ServerProcess[];
  startServer(environment?: Record<string, string>, logFile?: string): Promise<ServerProcess>;
  /** The API as this user, on the first server unless `url` names another. */
  as(userId: string, url?: string): Promise<Api>;
  tokenOf(userId: string): Promise<string>;
  end(): Promise<void>;
};

/** Longer than any test. */
const accessSeconds = 900;

/** Limits that only the tests of limits reach. */
export const unlimited = {
  LIMIT_GLOBAL: '10000000/1s',
  LIMIT_READ: '10000000/1s',
  LIMIT_BOOKING: '10000000/1s',
  LIMIT_AUTH: '10000000/1s',
  LIMIT_FOLLOW: '10000000/1s',
  SOCKETS_PER_ACCOUNT: '100000',
  LIMIT_REGISTER: '10000000/1s',
};

export async function openDeployment({
  servers: count = 2,
  environment = {},
  hospital: options = {},
  database,
}: {
  servers?: number;
  environment?: Record<string, string>;
  hospital?: Parameters<typeof createHospital>[1];
  /** Default: a database in the shared cluster. Tests that break theirs pass `testCluster()`. */
  database?: TestDatabase;
} = {}): Promise<Deployment> {
  const { ownerUrl, appUrl, end } = database ?? (await testDatabase());
  const hospital = await createHospital(ownerUrl, options);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  owner.on('error', () => {});
  owner.on('connect', (client) => client.on('error', () => {}));

  const secret = randomBytes(32).toString('hex');
  const tokens = createTokens(secretsFrom(secret), { accessSeconds });
  const servers: ServerProcess[] = [];

  const deployment: Deployment = {
    ...hospital,
    urls: { ownerUrl, appUrl },
    owner,
    servers,
    startServer: async (more = {}, logFile) => {
      const server = await startServerProcess({
        ...(logFile !== undefined && { logFile }),
        environment: {
          DATABASE_URL: appUrl,
          SLATE_SECRET: secret,
          PORT: '0',
          LOG_LEVEL: 'info',
          ACCESS_TOKEN_SECONDS: String(accessSeconds),
          DATABASE_POOL: '10',
          ...unlimited,
          ...environment,
          ...more,
        },
      });
      servers.push(server);
      return server;
    },
    tokenOf: async (userId) => {
      const sessionId = randomUUID();
      await owner.query(
        `INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, clock_timestamp() + interval '1 day')`,
        [sessionId, userId],
      );
      return tokens.signAccessToken({ userId, sessionId, name: 'Tester' });
    },
    as: async (userId, url = servers[0]?.url ?? '') => createApi(url, await deployment.tokenOf(userId)),
    end: async () => {
      await Promise.all(servers.map((server) => server.kill9()));
      await owner.end();
      await end();
    },
  };
  for (let started = 0; started < count; started++) await deployment.startServer();
  return deployment;
}
