import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { Answered } from './metrics.ts';

const answered = (more: Partial<Answered> = {}): Answered => ({
  route: '/sites/:site/holds',
  method: 'POST',
  status: 201,
  seconds: 0.01,
  isReplay: false,
  ...more,
});

/** The value of the line that starts with this. */
const valueOf = (text: string, line: string) =>
  text
    .split('\n')
    .find((each) => each.startsWith(`${line} `))
    ?.split(' ')
    .at(-1);

const site = '0b54b2a1-6a0e-4a4e-8a53-0d3f3f0f6f11';

test('metrics measure requests by route, method and class of status', async () => {
  const metrics = createMetrics({ version: '1' });
  metrics.measure(answered());
  metrics.measure(answered({ status: 409, code: 'slot_taken' }));
  metrics.measure(answered({ method: 'PROPFIND', route: 'none', status: 404, code: 'not_found' }));
  const text = await metrics.text();
  const count = (labels: string) => valueOf(text, `slate_http_request_seconds_count{${labels}}`);
  expect(count('route="/sites/:site/holds",method="POST",status="2xx"')).toBe('1');
  expect(count('route="/sites/:site/holds",method="POST",status="4xx"')).toBe('1');
  expect(count('route="none",method="other",status="4xx"')).toBe('1');
  expect(valueOf(text, 'slate_refusals_total{code="slot_taken"}')).toBe('1');
});

test('metrics count each hold that started here once', async () => {
  const metrics = createMetrics({ version: '1' });
  metrics.measure(answered());
  metrics.measure(answered({ isReplay: true }));
  metrics.measure(answered({ status: 409, code: 'slot_taken' }));
  metrics.measure(answered({ route: '/sites/:site/cases/:case/place', status: 200 }));
  metrics.measure(answered({ route: '/sites/:site/cases/:case/move', status: 200 }));
  metrics.holdsFreed(3);
  const text = await metrics.text();
  expect(valueOf(text, 'slate_holds_placed_total')).toBe('2');
  expect(valueOf(text, 'slate_holds_freed_total')).toBe('3');
  expect(valueOf(text, 'slate_replays_total')).toBe('1');
});

test('a replayed refusal counts as a replay, not as another conflict', async () => {
  const metrics = createMetrics({ version: '1' });
  metrics.measure(answered({ status: 409, code: 'slot_taken', isReplay: true }));
  const text = await metrics.text();
  expect(text).not.toContain('code="slot_taken"');
  expect(valueOf(text, 'slate_replays_total')).toBe('1');
});

test('metrics read the pools only when scraped', async () => {
  const metrics = createMetrics({ version: '1' });
  const pool = { totalCount: 0, idleCount: 0, waitingCount: 0 };
  metrics.watchPool('primary', pool);
  Object.assign(pool, { totalCount: 16, idleCount: 4, waitingCount: 7 });
  const text = await metrics.text();
  expect(valueOf(text, 'slate_pool_connections{pool="primary",state="idle"}')).toBe('4');
  expect(valueOf(text, 'slate_pool_connections{pool="primary",state="busy"}')).toBe('12');
  expect(valueOf(text, 'slate_pool_waiting{pool="primary"}')).toBe('7');
});

test('metrics show how far this process is behind the feed of followed sites', async () => {
  const metrics = createMetrics({ version: '1' });
  const other = '1b54b2a1-6a0e-4a4e-8a53-0d3f3f0f6f11';
  metrics.watchSites(() =>
    Promise.resolve([
      { siteId: site, revision: 12, liveHolds: 3 },
      { siteId: other, revision: 5, liveHolds: 0 },
    ]),
  );
  metrics.watchRelay(() => [[site, 10]]);
  metrics.connections(7);
  metrics.pushed(4, 0.02);
  const text = await metrics.text();
  expect(valueOf(text, `slate_relay_behind{site="${site}"}`)).toBe('2');
  expect(valueOf(text, `slate_relay_behind{site="${other}"}`)).toBeUndefined();
  expect(valueOf(text, `slate_holds_live{site="${site}"}`)).toBe('3');
  expect(valueOf(text, `slate_revision{site="${other}"}`)).toBe('5');
  expect(valueOf(text, 'slate_sockets')).toBe('7');
  expect(valueOf(text, 'slate_pushed_changes_total')).toBe('4');
  expect(valueOf(text, 'slate_database_up')).toBe('1');
});

test.each([
  ['fails', () => Promise.reject(new Error('no database'))],
  ['never answers', () => new Promise<never>(() => {})],
])('with a database that %s, other figures still appear, and old values do not', async (_, read) => {
  const metrics = createMetrics({ version: '1' });
  metrics.watchSites(() => Promise.resolve([{ siteId: site, revision: 12, liveHolds: 3 }]));
  await metrics.text();
  metrics.watchSites(read);
  metrics.measure(answered());
  const text = await metrics.text();
  expect(valueOf(text, 'slate_database_up')).toBe('0');
  expect(text).not.toContain(site);
  expect(valueOf(text, 'slate_holds_placed_total')).toBe('1');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

test('two instances in one process share nothing', async () => {
  const [first, second] = [createMetrics({ version: '1' }), createMetrics({ version: '2' })];
  first.jobFailed('release-expired-holds');
  expect(valueOf(await first.text(), 'slate_job_failures_total{job="release-expired-holds"}')).toBe('1');
  const text = await second.text();
  expect(text).not.toContain('release-expired-holds');
  expect(valueOf(text, 'slate_build_info{version="2"}')).toBe('1');
});
