import { scopeOf } from '@slate/shared/permissions';
import type { Queryable } from '../db/query.ts';
import { Refusal } from '../domain/refusal.ts';
import { addToDepot } from '../use-cases/cases/add-to-depot.ts';
import { bumpCase } from '../use-cases/cases/bump-case.ts';
import { cancelCase } from '../use-cases/cases/cancel-case.ts';
import { changeCase } from '../use-cases/cases/change-case.ts';
import { changeClosure } from '../use-cases/catalogue/change-closure.ts';
import { changeProcedure } from '../use-cases/catalogue/change-procedure.ts';
import { changeResource } from '../use-cases/catalogue/change-resource.ts';
import { changeSettings } from '../use-cases/catalogue/change-settings.ts';
import type { CommandDeps, CommandReply } from '../commands/context.ts';
import { createClosure } from '../use-cases/catalogue/create-closure.ts';
import { createProcedure } from '../use-cases/catalogue/create-procedure.ts';
import { createResource } from '../use-cases/catalogue/create-resource.ts';
import { extendHold } from '../use-cases/cases/extend-hold.ts';
import { listCases } from '../use-cases/reads/list-cases.ts';
import { listClosures } from '../use-cases/catalogue/list-closures.ts';
import { listMembers } from '../use-cases/people/list-members.ts';
import { listProcedures } from '../use-cases/catalogue/list-procedures.ts';
import { listResources } from '../use-cases/catalogue/list-resources.ts';
import type { Identity } from '../use-cases/people/identity.ts';
import { placeCase } from '../use-cases/cases/place-case.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { readAudit } from '../use-cases/audit/read-audit.ts';
import type { BoardReader } from '../use-cases/reads/read-board.ts';
import { readCase } from '../use-cases/reads/read-case.ts';
import { readChanges } from '../realtime/read-changes.ts';
import { readMe, readSites } from '../identity/read-me.ts';
import { readSettings } from '../use-cases/catalogue/read-settings.ts';
import { recordMilestone } from '../use-cases/cases/record-milestone.ts';
import type { ReadRecorder } from '../use-cases/audit/record-reads.ts';
import type { Pseudonym } from '../identity/secrets.ts';
import { releaseHold } from '../use-cases/cases/release-hold.ts';
import { removeClosure } from '../use-cases/catalogue/remove-closure.ts';
import { searchOpenings } from '../use-cases/reads/search-openings.ts';
import { moveCases, swapCases } from '../use-cases/cases/move-cases.ts';
import { takeOverHold } from '../use-cases/cases/take-over-hold.ts';
import { voidCase } from '../use-cases/cases/void-case.ts';
import type { AtSite, Handlers } from './call.ts';

export type HandlerDeps = {
  commands: CommandDeps;
  db: Queryable;
  identity: Identity;
  readBoard: BoardReader;
  reads: ReadRecorder;
  pseudonym: Pseudonym;
};

/** What each route of the contract does: one line from the parsed call to the use-case. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const { commands, db, identity, readBoard, reads, pseudonym } = deps;
  const done = async (command: Promise<CommandReply>) => ({ command: await command });

  /** A read of patients is written down before its answer leaves. Without patients there is nothing to tell. */
  const record = (who: AtSite, action: string, detail: Record<string, unknown>) =>
    scopeOf(who.role, 'patients.read') === 'none'
      ? Promise.resolve()
      : reads.record({ siteId: who.siteId, actor: { id: who.userId, name: who.name }, action, detail });

  return {
    register: async ({ body, address }) => ({ reply: await identity.register(body, address) }),
    login: async ({ body, address }) => ({ reply: await identity.login(body, address) }),
    changePassword: async ({ body, address }) => ({ reply: await identity.changePassword(body, address) }),
    refresh: async ({ body }) => ({ reply: await identity.refresh(body.refreshToken) }),
    logout: async ({ body }) => {
      await identity.logout(body.refreshToken);
      return { reply: undefined };
    },
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
    changeCase: ({ command, params, body }) => done(changeCase(commands, command, params.case, body)),
    extendHold: ({ command, params }) => done(extendHold(commands, command, params.case)),
    takeOverHold: ({ command, params }) => done(takeOverHold(commands, command, params.case)),
    confirmCase: ({ command, params, body }) => done(changeCase(commands, command, params.case, body)),
    releaseHold: ({ command, params }) => done(releaseHold(commands, command, params.case)),
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
    settings: async ({ atSite }) => ({ reply: { site: await readSettings(db, atSite.siteId) } }),
    changeSettings: ({ command, body }) => done(changeSettings(commands, command, body)),
    users: async ({ atSite, query }) => ({ reply: await listMembers(db, atSite.siteId, query) }),
    changeUser: ({ command, params, body }) => done(identity.changeMember(command, params.user, body)),
    resetPassword: ({ command, params, body }) => done(identity.resetPassword(command, params.user, body)),
    audit: async ({ atSite, query }) => {
      await record(atSite, 'audit', query);
      return { reply: await readAudit(db, atSite.siteId, query) };
    },
  };
}
