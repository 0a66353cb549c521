import { scopeOf } from '@slate/shared/permissions';
import type { Queryable } from '../db/query.ts';
import { Refusal } from '../domain/refusal.ts';
import { addToDepot } from '../use-cases/cases/add-to-depot.ts';
import { bumpCase, cancelCase, voidCase } from '../use-cases/cases/take-off-board.ts';
import { changeCase } from '../use-cases/cases/change-case.ts';
import { mergeFacts } from '../use-cases/cases/facts.ts';
import {
  changeBlockTemplate,
  changeHoliday,
  createBlockTemplate,
  createHoliday,
  listBlockTemplates,
  previewBlocks,
  removeBlockTemplate,
  removeHoliday,
} from '../use-cases/catalogue/block-templates.ts';
import {
  changeClosure,
  createClosure,
  listClosures,
  removeClosure,
} from '../use-cases/catalogue/closures.ts';
import { casesInTheWay, undoChange } from '../use-cases/catalogue/planned-change.ts';
import { changeProcedure, createProcedure, listProcedures } from '../use-cases/catalogue/procedures.ts';
import {
  changeRecurringClosure,
  createRecurringClosure,
  listRecurringClosures,
  previewRecurringClosure,
  removeRecurringClosure,
} from '../use-cases/catalogue/recurring-closures.ts';
import { changeResource, createResource, listResources } from '../use-cases/catalogue/resources.ts';
import { changeReasons, changeSettings, readSettings } from '../use-cases/catalogue/settings.ts';
import type { CommandDeps, CommandReply } from '../commands/context.ts';
import {
  applyImport,
  cancelImport,
  checkImport,
  listImportLines,
  listImports,
  uploadImport,
} from '../use-cases/imports/stage-import.ts';
import { extendHold, releaseHold, takeOverHold } from '../use-cases/cases/holds.ts';
import { listCases } from '../use-cases/reads/list-cases.ts';
import { listMembers } from '../use-cases/people/members.ts';
import { placeCase } from '../use-cases/cases/place-case.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { exportAudit, readAudit } from '../use-cases/audit/entries.ts';
import { verifyNext } from '../use-cases/audit/verify-audit.ts';
import type { BoardReader } from '../use-cases/reads/read-board.ts';
import { readCase } from '../use-cases/reads/read-case.ts';
import { readChanges } from '../realtime/read-changes.ts';
import { changePassword, readMe, readSites, register } from '../identity/account.ts';
import { acceptInvitation, readInvitation } from '../identity/accept-invitation.ts';
import { login } from '../identity/login.ts';
import type { IdentityDeps } from '../identity/login.ts';
import { logout, refreshSession } from '../identity/sessions.ts';
import { needsSetUp, setUp } from '../identity/set-up.ts';
import { changeMember } from '../use-cases/people/change-member.ts';
import { listDevices, readDeviceSecret, registerDevice, retireDevice } from '../use-cases/people/devices.ts';
import { endSessions, listSessions } from '../use-cases/people/sessions.ts';
import { createInvitation, listInvitations, revokeInvitation } from '../use-cases/people/invitations.ts';
import { resetPassword } from '../use-cases/people/temporary-password.ts';
import { recordMilestone } from '../use-cases/cases/record-milestone.ts';
import type { ReadRecorder } from '../use-cases/audit/entries.ts';
import type { Pseudonym } from '../identity/secrets.ts';
import { offerUpdate } from '../use-cases/reads/offer-update.ts';
import type { ReadPublished } from '../use-cases/reads/offer-update.ts';
import { searchOpenings } from '../use-cases/reads/search-openings.ts';
import { moveCases, swapCases } from '../use-cases/cases/move-cases.ts';
import { exportFileName, exportSite } from '../use-cases/transfer/export-site.ts';
import { exportCases, exportList } from '../use-cases/transfer/export-list.ts';
import { importSite, loadDemo } from '../use-cases/transfer/import-site.ts';
import { readSiteDocument } from '../use-cases/transfer/read-site-document.ts';
import type { AtSite, Handlers } from './call.ts';

export type HandlerDeps = {
  commands: CommandDeps;
  db: Queryable;
  identity: IdentityDeps;
  readBoard: BoardReader;
  reads: ReadRecorder;
  pseudonym: Pseudonym;
  readPublished: ReadPublished;
};

/** The handler of each route: one line from the parsed call to the use case. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const { commands, db, identity, readBoard, reads, pseudonym, readPublished } = deps;
  const done = async (command: Promise<CommandReply>) => ({ command: await command });

  /** Records a read of patients before its answer is sent. Callers who see no patients are not recorded. */
  const record = (caller: AtSite, action: string, detail: Record<string, unknown>) =>
    scopeOf(caller.role, 'patients.read') === 'none'
      ? Promise.resolve()
      : reads.record({
          siteId: caller.siteId,
          actor: { id: caller.userId, name: caller.name },
          action,
          detail,
        });

  return {
    register: async ({ body, address }) => ({ reply: await register(identity, body, address) }),
    login: async ({ body, address }) => ({ reply: await login(identity, body, address) }),
    changePassword: async ({ body, address }) => ({ reply: await changePassword(identity, body, address) }),
    refresh: async ({ body }) => ({ reply: await refreshSession(identity, body.refreshToken) }),
    logout: async ({ body }) => {
      await logout(identity, body.refreshToken);
      return { reply: undefined };
    },
    setUpState: async () => ({ reply: { isWaiting: await needsSetUp(db) } }),
    setUp: async ({ body, address }) => ({ reply: await setUp(identity, body, address) }),
    me: async ({ signedIn }) => ({ reply: await readMe(db, signedIn.userId) }),
    sites: async ({ signedIn }) => ({ reply: { sites: await readSites(db, signedIn.userId) } }),

    board: async ({ atSite, query, etag }) => {
      const board = await readBoard(atSite.siteId, query, atSite.view);
      if (etag === board.etag) return { unchanged: board.etag };
      await record(atSite, 'board', query);
      return { json: board.json(), etag: board.etag };
    },
    changes: async ({ atSite, query }) => {
      const batch = await readChanges(db, atSite.siteId, atSite.view, query);
      if (batch === 'resync') {
        throw new Refusal('resync', 'These changes can’t be sent one by one anymore. Reload the board.');
      }
      if (batch.changes.length > 0) await record(atSite, 'changes', { from: batch.from, to: batch.to });
      return { reply: batch };
    },
    openings: async ({ atSite, body }) => ({
      reply: await searchOpenings(db, atSite.siteId, body, {
        surgeonIds: atSite.view.kind === 'own' ? [...atSite.surgeonIds] : null,
      }),
    }),
    cases: async ({ atSite, query }) => {
      await record(atSite, 'cases', query);
      return { reply: await listCases(db, atSite.siteId, query, atSite.view) };
    },
    searchCases: async ({ atSite, body }) => {
      await record(atSite, 'cases', { ...body, patientRef: pseudonym(atSite.siteId, body.patientRef) });
      return { reply: await listCases(db, atSite.siteId, body, atSite.view) };
    },
    case: async ({ atSite, params }) => {
      const found = await readCase(db, atSite.siteId, params.case, atSite.view);
      await record(atSite, 'case', { case: params.case });
      return { reply: found };
    },

    placeHold: ({ command, body }) => done(placeHold(commands, command, body)),
    changeCase: ({ command, params, body }) =>
      done((body.version === undefined ? mergeFacts : changeCase)(commands, command, params.case, body)),
    extendHold: ({ command, params }) => done(extendHold(commands, command, params.case)),
    takeOverHold: ({ command, params }) => done(takeOverHold(commands, command, params.case)),
    confirmCase: ({ command, params, body }) => done(changeCase(commands, command, params.case, body)),
    releaseHold: ({ command, params, body }) => done(releaseHold(commands, command, params.case, body)),
    addToDepot: ({ command, body }) => done(addToDepot(commands, command, body)),
    placeCase: ({ command, params, body }) => done(placeCase(commands, command, params.case, body)),
    moveCase: ({ command, params, body }) => done(changeCase(commands, command, params.case, body)),
    bumpCase: ({ command, params, body }) => done(bumpCase(commands, command, params.case, body)),
    cancelCase: ({ command, params, body }) => done(cancelCase(commands, command, params.case, body)),
    voidCase: ({ command, params, body }) => done(voidCase(commands, command, params.case, body)),
    recordMilestone: ({ command, params, body }) =>
      done(recordMilestone(commands, command, params.case, body)),
    moveCases: ({ command, body }) => done(moveCases(commands, command, body)),
    swapCases: ({ command, body }) => done(swapCases(commands, command, body)),

    resources: async ({ atSite, query }) => ({
      reply: { resources: await listResources(db, atSite.siteId, query) },
    }),
    createResource: ({ command, body }) => done(createResource(commands, command, body)),
    changeResource: ({ command, params, body }) =>
      done(changeResource(commands, command, params.resource, body)),
    closures: async ({ atSite, query }) => ({
      reply: { closures: await listClosures(db, atSite.siteId, query, atSite.view) },
    }),
    createClosure: ({ command, body }) => done(createClosure(commands, command, body)),
    changeClosure: ({ command, params, body }) =>
      done(changeClosure(commands, command, params.closure, body)),
    removeClosure: ({ command, params }) => done(removeClosure(commands, command, params.closure)),
    procedures: async ({ atSite }) => ({ reply: { procedures: await listProcedures(db, atSite.siteId) } }),
    createProcedure: ({ command, body }) => done(createProcedure(commands, command, body)),
    changeProcedure: ({ command, params, body }) =>
      done(changeProcedure(commands, command, params.procedure, body)),
    blockTemplates: async ({ atSite }) => ({ reply: await listBlockTemplates(db, atSite.siteId) }),
    previewBlocks: async ({ atSite, body }) => ({ reply: await previewBlocks(db, atSite.siteId, body) }),
    createBlockTemplate: ({ command, body }) => done(createBlockTemplate(commands, command, body)),
    changeBlockTemplate: ({ command, params, body }) =>
      done(changeBlockTemplate(commands, command, params.template, body)),
    removeBlockTemplate: ({ command, params, body }) =>
      done(removeBlockTemplate(commands, command, params.template, body)),
    createHoliday: ({ command, body }) => done(createHoliday(commands, command, body)),
    changeHoliday: ({ command, params, body }) =>
      done(changeHoliday(commands, command, params.holiday, body)),
    removeHoliday: ({ command, params, body }) =>
      done(removeHoliday(commands, command, params.holiday, body)),
    recurringClosures: async ({ atSite }) => ({
      reply: { recurringClosures: await listRecurringClosures(db, atSite.siteId) },
    }),
    previewRecurringClosure: async ({ atSite, body }) => ({
      reply: await previewRecurringClosure(commands, atSite.siteId, body),
    }),
    createRecurringClosure: ({ command, body }) => done(createRecurringClosure(commands, command, body)),
    changeRecurringClosure: ({ command, params, body }) =>
      done(changeRecurringClosure(commands, command, params.recurring, body)),
    removeRecurringClosure: ({ command, params }) =>
      done(removeRecurringClosure(commands, command, params.recurring)),
    casesInTheWay: async ({ atSite, body }) => {
      await record(atSite, 'casesInTheWay', { command: body.command, ...('id' in body && { id: body.id }) });
      return { reply: { cases: await casesInTheWay(commands, atSite, body) } };
    },
    undoChange: ({ command, body }) => done(undoChange(commands, command, body)),
    settings: async ({ atSite }) => ({ reply: { site: await readSettings(db, atSite.siteId) } }),
    changeSettings: ({ command, body }) => done(changeSettings(commands, command, body)),
    changeReasons: ({ command, body }) => done(changeReasons(commands, command, body)),
    users: async ({ atSite, query }) => ({ reply: await listMembers(db, atSite.siteId, query) }),
    changeUser: ({ command, params, body }) => done(changeMember(identity, command, params.user, body)),
    resetPassword: ({ command, params, body }) => done(resetPassword(identity, command, params.user, body)),
    sessions: async ({ atSite, params }) => ({ reply: await listSessions(db, atSite, params.user) }),
    endSessions: ({ command, params, body }) => done(endSessions(commands, command, params.user, body)),
    invitations: async ({ atSite }) => ({ reply: await listInvitations(db, atSite.siteId) }),
    createInvitation: ({ command, body }) => done(createInvitation(identity, command, body)),
    revokeInvitation: ({ command, params }) => done(revokeInvitation(commands, command, params.invitation)),
    readInvitation: async ({ body, address }) => ({ reply: await readInvitation(db, body.secret, address) }),
    acceptInvitation: async ({ body, address }) => ({
      reply: await acceptInvitation(identity, body, address),
    }),
    registerDevice: async ({ atSite, body }) => ({
      reply: await registerDevice(db, atSite.siteId, { id: atSite.userId, name: atSite.name }, body),
    }),
    devices: async ({ atSite, query }) => ({ reply: await listDevices(db, atSite.siteId, query) }),
    retireDevice: ({ command, params }) => done(retireDevice(commands, command, params.device)),
    readDeviceSecret: async ({ atSite, params }) => {
      const found = await readDeviceSecret(db, atSite.siteId, params.device);
      await record(atSite, 'readDeviceSecret', { device: params.device, person: found.device.person.id });
      return { reply: found };
    },
    exportSite: async ({ atSite, query }) => {
      await record(atSite, 'exportSite', query);
      return {
        stream: exportSite(commands.pool, atSite.siteId, query),
        type: 'application/json',
        fileName: await exportFileName(db, atSite.siteId, 'json'),
      };
    },
    exportList: async ({ atSite, query: { list } }) => {
      await record(atSite, 'exportList', { list });
      return {
        stream: exportList(commands.pool, atSite.siteId, list),
        type: 'text/csv',
        fileName: await exportFileName(db, atSite.siteId, 'csv', list),
      };
    },
    exportCases: async ({ atSite, query }) => {
      await record(atSite, 'exportCases', query);
      return {
        stream: exportCases(commands.pool, atSite.siteId, { ...query, limit: 200 }, atSite.view),
        type: 'text/csv',
        fileName: await exportFileName(db, atSite.siteId, 'csv', 'cases'),
      };
    },
    importSite: async ({ command, file }) => {
      const document = await readSiteDocument(file);
      return done(importSite(commands, command, () => document));
    },
    loadDemo: ({ command }) => done(loadDemo(commands, command)),
    uploadImport: async ({ atSite, query, file }) => ({
      reply: {
        import: await uploadImport(
          commands.pool,
          atSite.siteId,
          { id: atSite.userId, name: atSite.name },
          query,
          file,
        ),
      },
    }),
    imports: async ({ atSite }) => {
      await record(atSite, 'imports', {});
      return { reply: { imports: await listImports(db, atSite.siteId) } };
    },
    importLines: async ({ atSite, params, query }) => {
      await record(atSite, 'importLines', { import: params.import, ...query });
      return { reply: await listImportLines(db, atSite.siteId, params.import, query) };
    },
    checkImport: async ({ atSite, params, body }) => ({
      reply: { import: await checkImport(commands.pool, atSite.siteId, params.import, body) },
    }),
    applyImport: ({ command, params, body }) => done(applyImport(commands, command, params.import, body)),
    cancelImport: async ({ atSite, params }) => ({
      reply: { import: await cancelImport(commands.pool, atSite.siteId, params.import) },
    }),
    audit: async ({ atSite, query }) => {
      await record(atSite, 'audit', query);
      return { reply: await readAudit(db, atSite.siteId, query) };
    },
    exportAudit: async ({ atSite, query }) => {
      await record(atSite, 'exportAudit', query);
      return {
        stream: exportAudit(db, atSite.siteId, query),
        type: 'text/csv',
        fileName: await exportFileName(db, atSite.siteId, 'csv', `audit-${query.chain}`),
      };
    },
    verifyAudit: async ({ atSite, query }) => {
      if (query.after === undefined) await record(atSite, 'verifyAudit', query);
      return { reply: await verifyNext(db, atSite.siteId, query) };
    },
    updateOffer: async ({ query }) => ({ reply: await offerUpdate(db, readPublished, query) }),
  };
}
