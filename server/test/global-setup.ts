import type { TestProject } from 'vitest/node';
import { Cluster } from '../../scripts/postgres.ts';
import { type DatabaseUrls, provision } from '../../scripts/provision.ts';
import { migrate } from '../src/db/migrate.ts';

export const TEMPLATE = 'slate_template';

type TestPostgres = DatabaseUrls & { superUrl: string };

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestPostgres;
  }
}

/** The environment variable with the PostgreSQL that all stages of `npm test` share. */
export const SHARED_POSTGRES = 'SLATE_TEST_POSTGRES';

/** One cluster for all test files, with one migrated database that they clone. */
export async function startTestPostgres(): Promise<{ postgres: TestPostgres; stop: () => Promise<void> }> {
  const cluster = await Cluster.temporary({ settings: { max_connections: '500' } });
  try {
    const urls = await provision(cluster.superUrl, TEMPLATE);
    await migrate(urls.ownerUrl);
    return { postgres: { ...urls, superUrl: cluster.superUrl }, stop: () => cluster.stop() };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const shared = process.env[SHARED_POSTGRES];
  if (shared !== undefined) {
    project.provide('postgres', JSON.parse(shared) as TestPostgres);
    return undefined;
  }
  const { postgres, stop } = await startTestPostgres();
  project.provide('postgres', postgres);
  return stop;
}
