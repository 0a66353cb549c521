import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Notification } from '../db/wake-ups.ts';
import { createPresence } from './presence.ts';

const [site, ada, bo, caseA, caseB] = [randomUUID(), person('Ada'), person('Bo'), randomUUID(), randomUUID()];

function person(name: string) {
  return { id: randomUUID(), name };
}

/** Processes that get each other's notifications at once, with the lists that each has sent to its followers. */
function processes(count: number) {
  const all = Array.from({ length: count }, () => {
    const processId = randomUUID();
    const sent: Record<'cases' | 'people', { name: string; caseId: string | null }[][]> = {
      cases: [],
      people: [],
    };
    const published: Notification[] = [];
    const presence = createPresence({
      processId,
      publish(notification) {
        published.push(notification);
        for (const other of all)
          if (notification.kind === 'present') other.presence.receive(notification, processId);
      },
      emit: (_, sees, people) =>
        sent[sees].push(
          people
            .map((each) => ({ name: each.person.name, caseId: each.caseId }))
            .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        ),
      clock: () => Date.now(),
    });
    return { presence, sent, published };
  });
  return all as {
    presence: ReturnType<typeof createPresence>;
    sent: (typeof all)[0]['sent'];
    published: Notification[];
  }[];
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('PU11 followers get who looks at which case once, and again only on a change', () => {
  const [here] = processes(1);
  if (!here) return;
  here.presence.enter(site, '1', ada);
  here.presence.look(site, '1', caseA);
  vi.runAllTimers();
  expect(here.sent.cases).toEqual([[{ name: 'Ada', caseId: caseA }]]);
  here.presence.look(site, '1', caseA);
  here.presence.look(site, '1', caseB);
  here.presence.look(site, '1', caseA);
  here.presence.repeat();
  vi.runAllTimers();
  expect(here.sent.cases).toHaveLength(1);
});

test('PU11 several windows of one person count once per case', () => {
  const [here] = processes(1);
  if (!here) return;
  for (const window of ['1', '2', '3', '4']) here.presence.enter(site, window, ada);
  here.presence.look(site, '1', caseA);
  here.presence.look(site, '2', caseA);
  here.presence.look(site, '3', caseB);
  vi.runAllTimers();
  expect(here.sent.cases.at(-1)?.map(({ caseId }) => caseId)).toEqual([caseA, caseB].toSorted());
  for (const window of ['1', '2', '3']) here.presence.leave(site, window);
  vi.runAllTimers();
  expect(here.sent.cases.at(-1)).toEqual([{ name: 'Ada', caseId: null }]);
});

test('PU12 a receiver who sees only some cases sees the people present, but not their cases', () => {
  const [here] = processes(1);
  if (!here) return;
  here.presence.enter(site, '1', ada);
  here.presence.look(site, '1', caseA);
  vi.runAllTimers();
  expect(here.sent.people).toEqual([[{ name: 'Ada', caseId: null }]]);
  here.presence.look(site, '1', caseB);
  vi.runAllTimers();
  expect(here.sent.people).toHaveLength(1);
});

test('PU13 people on other processes are present too, until they leave', () => {
  const [here, there] = processes(2);
  if (!here || !there) return;
  here.presence.enter(site, '1', ada);
  there.presence.enter(site, '1', bo);
  there.presence.look(site, '1', caseB);
  vi.runAllTimers();
  const everyone = [
    { name: 'Ada', caseId: null },
    { name: 'Bo', caseId: caseB },
  ];
  expect(here.sent.cases.at(-1)).toEqual(everyone);
  expect(there.sent.cases.at(-1)).toEqual(everyone);
  there.presence.leave(site, '1');
  there.presence.close();
  vi.runAllTimers();
  expect(here.sent.cases.at(-1)).toEqual([{ name: 'Ada', caseId: null }]);
});

test('PU13 people of a process without a report for 25 seconds are removed', () => {
  const [here, there] = processes(2);
  if (!here || !there) return;
  here.presence.enter(site, '1', ada);
  there.presence.enter(site, '1', bo);
  vi.runAllTimers();
  for (let seconds = 0; seconds < 60; seconds += 10) {
    vi.advanceTimersByTime(10_000);
    there.presence.repeat();
    vi.advanceTimersByTime(300);
    here.presence.forget();
  }
  vi.runAllTimers();
  expect(here.sent.cases.at(-1)).toHaveLength(2);
  vi.advanceTimersByTime(25_000);
  here.presence.forget();
  vi.runAllTimers();
  expect(here.sent.cases.at(-1)).toEqual([{ name: 'Ada', caseId: null }]);
});

test('PU14 the report to other processes fits a wake-up, however many windows a person has', () => {
  const [here] = processes(1);
  if (!here) return;
  for (let window = 0; window < 500; window++) {
    here.presence.enter(site, String(window), ada);
    here.presence.look(site, String(window), randomUUID());
  }
  vi.runAllTimers();
  expect(Math.max(...here.published.map((notification) => JSON.stringify(notification).length))).toBeLessThan(
    2_000,
  );
});

test('PU14 one person is shown with at most 20 cases, on any number of processes', () => {
  const [here, there] = processes(2);
  if (!here || !there) return;
  for (const [at, { presence }] of [here, there].entries()) {
    for (let window = 0; window < 40; window++) {
      presence.enter(site, `${at} ${window}`, ada);
      presence.look(site, `${at} ${window}`, randomUUID());
    }
  }
  vi.runAllTimers();
  expect(here.sent.cases.at(-1)).toHaveLength(20);
  expect(there.sent.cases.at(-1)).toHaveLength(20);
});

test('PU14 a thousand people who look at cases do not overload the server', () => {
  const [here] = processes(1);
  if (!here) return;
  for (let each = 0; each < 1_000; each++) here.presence.enter(site, String(each), person(`Person ${each}`));
  vi.advanceTimersByTime(10_000);
  const before = here.sent.cases.length;
  for (let tick = 0; tick < 60 * 4; tick++) {
    here.presence.look(site, '1', tick % 2 ? caseA : caseB);
    vi.advanceTimersByTime(250);
  }
  const perMinute = here.sent.cases.length - before;
  expect(perMinute).toBeGreaterThan(2);
  expect(perMinute).toBeLessThan(20);
});
