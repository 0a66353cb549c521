import { routes } from '@slate/shared/contract';
import type { ErrorCode } from '@slate/shared/errors';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { SiteFigures } from '../use-cases/reads/read-figures.ts';
import { withTimeout } from './with-timeout.ts';

/** One answered request. The route as in the contract, never the address, which may point to a person. */
export type Answered = {
  route: string;
  method: string;
  status: number;
  seconds: number;
  /** The code of a refusal. */
  code?: ErrorCode | undefined;
  /** A repeated command. */
  isReplay: boolean;
};

type PoolCounts = { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };

const knownMethods = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'];
/** Routes that start a hold. */
const holdRoutes: readonly string[] = [routes.placeHold.path, routes.placeCase.path];
const timeoutMs = 1_000;

/**
 * The Prometheus metrics of this process. Labels have few values, all known in advance (routes,
 * codes, sites): never ids of cases or people, or text that a person typed.
 */
export function createMetrics({ version }: { version: string }) {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `slate_${name}`, help, labelNames, registers });
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `slate_${name}`, help, labelNames, registers });
  const histogram = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Histogram({
      name: `slate_${name}`,
      help,
      labelNames,
      registers,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    });

  const requests = histogram('http_request_seconds', 'Time from a request to the end of its answer', [
    'route',
    'method',
    'status',
  ]);
  const refusals = counter('refusals_total', 'Refused requests, by reason', ['code']);
  const untrustedProxy = counter(
    'distrusted_proxy_requests_total',
    'Requests forwarded by a proxy while TRUSTED_PROXIES is 0: those behind it share the limits of one address',
  );
  const replays = counter('replays_total', 'Repeated commands that got their stored reply');
  const holdsPlaced = counter('holds_placed_total', 'Holds that began in this process');
  const holdsFreed = counter(
    'holds_freed_total',
    'Overdue holds that were freed by the worker of this process',
  );
  const jobFailures = counter('job_failures_total', 'Times a job failed; it is tried again', ['job']);
  const updateDownloads = counter(
    'update_downloads_total',
    'Downloads of updates by workstations; one that was cut is resumed',
    ['result'],
  );
  const pushedChanges = counter('pushed_changes_total', 'Changes sent to consoles by this process');
  const pushes = histogram('push_seconds', 'Time from a wake-up until the changes were sent');
  const sockets = gauge('sockets', 'Consoles connected to this process');
  const connections = gauge('pool_connections', 'Database connections of this process', ['pool', 'state']);
  const waiting = gauge('pool_waiting', 'Requests waiting for a database connection', ['pool']);
  const databaseUp = gauge('database_up', '1 if the database answered during this scrape');
  const revision = gauge('revision', "The database's head of the feed", ['site']);
  const behind = gauge('relay_behind', 'Changes committed but not yet sent by this process', ['site']);
  const liveHolds = gauge('holds_live', 'Holds that claim something right now', ['site']);
  gauge('build_info', 'Always 1; the version is in the label', ['version']).set({ version }, 1);
  collectDefaultMetrics({ register: registry });

  const pools = new Map<string, PoolCounts>();
  let readSites: (() => Promise<SiteFigures[]>) | undefined;
  let relayHeads: () => Iterable<readonly [siteId: string, revision: number]> = () => [];

  function countPools() {
    for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
      connections.set({ pool, state: 'idle' }, idleCount);
      connections.set({ pool, state: 'busy' }, totalCount - idleCount);
      waiting.set({ pool }, waitingCount);
    }
  }

  /** Without the database, all other metrics must still work. */
  async function countSites() {
    for (const each of [revision, behind, liveHolds]) each.reset();
    if (!readSites) return;
    const sites = await withTimeout(timeoutMs, readSites()).catch(() => null);
    databaseUp.set(sites ? 1 : 0);
    const heads = new Map(relayHeads());
    for (const { siteId: site, ...figures } of sites ?? []) {
      revision.set({ site }, figures.revision);
      liveHolds.set({ site }, figures.liveHolds);
      const head = heads.get(site);
      if (head !== undefined) behind.set({ site }, Math.max(0, figures.revision - head));
    }
  }

  return {
    measure: ({ route, method, status, seconds, code, isReplay }: Answered) => {
      const methodLabel = knownMethods.includes(method) ? method : 'other';
      requests.observe({ route, method: methodLabel, status: `${Math.floor(status / 100)}xx` }, seconds);
      if (isReplay) replays.inc();
      else if (code) refusals.inc({ code });
      else if (status < 300 && holdRoutes.includes(route)) holdsPlaced.inc();
    },
    untrustedProxy: () => untrustedProxy.inc(),
    holdsFreed: (holds: number) => holdsFreed.inc(holds),
    jobFailed: (job: string) => jobFailures.inc({ job }),
    updateDownload: (result: 'complete' | 'cut') => updateDownloads.inc({ result }),
    connections: (count: number) => sockets.set(count),
    pushed: (changes: number, seconds: number) => {
      pushedChanges.inc(changes);
      pushes.observe(seconds);
    },

    // Computed only when scraped.
    watchPool: (name: string, pool: PoolCounts) => void pools.set(name, pool),
    watchSites: (read: () => Promise<SiteFigures[]>) => void (readSites = read),
    /** The revision up to which this process has sent each site's feed. */
    watchRelay: (heads: typeof relayHeads) => void (relayHeads = heads),

    contentType: registry.contentType,
    text: async (): Promise<string> => {
      countPools();
      await countSites();
      return registry.metrics();
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
