import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHospital, settings } from '../../server/test/hospital.ts';
import type { Hospital } from '../../server/test/hospital.ts';
import { openHouse } from './deployment.ts';
import type { House } from './deployment.ts';
import { mutant } from './mutant.ts';
import type { Change } from './mutant.ts';
import { createWorld } from './requests.ts';
import type { World } from './requests.ts';
import { createBench, violations } from './wrong-requests.ts';
import type { Bad, Bench } from './wrong-requests.ts';

/** A server that the tests send bad input to. */
export type Target = {
  house: House;
  world: World;
  bench: Bench;
  /** Another site of the same server. */
  elsewhere: Hospital;
  url: string;
  /** Log files are written here. */
  folder: string;
  /** Stops the server and returns its whole log. */
  log(): Promise<string>;
  end(): Promise<void>;
};

export async function openTarget(): Promise<Target> {
  // A site with clock changes, whose holds outlast the test.
  const house = await openHouse({
    servers: 0,
    hospital: {
      timeZone: 'America/Chicago',
      site: { ...settings, holdSeconds: 3_600, holdLimitSeconds: 3_600 },
    },
  });
  const elsewhere = await createHospital(house.urls.ownerUrl);
  const folder = await mkdtemp(join(tmpdir(), 'slate-log-'));
  const logFile = join(folder, 'server.log');
  const server = await house.startServer({ LOG_LEVEL: 'trace' }, logFile);
  const world = await createWorld(house);
  return {
    house,
    world,
    bench: createBench(house, world),
    elsewhere,
    url: server.url,
    folder,
    log: async () => {
      await server.stop();
      return readFile(logFile, 'utf8');
    },
    end: async () => {
      await house.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** Must not occur in any log line. */
export const secrets = /-PATIENT|-NOTE|eyJ|correct horse|Failing row/;

/** A protection to remove, the requests that need it, and the expected finding. */
export type Mutant = { without: string; bads: () => Bad[]; caught: RegExp[]; change: Change };

export async function violationsOf({ bads, change }: Mutant, { house, bench }: Target): Promise<string> {
  const server = await house.startServer(mutant(change));
  const found = await violations(bench, bads(), server.url);
  await server.kill9();
  return found.join('\n');
}
