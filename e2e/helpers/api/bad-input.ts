import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHospital, settings } from '../../../server/test/hospital.ts';
import type { Hospital } from '../../../server/test/hospital.ts';
import { openDeployment } from '../deployment.ts';
import type { Deployment } from '../deployment.ts';
import { mutant } from '../mutant.ts';
import type { Change } from '../mutant.ts';
import { createWorld } from './requests.ts';
import type { World } from './requests.ts';
import { createBench, violations } from './wrong-requests.ts';
import type { Bad, Bench } from './wrong-requests.ts';

/** A server that the tests send bad input to. */
export type Target = {
  deployment: Deployment;
  world: World;
  bench: Bench;
  /** Another site of the same server. */
  otherSite: Hospital;
  url: string;
  /** Log files are written here. */
  folder: string;
  /** Stops the server and returns its whole log. */
  log(): Promise<string>;
  end(): Promise<void>;
};

export async function openTarget(): Promise<Target> {
  // A site with clock changes, whose holds outlast the test.
  const deployment = await openDeployment({
    servers: 0,
    hospital: {
      timeZone: 'America/Chicago',
      site: { ...settings, holdSeconds: 3_600, holdLimitSeconds: 3_600 },
    },
  });
  const otherSite = await createHospital(deployment.urls.ownerUrl);
  const folder = await mkdtemp(join(tmpdir(), 'slate-log-'));
  const logFile = join(folder, 'server.log');
  const server = await deployment.startServer({ LOG_LEVEL: 'trace' }, logFile);
  const world = await createWorld(deployment);
  return {
    deployment,
    world,
    bench: createBench(deployment, world),
    otherSite,
    url: server.url,
    folder,
    log: async () => {
      await server.stop();
      return readFile(logFile, 'utf8');
    },
    end: async () => {
      await deployment.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** Must not occur in any log line. */
export const secrets = /-PATIENT|-NOTE|eyJ|correct horse|Failing row/;

/** A protection to remove, the requests that need it, and the expected finding. */
export type Mutant = { without: string; bads: () => Bad[]; caught: RegExp[]; change: Change };

export async function violationsOf({ bads, change }: Mutant, { deployment, bench }: Target): Promise<string> {
  const server = await deployment.startServer(mutant(change));
  const found = await violations(bench, bads(), server.url);
  await server.kill9();
  return found.join('\n');
}
