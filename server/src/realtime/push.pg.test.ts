import { randomUUID } from 'node:crypto';
import { changesBatch } from '@slate/shared/changes';
import type { ChangesBatch } from '@slate/shared/changes';
import { serverEvents } from '@slate/shared/socket-events';
import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { TestConsole } from '../../test/consoles.ts';
import {
  deafWakeUps,
  headOf,
  untilListening,
  nextListening,
  signIn,
  startSocketServer,
} from '../../test/consoles.ts';
import { administrator, anotherHospital, queryDirectly } from '../../test/administer.ts';
import { holdInput, at, caseOf } from '../../test/hospital.ts';
import { connect, cutListeners, never, open, withTwoServers } from '../../test/two-servers.ts';
import type { TwoServers } from '../../test/two-servers.ts';
import { viewOf } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import type { CommandDeps } from '../commands/context.ts';
import { changeSettings } from '../use-cases/catalogue/settings.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { maxBehind, readChanges } from './read-changes.ts';
import { releaseHold } from '../use-cases/cases/holds.ts';
import { atOnce } from './relay.ts';

let hospital: TwoServers['hospital'];
let a: TwoServers['a'];
let b: TwoServers['b'];
withTwoServers((servers) => ({ hospital, a, b } = servers));

/** Each pair is a hold and its release: two changes. */
async function change(deps: CommandDeps, pairs: number, days = 0) {
  for (let pair = 0; pair < pairs; pair++) {
    const held = await placeHold(deps, hospital.request(), holdInput(hospital, { start: at('09:00', days) }));
    await releaseHold(deps, hospital.request(), caseOf(held).id);
  }
}

const views = (): Record<'all' | 'wall' | 'office', View> => ({
  all: { kind: 'all' },
  wall: viewOf('wall', hospital.users.wall, []),
  office: viewOf('office', hospital.users.office, [hospital.surgeons[0]]),
});

async function feedFor(view: View, after = 0) {
  const { epoch } = await headOf(hospital);
  const batch = await readChanges(hospital.pool, hospital.siteId, view, { epoch, after, limit: 10_000 });
  return changesBatch.parse(batch).changes;
}

describe('PU1 every follower gets every change once, in order and without gaps', () => {
  test('500 commits of 8 writers on two servers, a slow console, consoles that come and go', async () => {
    const { users } = hospital;
    const start = await headOf(hospital);
    const steady = [
      await open(a, hospital, users.coordinator, start),
      await open(b, hospital, users.coordinator, start),
    ];
    const [wall, office] = [await open(b, hospital, users.wall), await open(a, hospital, users.office)];
    const slow = await open(b, hospital, users.second, start);
    slow.pause();

    const writers = Array.from({ length: 8 }, (_, writer) =>
      change(writer % 2 ? a.deps : b.deps, 31, writer),
    );
    const comingAndGoing = (async () => {
      const late: TestConsole[] = [];
      for (let round = 0; round < 20; round++) {
        const follower = steady[round % 2] as TestConsole;
        await follower.untilRevision(round * 20);
        const from = { ...start, revision: Math.max(0, follower.revision - 15) };
        late.push(await open(round % 2 ? a : b, hospital, users.coordinator, from));
      }
      return late;
    })();
    await Promise.all(writers);
    await change(a.deps, 2);
    const head = await headOf(hospital);
    expect(head.revision).toBe(500);
    slow.resume();

    const all = await feedFor(views().all);
    const everyone = [...steady, slow, wall, office, ...(await comingAndGoing)];
    await Promise.all(everyone.map((each) => each.untilRevision(head.revision)));
    expect(everyone.flatMap(({ gaps }) => gaps)).toEqual([]);
    for (const each of [...steady, slow]) expect(each.changes).toEqual(all);
    expect(wall.changes).toEqual(await feedFor(views().wall));
    expect(office.changes).toEqual(await feedFor(views().office));
  });

  test('mutant: a server that loses one batch is noticed', async () => {
    const victim = await open(a, hospital, hospital.users.coordinator);
    const [listener] = victim.socket.listeners('changes');
    await change(a.deps, 1);
    await victim.untilRevision(2);
    const losing = new Promise<ChangesBatch>((lose) => {
      victim.socket.off('changes').once('changes', (batch: ChangesBatch) => {
        lose(batch);
        if (listener) victim.socket.on('changes', listener);
      });
    });
    // The size of a batch is not guaranteed: only that the one after the lost one shows the gap.
    await change(a.deps, 1);
    const lost = await losing;
    await change(a.deps, 1);
    await victim.until(({ gaps }) => gaps.length > 0);
    expect(victim.gaps[0]).toMatch(new RegExp(`^${lost.to}\\.\\.\\d+ after 2$`));
  });

  test('a command on one server reaches consoles of the other without a poll', async () => {
    const [here, there] = await Promise.all([
      startSocketServer(hospital, never),
      startSocketServer(hospital, never),
    ]);
    const far = await open(there, hospital, hospital.users.coordinator);
    await Promise.all([untilListening(here), untilListening(there)]);
    await change(here.deps, 1);
    await far.untilRevision(2);
    expect(far.changes).toEqual(await feedFor(views().all));
    await Promise.all([here.close(), there.close()]);
  });
});

describe('PU2 a returning console gets the changes it missed', () => {
  test('30 changes missed while away', async () => {
    const first = await open(a, hospital, hospital.users.coordinator);
    await change(a.deps, 1);
    await first.untilRevision(2);
    first.socket.close();
    await change(a.deps, 15);
    const from = { ...(await headOf(hospital)), revision: first.revision };
    const back = connect(b.url, (await signIn(hospital.pool, hospital.users.coordinator)).token);
    const reply = await back.follow(from);
    expect(reply).toMatchObject({ status: 'following', missed: { from: 2, to: 32 } });
    expect([...first.changes, ...back.changes]).toEqual(await feedFor(views().all));
  });

  test('as many changes as the server keeps in memory, and no more', async () => {
    await copyChanges(1_200);
    const head = await headOf(hospital);
    const watching = await open(a, hospital, hospital.users.coordinator);
    const back = await open(a, hospital, hospital.users.coordinator, { ...head, revision: 1_200 - atOnce });
    expect(back.changes).toEqual(await feedFor(views().all, 1_200 - atOnce));
    await change(b.deps, 1);
    await Promise.all([back.untilRevision(1_202), watching.untilRevision(1_202)]);
    expect(back.gaps).toEqual([]);
    expect(await back.follow({ ...head, revision: 1_201 - atOnce })).toEqual({ status: 'resync' });
  });

  test('a console ahead of the server’s last read: the server reads again', async () => {
    const deaf = await startSocketServer(hospital, { wakeUps: deafWakeUps(), ...never });
    const behind = await open(deaf, hospital, hospital.users.coordinator);
    await change(a.deps, 2);
    const ahead = await open(deaf, hospital, hospital.users.coordinator, await headOf(hospital));
    await behind.untilRevision(4);
    expect(ahead.revision).toBe(4);
    await deaf.close();
  });
});

/** Makes a long history quickly by repeating the first change of the site. */
async function copyChanges(count: number, note: string | null = null) {
  await placeHold(a.deps, hospital.request(), holdInput(hospital, { start: at('09:00', 20), note }));
  await copyFirst(2, count);
}

async function copyFirst(from: number, to: number) {
  await asOwner(
    `INSERT INTO changes SELECT site_id, n, at, actor, body FROM changes, generate_series($1::int, $2::int) n
      WHERE site_id = $3 AND revision = 1`,
    [from, to, hospital.siteId],
  );
  await asOwner('UPDATE sites SET revision = $1 WHERE id = $2', [to, hospital.siteId]);
}

const asOwner = (text: string, values: unknown[] = []) =>
  queryDirectly(hospital.database.ownerUrl, text, values);

describe('PU3 FE6 a console that cannot catch up gets resync', () => {
  test.each([
    ['of another epoch', (head: { revision: number }) => ({ ...head, epoch: randomUUID() })],
    ['ahead of the site', (head: { revision: number }) => ({ ...head, revision: head.revision + 1 })],
    [
      'too far behind',
      (head: { revision: number }) => ({ ...head, revision: head.revision - maxBehind - 1 }),
    ],
  ])('%s', async (_, moved) => {
    await copyChanges(maxBehind + 2);
    const head = await headOf(hospital);
    const from = { ...head, ...moved(head) };
    const console = await open(a, hospital, hospital.users.coordinator);
    expect(await console.follow(from)).toEqual({ status: 'resync' });
    const { siteId, epoch, revision: after } = from;
    expect(await readChanges(hospital.pool, siteId, views().all, { epoch, after, limit: 10 })).toBe('resync');
    // It follows no site until it sends `follow` again.
    await change(a.deps, 1);
    expect(await console.follow(await headOf(hospital))).toMatchObject({ status: 'following' });
    expect(console.changes).toEqual([]);
  });

  test('a feed with a gap', async () => {
    await change(a.deps, 2);
    await asOwner('DELETE FROM changes WHERE site_id = $1 AND revision <= 2', [hospital.siteId]);
    const head = await headOf(hospital);
    const console = await open(a, hospital, hospital.users.coordinator);
    expect(await console.follow({ ...head, revision: 1 })).toEqual({ status: 'resync' });
    expect(await console.follow(head)).toMatchObject({ missed: { from: 4, to: 4 } });
  });

  test('a restore while it follows: an empty batch of the new epoch, within a second', async () => {
    const following = await open(a, hospital, hospital.users.coordinator);
    await change(a.deps, 1);
    await following.untilRevision(2);
    const epoch = randomUUID();
    await asOwner('UPDATE sites SET epoch = $1, revision = 1 WHERE id = $2', [epoch, hospital.siteId]);
    await following.until(({ resync }) => resync !== null);
    expect(following.resync).toEqual({ epoch, from: 1, to: 1, changes: [] });
  });
});

describe('PU4 everyone gets only what they may see', () => {
  test('a wall board gets no patients, an office only its own cases', async () => {
    const { users, surgeons } = hospital;
    const [wall, office] = [await open(a, hospital, users.wall), await open(b, hospital, users.office)];
    const patientRef = 'DEMO-7';
    const own = await placeHold(
      a.deps,
      hospital.request(),
      holdInput(hospital, { patientRef, note: 'Allergic' }),
    );
    const otherCase = await placeHold(
      a.deps,
      hospital.request(),
      holdInput(hospital, { start: at('13:00'), surgeonId: surgeons[1], patientRef: 'DEMO-8' }),
    );
    await releaseHold(a.deps, hospital.request(), caseOf(otherCase).id);
    await Promise.all([wall.untilRevision(3), office.untilRevision(3)]);

    expect(JSON.stringify(wall.changes)).not.toMatch(/DEMO-|Allergic|Total knee|person/);
    expect(wall.changes.map(({ body }) => body.type)).toEqual(['case', 'case', 'case']);
    expect(office.changes.map(({ body }) => body)).toEqual([
      { type: 'case', cause: 'held', case: caseOf(own) },
      {
        type: 'busy',
        busy: {
          id: caseOf(otherCase).id,
          roomId: hospital.rooms[0],
          start: at('12:50'),
          end: at('14:10'),
          growsFrom: null,
        },
      },
      { type: 'gone', id: caseOf(otherCase).id },
    ]);
    expect(office.changes.map(({ by }) => by?.id ?? null)).toEqual([users.coordinator, null, null]);
  });
});

test('PE5 a wall board that follows loads its board again when the settings change, and then gets less', async () => {
  const { users } = hospital;
  const [wall, coordinator] = [
    await open(a, hospital, users.wall),
    await open(a, hospital, users.coordinator),
  ];
  const hidden = { wallProcedures: false, wallSurgeons: false, wallNumbers: false };
  await changeSettings(b.deps, administrator(hospital), { version: 1, ...hidden });
  await Promise.all([wall.until(({ gaps }) => gaps.length > 0), coordinator.untilRevision(1)]);
  expect(wall.gaps).toEqual(['1..1 after 0']);
  expect(wall.changes).toEqual([]);

  const head = await headOf(hospital);
  expect(await wall.follow({ ...head, revision: 0 })).toEqual({ status: 'resync' });
  expect(await wall.follow(head)).toMatchObject({ status: 'following' });
  await change(a.deps, 1);
  await Promise.all([wall.untilRevision(3), coordinator.untilRevision(3)]);
  const cases = ({ changes }: TestConsole) =>
    changes.flatMap(({ body }) => (body.type === 'case' ? [body.case] : []));
  for (const item of cases(wall))
    expect(item).toMatchObject({ procedureId: null, surgeonId: null, number: 0, equipment: [], bed: null });
  expect(cases(wall)).toHaveLength(2);
  const [shown] = cases(coordinator);
  expect(shown).toMatchObject({ surgeonId: hospital.surgeons[0] });
  expect([shown?.procedureId, shown?.number]).not.toContain(null);
  expect(shown?.number).toBeGreaterThan(0);
});

describe('PU5 a lost wake-up', () => {
  test('the listening connection recovers by itself and delivers the missed notifications', async () => {
    const server = await startSocketServer(hospital, never);
    await untilListening(server);
    const console = await open(server, hospital, hospital.users.coordinator);
    const again = nextListening(server);
    await cutListeners(hospital);
    await change(a.deps, 1);
    await again;
    await console.untilRevision(2);
    await untilListening(a);
    await change(a.deps, 1);
    await console.untilRevision(4);
    expect(console.gaps).toEqual([]);
    await server.close();
  });
});

test('PU6 a heartbeat has the site’s revision, after everything up to it', async () => {
  const server = await startSocketServer(hospital, { heartbeatMs: 100 });
  const console = await open(server, hospital, hospital.users.coordinator);
  const seen: number[] = [];
  const heartbeats: number[] = [];
  const last = new Promise<void>((resolve) => {
    console.socket.on('heartbeat', (message) => {
      const { epoch, revision } = serverEvents.heartbeat.parse(message);
      expect(epoch).toBe(console.epoch);
      heartbeats.push(revision);
      seen.push(console.revision);
      if (revision === 80) resolve();
    });
  });
  await change(server.deps, 40);
  await last;
  expect(heartbeats).toEqual(seen);
  await server.close();
});

/** Frames messages; missing from the types of `ws`. */
const { Sender: sender } = WebSocket as unknown as {
  Sender: { frame(data: Buffer, options: object): Buffer[] };
};

describe('PU20 a connection that does not read costs a few megabytes at most', () => {
  test('a console that stops reading is cut; others continue, and it comes back with a fresh board', async () => {
    const counted: number[] = [];
    const metrics = { connections: (count: number) => counted.push(count), pushed: () => {} };
    const server = await startSocketServer(hospital, { ...never, metrics });
    await copyChanges(2, 'x'.repeat(2_000));
    const start = await headOf(hospital);
    const reading = await open(server, hospital, hospital.users.second);
    const silent = await open(server, hospital, hospital.users.coordinator);
    silent.pause();
    for (let head = start.revision; counted.at(-1) === 2 && head < 30_000; head += atOnce) {
      await copyFirst(head + 1, head + atOnce);
      server.deps.publish({ kind: 'site', siteId: hospital.siteId });
      await reading.untilRevision(head + atOnce);
    }
    expect(counted.at(-1)).toBe(1);
    expect(reading.gaps).toEqual([]);
    silent.resume();
    await silent.untilDisconnected();
    const back = await open(server, hospital, hospital.users.coordinator);
    expect(await back.follow({ ...start, revision: silent.revision })).toEqual({ status: 'resync' });
    expect(await back.follow(await headOf(hospital))).toMatchObject({ status: 'following' });
    await server.close();
  });

  test('a batch is framed once for all receivers with the same view', async () => {
    const { users } = hospital;
    const note = 'Framed once';
    const consoles: TestConsole[] = [];
    for (const user of [users.coordinator, users.second, users.viewer, users.wall]) {
      consoles.push(await open(a, hospital, user));
    }
    const frame = vi.spyOn(sender, 'frame');
    await placeHold(a.deps, hospital.request(), holdInput(hospital, { note }));
    await Promise.all(consoles.map((console) => console.untilRevision(1)));
    const changes = frame.mock.calls.filter(([data]) => String(data).includes('"changes"'));
    expect(changes.length).toBe(new Set(['all', 'wall']).size);
    frame.mockRestore();
  });
});

describe('PU26 administrators are told that people have changed', () => {
  test('on every server, those of the site, or of all sites for an account without a site; nobody else', async () => {
    const elsewhere = await anotherHospital(hospital);
    await Promise.all([untilListening(a), untilListening(b)]);
    const [mine, theirs, desk] = [
      await open(a, hospital, hospital.users.administrator),
      await open(b, elsewhere, elsewhere.users.administrator),
      await open(b, hospital, hospital.users.coordinator),
    ];
    b.deps.publish({ kind: 'people', siteId: hospital.siteId });
    await mine.until(() => mine.peopleChanges === 1);
    expect(theirs.peopleChanges).toBe(0);
    a.deps.publish({ kind: 'people', siteId: null });
    await mine.until(() => mine.peopleChanges === 2);
    await theirs.until(() => theirs.peopleChanges === 1);
    // A later message of the same wake-ups has arrived, and none came before it.
    await change(a.deps, 1);
    await desk.until(() => desk.changes.length === 2);
    expect(desk.peopleChanges).toBe(0);
  });
});
