import type { TestProject } from 'vitest/node';
import { Cluster } from '../../scripts/postgres.ts';
import { type DatabaseUrls, provision } from '../../scripts/provision.ts';
import { migrate } from '../src/db/migrate.ts';

export const TEMPLATE = 'slate_template';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: DatabaseUrls & { superUrl: string };
  }
}

/** One cluster for all test files, with one migrated database that they clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await Cluster.temporary();
  const urls = await provision(cluster.superUrl, TEMPLATE);
  await migrate(urls.ownerUrl);
  project.provide('postgres', { ...urls, superUrl: cluster.superUrl });
  return () => cluster.stop();
}
