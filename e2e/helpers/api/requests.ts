import { randomBytes, randomUUID } from 'node:crypto';
import type { BlockTemplate, Holiday } from '@slate/shared/block-templates';
import type { Case } from '@slate/shared/cases';
import type { RouteName } from '@slate/shared/contract';
import type { ListedReason } from '@slate/shared/reasons';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import type { Closure } from '@slate/shared/sites';
import type { Procedure, Resource } from '@slate/shared/resources';
import { siteDocumentLists, siteDocumentVersion } from '@slate/shared/site-document';
import { defaultSettings } from '@slate/shared/sites';
import { addMinutes } from '@slate/shared/time';
import type { Answer, Api } from '../../../scripts/api.ts';
import { hashPassword } from '../../../server/src/identity/passwords.ts';
import { hashOf } from '../../../server/src/identity/tokens.ts';
import { at } from '../../../server/test/hospital.ts';
import type { Deployment } from '../deployment.ts';

/** A valid request: a path below /api/v1 with its query, and a body or the bytes of a file. */
export type Request = { path: string; body?: unknown };

/** The case of the request: its holder or creator, its surgeon, and its words. */
export type Author = { userId: string; surgeonId: string; words: string };

export const password = 'correct horse battery';
const firstDay = 10;
const boardDate = () => at('00:00', firstDay).slice(0, 10);

/** Creates new entities through the API of an unmodified server. */
export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld(deployment: Deployment) {
  const { siteId, rooms, users, owner } = deployment;
  const site = `/sites/${siteId}`;
  const desks = new Map<string, Promise<Api>>();
  const deskOf = (userId: string): Promise<Api> => {
    const desk = desks.get(userId) ?? deployment.as(userId);
    desks.set(userId, desk);
    return desk;
  };

  const hash = await hashPassword(password);
  const accountId = await person();

  async function person(status = 'active', email = `${randomUUID()}@example.test`) {
    const id = randomUUID();
    await owner.query(
      'INSERT INTO users (id, email, name, password_hash, status) VALUES ($1, $2, $3, $4, $5)',
      [id, email, 'Somebody', hash, status],
    );
    return id;
  }

  let places = 0;
  /** Returns a room and a start that no other request uses; the half hour after it is free too. */
  function place() {
    const n = places++;
    const start = at('00:00', firstDay + Math.floor(n / 24));
    return {
      roomId: rooms[n % 2] ?? '',
      start: addMinutes(start, Math.floor((n % 24) / 2) * 120 + (n % 2) * 30),
    };
  }
  let blocks = 0;
  /** A block of its own day after the days of `place`, so that no other request is in its way. */
  const blockRule = () => {
    const date = at('00:00', 60 + blocks++).slice(0, 10);
    return {
      plan: {
        roomId: rooms[2] ?? '',
        start: '07:00',
        end: '12:00',
        service: 'Ortho',
        surgeonId: null,
        listId: null,
        releaseDays: 3,
      },
      recurrence: { weekdays: [1, 2, 3, 4, 5, 6, 7], everyWeeks: 1, from: date, until: date },
      exceptions: [],
    };
  };
  let patients = 0;
  const detailsFor = ({ surgeonId, words }: Author) => ({
    title: `${words}-TITLE`,
    patientRef: `${words}-PATIENT-${patients++}`,
    note: `${words}-NOTE`,
    procedureId: deployment.procedure,
    surgeonId,
    minutes: 30,
  });

  const bodyOf = ({ status, body }: Answer) => {
    if (status < 300) return body;
    throw new Error(`The preparation failed: ${status} ${JSON.stringify(body)}`);
  };
  const create = async <Thing>(userId: string, path: string, body: unknown, name: string) =>
    bodyOf(await (await deskOf(userId)).post(`${site}${path}`, body))[name] as Thing;

  /** The ids of the cases that the office created here. */
  const ownCases = new Set<string>();
  const hold = async (author: Author) => {
    const item = await create<Case>(author.userId, '/holds', { ...place(), ...detailsFor(author) }, 'case');
    if (author.words === 'MINE') ownCases.add(item.id);
    return item;
  };
  return {
    site,
    deployment,
    /** Creates a new account each time, because many sign-ins to one account have to wait. */
    account: async () => {
      const email = `desk-${randomUUID()}@example.test`;
      await person('active', email);
      return { email, password };
    },
    deskOf,
    person,
    place,
    detailsFor,
    hold,
    ownCases,
    book: async (author: Author) => {
      const { id } = await hold(author);
      return create<Case>(author.userId, `/cases/${id}/confirm`, {}, 'case');
    },
    inDepot: (author: Author) => create<Case>(users.coordinator, '/cases', detailsFor(author), 'case'),
    resource: () =>
      create<Resource>(users.administrator, '/resources', { kind: 'equipment', name: 'Laser' }, 'resource'),
    closure: () => {
      const { start } = place();
      const body = {
        resourceId: deployment.beds,
        start,
        end: addMinutes(start, 30),
        quantity: 1,
        reason: 'Cleaning',
      };
      return create<Closure>(users.coordinator, '/closures', body, 'closure');
    },
    blockTemplate: () =>
      create<BlockTemplate>(users.administrator, '/block-templates', blockRule(), 'template'),
    blockRule,
    recurringClosure: () =>
      create<RecurringClosure>(
        users.coordinator,
        '/recurring-closures',
        cleaning(deployment.beds),
        'recurringClosure',
      ),
    holiday: () => create<Holiday>(users.administrator, '/holidays', holidayOn(), 'holiday'),
    newProcedure: () => create<Procedure>(users.administrator, '/procedures', procedure, 'procedure'),
    /** A checked import of a line that is refused, so that applying it changes nothing. */
    importFile: async () => {
      const id = randomUUID();
      await owner.query(
        `INSERT INTO imports (site_id, id, kind, file, state, created_by, notes, headings, sample, lines, mapping, counts)
          VALUES ($1, $2, 'equipment', 'equipment.csv', 'checked', $3, '[]', '["ID","Name"]', '[]', 1, '["externalId","name"]',
            '{"create":0,"change":0,"keep":0,"depot":0,"refuse":1}')`,
        [siteId, id, { id: users.administrator, name: 'Tester' }],
      );
      await owner.query(
        `INSERT INTO import_lines (site_id, import_id, line, cells, verdict) VALUES ($1, $2, 2, '["A"]', 'refuse')`,
        [siteId, id],
      );
      return id;
    },
    head: async () => {
      type Head = {
        epoch: string;
        revision: number;
        version: number;
        reasons: ListedReason[];
        /** The revision of the last change of the site, which a wall board does not get as a change. */
        changedAt: number;
      };
      const { rows } = await owner.query<Head>(
        `SELECT epoch, revision::int, version, site_json(s) -> 'reasons' AS reasons,
          coalesce((SELECT max(c.revision) FROM changes c WHERE c.site_id = s.id AND c.body ->> 'type' = 'site'), 0)::int
            AS "changedAt" FROM sites s WHERE id = $1`,
        [siteId],
      );
      const [head] = rows;
      if (!head) throw new Error('There is no site.');
      return head;
    },
    device: async (userId = users.coordinator) => {
      const id = randomUUID();
      bodyOf(await (await deskOf(userId)).post(`${site}/devices`, { id, name: 'OR desk' }));
      return id;
    },
    invitation: async () =>
      bodyOf(
        await (
          await deskOf(users.administrator)
        ).post(`${site}/invitations`, { email: `invited-${randomUUID()}@example.test`, role: 'viewer' }),
      ) as { invitation: { id: string }; secret: string },
    member: async () => {
      const id = await person();
      await owner.query(`INSERT INTO memberships (site_id, user_id, role) VALUES ($1, $2, 'viewer')`, [
        siteId,
        id,
      ]);
      return id;
    },
    refreshToken: async () => {
      const [token, sessionId] = [randomBytes(32).toString('base64url'), randomUUID()];
      await owner.query(
        `WITH session AS (
          INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, clock_timestamp() + interval '1 day'))
        INSERT INTO refresh_tokens (hash, session_id) VALUES ($3, $1)`,
        [sessionId, accountId, hashOf(token)],
      );
      return token;
    },
  };
}

/** Closes one bed before any request with a place. */
const repairOf = (world: World) => {
  const { start } = world.place();
  return {
    resourceId: world.deployment.beds,
    start,
    end: addMinutes(start, 30),
    quantity: 1,
    reason: 'Repair',
  };
};

const cleaning = (resourceId: string) => {
  const date = at('00:00', 200).slice(0, 10);
  return {
    resourceId,
    recurrence: { weekdays: [7], everyWeeks: 1, from: date, until: null },
    start: '22:00',
    end: '04:00',
    quantity: 1,
    reason: 'Cleaning',
  };
};
const holidayOn = () => ({ date: at('00:00', 300).slice(0, 10), name: 'Holiday', roomIds: null });
const procedure = { name: 'Hernia', service: 'Surgery', minutes: 60, setupMinutes: 10, cleanupMinutes: 10 };

type Recipe = (world: World, author: Author) => Promise<Request> | Request;

const onCase =
  (
    state: 'held' | 'booked' | 'depot',
    name: string,
    bodyOf: (item: Case, world: World) => unknown = () => ({}),
  ): Recipe =>
  async (world, author) => {
    const make = { held: world.hold, booked: world.book, depot: world.inDepot }[state];
    const item = await make(author);
    return { path: `${world.site}/cases/${item.id}${name}`, body: bodyOf(item, world) };
  };

/** For every route of the contract, a request that succeeds for every permitted caller, except `setUp`. */
export const requests = {
  register: () => ({
    path: '/auth/register',
    body: { email: `new-${randomUUID()}@example.test`, name: 'New Person' },
  }),
  login: async (world) => ({ path: '/auth/login', body: await world.account() }),
  changePassword: async (world) => ({
    path: '/auth/password',
    body: { ...(await world.account()), newPassword: `another ${password}` },
  }),
  refresh: async (world) => ({
    path: '/auth/refresh',
    body: { refreshToken: await world.refreshToken() },
  }),
  logout: async (world) => ({ path: '/auth/logout', body: { refreshToken: await world.refreshToken() } }),
  setUpState: () => ({ path: '/set-up' }),
  // Refused: the hospital exists.
  setUp: () => ({
    path: '/set-up',
    body: {
      secret: 'used before',
      name: 'New Person',
      email: `new-${randomUUID()}@example.test`,
      password,
      site: { name: 'Another Hospital', timeZone: 'Europe/Berlin' },
    },
  }),
  me: () => ({ path: '/me' }),
  sites: () => ({ path: '/sites' }),

  board: ({ site }) => ({ path: `${site}/board?date=${boardDate()}&days=14` }),
  changes: async (world, author) => {
    await world.book(author);
    const { epoch, revision, changedAt } = await world.head();
    const after = Math.max(changedAt, revision - 400);
    return { path: `${world.site}/changes?epoch=${epoch}&after=${after}&limit=500` };
  },
  openings: ({ site, deployment }, { surgeonId }) => ({
    path: `${site}/openings`,
    body: {
      date: boardDate(),
      minutes: 30,
      surgeonId,
      roomIds: [...deployment.rooms],
      from: '07:00',
      to: '17:00',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      urgency: 'elective',
      limit: 5,
    },
  }),
  cases: ({ site }) => ({ path: `${site}/cases?date=${boardDate()}&days=14&limit=200` }),
  searchCases: async (world, author) => {
    const { patientRef } = await world.book(author);
    return { path: `${world.site}/cases/search`, body: { patientRef, date: boardDate(), days: 14 } };
  },
  case: async (world, author) => ({ path: `${world.site}/cases/${(await world.book(author)).id}` }),

  placeHold: (world, author) => ({
    path: `${world.site}/holds`,
    body: { ...world.place(), ...world.detailsFor(author), equipment: [], bed: null, urgency: 'elective' },
  }),
  changeCase: onCase('held', '', ({ version, title }) => ({
    version,
    title,
    minutes: 25,
    equipment: [],
    bed: null,
    to: 'scheduled',
  })),
  extendHold: onCase('held', '/extend'),
  takeOverHold: onCase('held', '/takeover'),
  confirmCase: onCase('held', '/confirm', () => ({ to: 'scheduled' })),
  releaseHold: onCase('held', '/release', () => ({ reason: 'Not needed', reasonCode: 'not_needed' })),
  addToDepot: (world, author) => ({ path: `${world.site}/cases`, body: world.detailsFor(author) }),
  placeCase: onCase('depot', '/place', ({ version }, world) => ({ version, ...world.place() })),
  moveCase: onCase('booked', '/move', ({ version, roomId, start }) => ({
    version,
    roomId,
    start: addMinutes(start ?? '', 60),
  })),
  bumpCase: onCase('booked', '/bump', ({ version }) => ({ version, reason: 'Emergency' })),
  cancelCase: onCase('booked', '/cancel', ({ version }) => ({ version, reason: 'Patient is ill' })),
  voidCase: onCase('booked', '/void', ({ version }) => ({ version, reason: 'Entered twice' })),
  recordMilestone: onCase('booked', '/milestones', () => ({
    milestone: 'in_holding',
    at: new Date().toISOString(),
  })),
  moveCases: async (world, author) => {
    const moves = await Promise.all(
      [1, 2].map(async () => {
        const { id, version, roomId, start } = await world.book(author);
        return { caseId: id, version, roomId, start: addMinutes(start ?? '', 60) };
      }),
    );
    return { path: `${world.site}/moves`, body: { moves } };
  },
  swapCases: async (world, author) => {
    const [first, second] = [await world.book(author), await world.book(author)];
    const versionOf = ({ id, version }: Case) => ({ caseId: id, version });
    return { path: `${world.site}/swaps`, body: { first: versionOf(first), second: versionOf(second) } };
  },

  resources: ({ site }) => ({ path: `${site}/resources?kind=room` }),
  createResource: ({ site }) => ({
    path: `${site}/resources`,
    body: { kind: 'equipment', name: 'Tower', capacity: 2, attributes: { area: 'Main' } },
  }),
  changeResource: async (world) => {
    const { id, version } = await world.resource();
    const hours = [{ days: [1, 2], open: '07:00', close: '17:00' }];
    const body = { version, name: 'Laser 2', capacity: 3, attributes: { capabilities: ['laser'], hours } };
    return { path: `${world.site}/resources/${id}`, body };
  },
  closures: ({ site }) => ({ path: `${site}/closures?date=${boardDate()}&days=14` }),
  createClosure: (world) => ({ path: `${world.site}/closures`, body: repairOf(world) }),
  changeClosure: async (world) => {
    const { id, version, start, end } = await world.closure();
    return {
      path: `${world.site}/closures/${id}`,
      body: { version, start, end: addMinutes(end, -10), reason: 'Longer cleaning' },
    };
  },
  removeClosure: async (world) => ({ path: `${world.site}/closures/${(await world.closure()).id}` }),
  procedures: ({ site }) => ({ path: `${site}/procedures` }),
  createProcedure: ({ site, deployment }) => ({
    path: `${site}/procedures`,
    body: {
      ...procedure,
      spread: 20,
      capabilities: ['laser'],
      equipment: [{ resourceId: deployment.equipment[0], quantity: 1 }],
      bed: { resourceId: deployment.beds, nights: 1 },
    },
  }),
  changeProcedure: async (world) => {
    const { id, version } = await world.newProcedure();
    return {
      path: `${world.site}/procedures/${id}`,
      body: { version, name: 'Umbilical hernia', minutes: 55 },
    };
  },
  blockTemplates: ({ site }) => ({ path: `${site}/block-templates` }),
  previewBlocks: (world) => ({
    path: `${world.site}/block-templates/preview`,
    body: { kind: 'template', after: world.blockRule() },
  }),
  createBlockTemplate: (world) => ({ path: `${world.site}/block-templates`, body: world.blockRule() }),
  changeBlockTemplate: async (world) => {
    const { id, version, plan } = await world.blockTemplate();
    return {
      path: `${world.site}/block-templates/${id}`,
      body: { version, plan: { ...plan, end: '11:00' }, leave: [] },
    };
  },
  removeBlockTemplate: async (world) => {
    const { id, version } = await world.blockTemplate();
    return { path: `${world.site}/block-templates/${id}/remove`, body: { version } };
  },
  createHoliday: (world) => ({ path: `${world.site}/holidays`, body: holidayOn() }),
  changeHoliday: async (world) => {
    const { id, version } = await world.holiday();
    return { path: `${world.site}/holidays/${id}`, body: { version, name: 'Founders’ Day' } };
  },
  removeHoliday: async (world) => {
    const { id, version } = await world.holiday();
    return { path: `${world.site}/holidays/${id}/remove`, body: { version } };
  },
  recurringClosures: ({ site }) => ({ path: `${site}/recurring-closures` }),
  previewRecurringClosure: ({ site, deployment }) => ({
    path: `${site}/recurring-closures/preview`,
    body: cleaning(deployment.beds),
  }),
  createRecurringClosure: ({ site, deployment }) => ({
    path: `${site}/recurring-closures`,
    body: cleaning(deployment.beds),
  }),
  changeRecurringClosure: async (world) => {
    const { id, version } = await world.recurringClosure();
    return { path: `${world.site}/recurring-closures/${id}`, body: { version, end: '05:00' } };
  },
  removeRecurringClosure: async (world) => ({
    path: `${world.site}/recurring-closures/${(await world.recurringClosure()).id}`,
  }),
  casesInTheWay: async (world, author) => {
    const { roomId, start, end } = await world.book(author);
    const body = { resourceId: roomId, start, end, reason: 'Repair' };
    return { path: `${world.site}/cases-in-the-way`, body: { command: 'createClosure', body } };
  },
  undoChange: async (world) => ({
    path: `${world.site}/undo-change`,
    body: { change: { command: 'removeClosure', id: (await world.closure()).id }, putBack: [] },
  }),
  settings: ({ site }) => ({ path: `${site}/settings` }),
  updateOffer: ({ deployment }) => ({
    path: `/updates?site=${deployment.siteId}&workstation=${randomUUID()}`,
  }),
  changeSettings: async (world) => ({
    path: `${world.site}/settings`,
    body: {
      version: (await world.head()).version,
      name: 'Test Hospital',
      setupMinutes: 10,
      holdSeconds: 120,
    },
  }),
  changeReasons: async (world) => {
    const { version, reasons } = await world.head();
    return { path: `${world.site}/reasons`, body: { version, reasons } };
  },
  users: ({ site }) => ({ path: `${site}/users?status=active&limit=200` }),
  changeUser: async (world) => ({
    path: `${world.site}/users/${await world.member()}`,
    body: { version: 1, role: 'office', surgeonIds: [world.deployment.surgeons[2]], status: 'active' },
  }),
  resetPassword: async (world) => ({
    path: `${world.site}/users/${await world.member()}/password-reset`,
    body: { version: 1 },
  }),
  invitations: ({ site }) => ({ path: `${site}/invitations` }),
  createInvitation: ({ site, deployment }) => ({
    path: `${site}/invitations`,
    body: {
      email: `invited-${randomUUID()}@example.test`,
      role: 'office',
      surgeonIds: [deployment.surgeons[0]],
    },
  }),
  revokeInvitation: async (world) => ({
    path: `${world.site}/invitations/${(await world.invitation()).invitation.id}`,
  }),
  readInvitation: async (world) => ({
    path: '/invitations/read',
    body: { secret: (await world.invitation()).secret },
  }),
  acceptInvitation: async (world) => ({
    path: '/invitations/accept',
    body: { secret: (await world.invitation()).secret, name: 'New Person', password },
  }),
  sessions: ({ site, deployment }) => ({ path: `${site}/users/${deployment.users.coordinator}/sessions` }),
  endSessions: async (world) => ({
    path: `${world.site}/users/${await world.member()}/sessions/end`,
    body: { session: null },
  }),
  registerDevice: ({ site }) => ({
    path: `${site}/devices`,
    body: { id: randomUUID(), name: 'OR desk' },
  }),
  devices: ({ site, deployment }) => ({
    path: `${site}/devices?person=${deployment.users.coordinator}&limit=200`,
  }),
  retireDevice: async (world) => ({ path: `${world.site}/devices/${await world.device()}` }),
  readDeviceSecret: async (world) => {
    const device = await world.device();
    await (
      await world.deskOf(world.deployment.users.administrator)
    ).delete(`${world.site}/devices/${device}`);
    return { path: `${world.site}/devices/${device}/secret` };
  },
  exportList: ({ site }) => ({ path: `${site}/lists?list=people` }),
  exportCases: ({ site }) => ({ path: `${site}/case-list?date=${boardDate()}&days=14` }),
  exportSite: ({ site }) => ({ path: `${site}/export?since=${boardDate()}` }),
  // Refused: the site is not empty.
  importSite: ({ site }) => ({ path: `${site}/import`, body: emptySiteFile() }),
  loadDemo: ({ site }) => ({ path: `${site}/demo`, body: {} }),
  audit: ({ site, deployment }) => ({
    path: `${site}/audit?chain=commands&limit=200&person=${deployment.users.coordinator}&from=2026-01-01T00:00:00.000Z`,
  }),
  exportAudit: ({ site }) => ({ path: `${site}/audit/file?chain=commands&to=2026-01-01T00:00:00.000Z` }),
  verifyAudit: ({ site }) => ({ path: `${site}/audit/verification?chain=commands` }),
  uploadImport: ({ site }) => ({
    path: `${site}/imports?id=${randomUUID()}&kind=equipment&file=equipment.csv`,
    body: Buffer.from('ID,Name\nA,\n'),
  }),
  imports: ({ site }) => ({ path: `${site}/imports` }),
  importLines: async (world) => ({
    path: `${world.site}/imports/${await world.importFile()}/lines?verdict=refuse&limit=200`,
  }),
  checkImport: async (world) => ({
    path: `${world.site}/imports/${await world.importFile()}/check`,
    body: { mapping: ['externalId', 'name'] },
  }),
  applyImport: async (world) => ({
    path: `${world.site}/imports/${await world.importFile()}/apply`,
    body: { mode: 'good' },
  }),
  cancelImport: async (world) => ({ path: `${world.site}/imports/${await world.importFile()}/cancel` }),
} satisfies Record<RouteName, Recipe>;

const emptySiteFile = () =>
  Buffer.from(
    JSON.stringify({
      format: 'slate-site',
      version: siteDocumentVersion,
      exportedAt: new Date().toISOString(),
      site: { name: 'Imported', timeZone: 'UTC', settings: defaultSettings },
      ...Object.fromEntries(siteDocumentLists.map((name) => [name, []])),
    }),
  );

export const requestOf = async (name: RouteName, world: World, author: Author): Promise<Request> =>
  requests[name](world, author);
