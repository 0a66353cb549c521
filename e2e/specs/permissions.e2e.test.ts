import { randomUUID } from 'node:crypto';
import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import { problem, statusOf } from '@slate/shared/errors';
import { role, scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createApi } from '../../scripts/api.ts';
import type { Answer } from '../../scripts/api.ts';
import { createHospital } from '../../server/test/hospital.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { mutant } from '../helpers/mutant.ts';
import type { Change } from '../helpers/mutant.ts';
import { createWorld, requestOf, requests } from '../helpers/api/requests.ts';
import type { Author, Request, World } from '../helpers/api/requests.ts';

/** A caller with a role at the site, without one (`stranger`), or without a valid session (`nobody`). */
type Caller = {
  name: string;
  userId: string;
  token: string | undefined;
  membership: Role | 'stranger' | 'nobody';
};
/** A cell of the table: the caller, the route, and the owner of the case. */
type Cell = { name: RouteName; route: Route; caller: Caller; ownership: 'own' | "another's" };

const table = Object.entries(routes) as [RouteName, Route][];
const describeCell = (cell: Cell) => `${cell.name} by ${cell.caller.name} (${cell.ownership})`;

let deployment: Deployment;
let world: World;
let callers: Caller[];
beforeAll(async () => {
  deployment = await openDeployment({ servers: 1 });
  world = await createWorld(deployment);
  callers = await createCallers();
});
afterAll(() => deployment.end());

async function createCallers(): Promise<Caller[]> {
  const { users, owner, siteId } = deployment;
  const caller = async (name: string, userId: string, membership: Caller['membership']): Promise<Caller> => ({
    name,
    userId,
    token: await deployment.tokenOf(userId),
    membership,
  });
  /** These callers differ only in the account or the session. */
  const administrator = async (name: string, status: string) => {
    const userId = await world.person(status);
    await owner.query(`INSERT INTO memberships (site_id, user_id, role) VALUES ($1, $2, 'administrator')`, [
      siteId,
      userId,
    ]);
    return caller(name, userId, 'nobody');
  };
  const otherSite = await createHospital(deployment.urls.ownerUrl);
  const [ended, expired] = [
    await administrator('a person with an ended session', 'active'),
    await administrator('a person with an expired session', 'active'),
  ];
  await owner.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE user_id = $1', [ended.userId]);
  await owner.query('UPDATE sessions SET expires_at = clock_timestamp() WHERE user_id = $1', [
    expired.userId,
  ]);
  return [
    ...(await Promise.all(role.options.map((each) => caller(each, users[each], each)))),
    await caller('a person of another site', otherSite.users.administrator, 'stranger'),
    await caller('a person without a site', await world.person(), 'stranger'),
    { name: 'nobody', userId: randomUUID(), token: undefined, membership: 'nobody' },
    ended,
    expired,
    await administrator('a disabled person', 'disabled'),
    await administrator('a person waiting for approval', 'pending'),
  ];
}

const roleOf = ({ membership }: Caller) =>
  membership === 'nobody' || membership === 'stranger' ? null : membership;
const scopeIn = ({ route: { access }, caller }: Pick<Cell, 'route' | 'caller'>) => {
  const callerRole = roleOf(caller);
  return callerRole === null || access === 'public' || access === 'signed-in'
    ? 'none'
    : scopeOf(callerRole, access);
};

/** The expected answer, from the contract and the permissions alone. */
function expected(cell: Cell): number {
  const { route, caller, ownership } = cell;
  // There is a site already.
  if (cell.name === 'setUp') return 404;
  if (route.access === 'public') return route.status;
  if (caller.membership === 'nobody') return 401;
  if (route.access === 'signed-in') return route.status;
  if (caller.membership === 'stranger') return 404;
  const scope = scopeIn(cell);
  if (scope === 'none') return 403;
  // The site is not empty.
  if (cell.name === 'importSite' || cell.name === 'loadDemo') return 409;
  if (scope === 'any' || ownership === 'own') return route.status;
  // The case of another looks as if it did not exist, booking for the surgeon of another is forbidden, and a search for
  // the patient of another finds nothing.
  if ('case' in route.params.shape) return 404;
  return route.command || cell.name === 'openings' ? 403 : route.status;
}

/** Lists all cells. If the scope is `own` and the request has an owner, it is sent for an own and another's case. */
function cells(): Cell[] {
  return table.flatMap(([name, route]) =>
    callers.flatMap((caller): Cell[] => {
      const owned = scopeIn({ route, caller }) === 'own' && ('case' in route.params.shape || route.body);
      return (owned ? (['own', "another's"] as const) : (['own'] as const)).map((ownership) => ({
        name,
        route,
        caller,
        ownership,
      }));
    }),
  );
}

const otherAuthor = (): Author => ({
  userId: deployment.users.second,
  surgeonId: deployment.surgeons[1],
  words: 'OTHER',
});

/** Holds belong to their holder, so callers who may hold use their own. Other entities can be anyone's. */
function authorOf({ route, caller, ownership }: Cell): Author {
  const { surgeons } = deployment;
  if (ownership === 'own' && caller.membership === 'office' && scopeIn({ route, caller }) === 'own') {
    return { userId: caller.userId, surgeonId: surgeons[0], words: 'MINE' };
  }
  const holds = route.access === 'case.hold' && ownership === 'own' && scopeIn({ route, caller }) === 'any';
  return holds ? { ...otherAuthor(), userId: caller.userId } : otherAuthor();
}

const send = ({ route, caller }: Cell, { path, body }: Request, url: string): Promise<Answer> => {
  const api = createApi(url, caller.token);
  return route.method === 'get' || route.method === 'delete'
    ? api[route.method](path)
    : api[route.method](path, body);
};

/** Does this work for all items, six at a time. */
async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>) {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

/** Sends every request as every caller to this server. Returns the cells that differ from the table. */
async function violations(url: string, only = Object.keys(routes)): Promise<string[]> {
  const found: string[] = [];
  /** The reads, by caller, whose answer showed a patient. */
  const shown = new Set<string>();
  const check = async (cell: Cell, request: Request) => {
    const answer = await send(cell, request, url);
    // A search is recorded as the list that it is.
    const read = cell.name === 'searchCases' ? 'cases' : cell.name;
    if (!cell.route.command && showsPatient(answer)) shown.add(`${read} ${cell.caller.userId}`);
    const wrong = [
      ...(answer.status === expected(cell) ? [] : [`answers ${answer.status}, not ${expected(cell)}`]),
      ...shapeErrors(cell.route, answer),
      ...leaks(cell.caller, answer),
    ];
    found.push(...wrong.map((error) => `${describeCell(cell)}: ${error}`));
  };
  const [allowed, refused] = [true, false].map((is) =>
    cells().filter((cell) => only.includes(cell.name) && (expected(cell) === cell.route.status) === is),
  ) as [Cell[], Cell[]];

  // A refused request changes nothing, so one of each kind serves all refused callers.
  const refusable = new Map<RouteName, Request>();
  await inParallel(table, async ([name]) => {
    refusable.set(name, await requestOf(name, world, otherAuthor()));
  });
  const [before, lastEntry] = [await storedState(), await lastAuditEntry()];
  await inParallel(refused, (cell) => check(cell, refusable.get(cell.name) ?? { path: '' }));
  if ((await storedState()) !== before) found.push('A refused request has changed something.');
  found.push(...(await auditErrors(refused, lastEntry)));

  const checkAllowed = async (cell: Cell) => check(cell, await requestOf(cell.name, world, authorOf(cell)));
  /** These need the latest version of the site; of exports, a server makes few at once (EI4). */
  const isAlone = ({ name }: Cell) =>
    name === 'changeSettings' || name === 'changeReasons' || name.startsWith('export');
  const checkInTurn = async (all: Cell[]) => {
    for (const cell of all) await checkAllowed(cell);
  };
  // One after the other for each caller: a server makes a caller wait, and then try again, who reads much at once.
  const checkAll = async (all: Cell[]) => {
    const byCaller = Map.groupBy(
      all.filter((cell) => !isAlone(cell)),
      ({ caller }) => caller,
    );
    await Promise.all([...byCaller.values()].map(checkInTurn));
    await checkInTurn(all.filter(isAlone));
  };
  await checkAll(allowed);
  // The reads again, now that every command has run.
  const reads = allowed.filter(
    ({ route, caller }) => !route.command && route.access !== 'public' && roleOf(caller),
  );
  await checkAll(reads);
  const recorded = await recordedReads(lastEntry);
  const missing = [...shown].filter((each) => !recorded.has(each));
  found.push(...missing.map((each) => `${each}: the audit does not have this read.`));
  return [...found, ...(await leaksOfRefusals(url))];
}

const showsPatient = ({ body }: Answer) => /-PATIENT|-NOTE|-TITLE/.test(JSON.stringify(body));

/** The reads after this entry of the audit, by caller. */
async function recordedReads(after: number): Promise<Set<string>> {
  const { rows } = await deployment.owner.query<{ read: string }>(
    `SELECT DISTINCT action || ' ' || (actor ->> 'id') AS read FROM audit
      WHERE site_id = $1 AND chain = 'reads' AND seq > $2`,
    [deployment.siteId, after],
  );
  return new Set(rows.map(({ read }) => read));
}

/** Requests a taken time and the patient of another as an office. Returns the wrong answers. */
async function leaksOfRefusals(url: string): Promise<string[]> {
  const office = callers.find(({ membership }) => membership === 'office');
  if (!office) return ['There is no office.'];
  const [taken, path] = [await world.book(otherAuthor()), `${world.site}/holds`];
  const { title: _, ...ownDetails } = world.detailsFor({
    userId: office.userId,
    surgeonId: deployment.surgeons[0],
    words: 'MINE',
  });
  const answers = await Promise.all(
    [
      { ...ownDetails, roomId: taken.roomId, start: taken.start },
      { ...ownDetails, roomId: deployment.rooms[2], start: taken.start, patientRef: taken.patientRef },
    ].map((body) => createApi(url, office.token).post(path, body)),
  );
  const { rowCount } = await deployment.owner.query(
    `SELECT FROM audit WHERE site_id = $1 AND chain = 'reads' AND action = 'placeHold.refused'
      AND detail ->> 'code' = 'slot_taken' AND detail ? 'key' AND detail ->> 'patientRef' ~ '^[0-9a-f]{16}$'`,
    [deployment.siteId],
  );
  const missing = rowCount ? [] : ['A refusal about a patient is not in the audit.'];
  return answers.flatMap((answer) => [
    ...missing,
    ...(answer.status === 409 ? [] : [`A taken time is answered with ${answer.status}.`]),
    ...leaks(office, answer).map((error) => `a refusal to an office: ${error}`),
  ]);
}

async function lastAuditEntry(): Promise<number> {
  const { rows } = await deployment.owner.query<{ seq: number }>(
    `SELECT coalesce(max(seq), 0)::int AS seq FROM audit WHERE site_id = $1 AND chain = 'reads'`,
    [deployment.siteId],
  );
  return rows[0]?.seq ?? 0;
}

/** Checks that the audit has each attempt that was refused with 403 once, and no other refusal. */
async function auditErrors(refused: readonly Cell[], after: number): Promise<string[]> {
  const { rows } = await deployment.owner.query<{ attempt: string }>(
    `SELECT action || ' ' || (actor ->> 'id') || ' ' || (detail ->> 'code') AS attempt FROM audit
      WHERE site_id = $1 AND chain = 'reads' AND seq > $2`,
    [deployment.siteId, after],
  );
  const attempts = refused
    .filter((cell) => expected(cell) === 403)
    .map(({ name, caller }) => `${name}.refused ${caller.userId} forbidden`);
  const isEqual =
    JSON.stringify(rows.map((row) => row.attempt).toSorted()) === JSON.stringify(attempts.toSorted());
  return isEqual ? [] : [`${attempts.length} attempts, and ${rows.length} in the audit.`];
}

async function storedState(): Promise<string> {
  const { rows } = await deployment.owner.query<{ text: string }>(`SELECT concat_ws(' ',
    (SELECT jsonb_agg(s ORDER BY id) FROM sites s), (SELECT jsonb_agg(c ORDER BY id) FROM cases c),
    (SELECT jsonb_agg(m ORDER BY user_id) FROM memberships m), (SELECT jsonb_agg(u ORDER BY id) FROM users u),
    (SELECT count(*) FROM claims), (SELECT count(*) FROM milestones),
    (SELECT jsonb_agg(c ORDER BY site_id) FROM audit_chains c WHERE chain = 'commands')) AS text`);
  return rows[0]?.text ?? '';
}

/** Checks that an answer has exactly the fields of the contract, and that a browser must not store it. */
function shapeErrors(route: Route, { status, headers, body }: Answer): string[] {
  if (headers.get('cache-control') !== 'no-store') return ['its answer may be stored'];
  if (status < 300) {
    const parsed = route.reply?.safeParse(body);
    return parsed?.error ? [`its answer does not match the contract: ${z.prettifyError(parsed.error)}`] : [];
  }
  const parsed = problem.safeParse(body);
  const isProblem =
    parsed.success &&
    headers.get('content-type') === 'application/problem+json' &&
    parsed.data.status === status &&
    statusOf[parsed.data.code] === status;
  return isProblem ? [] : [`its refusal is not a problem document: ${status} ${JSON.stringify(body)}`];
}

/** Finds data in an answer that a wall board or an office must not see. */
function leaks({ membership, userId }: Caller, answer: Answer): string[] {
  const { body } = answer;
  const text = JSON.stringify(body);
  if (membership === 'wall') return showsPatient(answer) ? ['it reveals a patient'] : [];
  if (membership !== 'office') return [];
  const [surgeonId] = deployment.surgeons;
  const ofOthers = [...objectsIn(body)].filter(
    (each) =>
      ('patientRef' in each && each.createdBy !== userId && each.surgeonId !== surgeonId) ||
      ('caseId' in each && !world.ownCases.has(String(each.caseId))),
  );
  return [
    ...(text.includes('OTHER-') ? ["it reveals the texts of another's case"] : []),
    ...ofOthers.slice(0, 1).map((each) => `it reveals another's case: ${JSON.stringify(each)}`),
  ];
}

function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const each of Object.values(value)) yield* objectsIn(each);
}

test('every route of the contract has a request here', () => {
  expect(Object.keys(requests).toSorted()).toEqual(Object.keys(routes).toSorted());
});

test('PE1 PE4 AU5 AU9 each role, and callers without one, may do only what the permissions allow', async () => {
  expect(cells().length).toBeGreaterThan(table.length * callers.length);
  expect(await violations(deployment.servers[0]?.url ?? '')).toEqual([]);
});

test('AU9 the audit records its readers', async () => {
  const api = createApi(
    deployment.servers[0]?.url ?? '',
    await deployment.tokenOf(deployment.users.administrator),
  );
  const audit = () => api.get(`${world.site}/audit?chain=reads&limit=1`);
  const [, second] = [await audit(), await audit()];
  expect(second.body).toMatchObject({
    entries: [
      {
        action: 'audit',
        actor: { id: deployment.users.administrator },
        detail: { chain: 'reads', limit: 1 },
      },
    ],
  });
});

describe('PE1 a missing protection violates the table:', () => {
  type Mutant = { without: string; only: RouteName[]; caught: RegExp[]; change: Change };
  const mutants: Mutant[] = [
    {
      without: 'the audit of refusals',
      only: ['audit'],
      caught: [/4 attempts, and 0 in the audit/],
      change: {
        file: 'server/src/http/router.ts',
        from: 'if (error instanceof Refusal) await deps.auditRefusal',
        to: 'if (error instanceof Map) await deps.auditRefusal',
      },
    },
    {
      without: 'roles',
      only: ['audit', 'moveCase'],
      caught: [/audit by wall .*answers 200/, /moveCase by office .*answers/],
      change: { file: 'shared/src/permissions.ts', from: "?? 'none'", to: "?? 'any'" },
    },
    {
      without: 'the site of a role',
      only: ['settings'],
      caught: [/settings by a person of another site .*answers 200, not 404/],
      change: {
        file: 'server/src/http/router.ts',
        from: 'roles.get(siteId)',
        to: 'roles.values().next().value',
      },
    },
    {
      without: 'hiding patients',
      only: ['board', 'changes'],
      caught: [/board by wall .*it reveals a patient/, /changes by wall .*it reveals a patient/],
      change: {
        file: 'shared/src/cases.ts',
        from: 'export const onWall = (item: Case): Case => ({',
        to: 'export const onWall = (item: Case): Case => true ? item : ({',
      },
    },
    {
      without: 'owners',
      only: ['case', 'confirmCase'],
      caught: [/case by office \(another's\): answers 200/, /to an office: it reveals another's case/],
      change: {
        file: 'server/src/domain/visibility.ts',
        from: 'item.createdBy === userId ||',
        to: 'true ||',
      },
    },
    {
      without: 'the record of a read',
      only: ['casesInTheWay'],
      caught: [/casesInTheWay .*the audit does not have this read/],
      change: {
        file: 'server/src/http/handlers.ts',
        from: "record(atSite, 'casesInTheWay',",
        to: 'Array.of(',
      },
    },
    {
      without: 'the end of a session',
      only: ['me'],
      caught: [
        /me by a person with an ended session .*answers 200/,
        /me by a person with an expired session .*answers 200/,
      ],
      change: {
        file: 'server/src/db/identity.sql.ts',
        from: '${condition} AND s.ended_at IS NULL AND least(s.expires_at, s.idle_until) > clock_timestamp()',
        to: '${condition}',
      },
    },
    {
      without: 'the status of an account',
      only: ['me'],
      caught: [/me by a disabled person .*answers 200/, /me by a person waiting .*answers 200/],
      change: {
        file: 'server/src/db/identity.sql.ts',
        from: "\n      AND u.status = 'active'`",
        to: '`',
      },
    },
  ];
  test.each(mutants)('$without', async ({ only, caught, change }) => {
    const server = await deployment.startServer(mutant(change));
    const found = await violations(server.url, only);
    for (const violation of caught) expect(found.join('\n')).toMatch(violation);
    await server.kill9();
  });
});
