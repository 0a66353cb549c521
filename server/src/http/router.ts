import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import { deviceHeader, positionHeader } from '@slate/shared/contract/devices';
import type { Route } from '@slate/shared/contract/route';
import type { Problem } from '@slate/shared/errors';
import { scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { limitKeyOf } from '../domain/address.ts';
import { invalid, notFound, Refusal } from '../domain/refusal.ts';
import type { Attempt, RefusalAudit } from '../use-cases/audit/entries.ts';
import { viewOf } from '../domain/visibility.ts';
import { forbidden } from '../commands/command.ts';
import type { CommandReply, CommandRequest } from '../commands/context.ts';
import type { Authority } from '../identity/authority.ts';
import { charge } from '../limits.ts';
import type { TakeTokens } from '../limits.ts';
import type { Answer, AtSite, Call, FileAnswer, Handlers, SignedIn } from './call.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { bodyOf, parse, readFile } from './parse.ts';
import { problemOf, sendProblem } from './problem.ts';
import type { InTurn } from './turns.ts';

export type RouterDeps = {
  handlers: Handlers;
  authority: Authority;
  verifyToken: (token: string) => Promise<SignedIn>;
  auditRefusal: RefusalAudit;
  limits: Record<'global' | 'register' | 'read' | 'booking', TakeTokens>;
  /** Limits how many large reads of an account run at the same time. */
  inTurn: InTurn;
};

const uuid = z.uuid().toLowerCase();
/** At most 15 digits: every client reads such a number exactly. */
const position = z.string().regex(/^[1-9]\d{0,14}$/);
const noQuery = z.strictObject({});

/** The contract as Express routes: parse, authorize, call, answer. Only routes of the contract exist. */
export function createRouter(deps: RouterDeps): Router {
  const router = Router({ caseSensitive: true });
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const handle = deps.handlers[name] as (call: Call<RouteName>) => Promise<Answer<RouteName>>;
    router[route.method](route.path, async (request, response) => {
      response.locals.route = route.path;
      const attempt: Attempt = { name, ids: {} };
      try {
        const call = await callOf(deps, name, route, request, attempt);
        const respond = async () => {
          const answer = await handle(call);
          if ('command' in answer) await auditReplay(deps, attempt, answer.command);
          await send(response, route, answer);
        };
        await (route.limit === 'read' ? deps.inTurn(call.signedIn.userId, respond) : respond());
      } catch (error) {
        if (error instanceof Refusal) await deps.auditRefusal(attempt, { code: error.code, ...error.parts });
        throw error;
      } finally {
        response.locals.userId = attempt.userId;
      }
    });
  }
  refuseOtherMethods(router, Object.values(routes));
  return router;
}

async function callOf(
  deps: RouterDeps,
  name: RouteName,
  route: Route,
  request: Request,
  attempt: Attempt,
): Promise<Call<RouteName>> {
  const address = request.ip ?? '';
  // A whole hospital may share one address, so signed-in callers are counted by account.
  const network = limitKeyOf(address);
  const signedIn =
    route.access === 'public'
      ? undefined
      : await signIn(deps, request).catch(async (error: unknown) => {
          await charge(deps.limits.global, network);
          throw error;
        });
  const caller = signedIn?.userId ?? network;
  await charge(deps.limits.global, caller);
  if (signedIn) attempt.userId = signedIn.userId;

  const params = parse(route.params, request.params);
  const atSite =
    signedIn && typeof params.site === 'string' ? await membershipAt(deps, signedIn, params.site) : undefined;
  if (atSite) {
    const { site: siteId = '', ...ids } = params as Record<string, string>;
    attempt.caller = { siteId, actor: { id: atSite.userId, name: atSite.name } };
    attempt.ids = ids;
    checkRole(route, atSite.role);
  }
  const key = route.command ? keyOf(request) : undefined;
  const queued = route.command ? queuedOf(request) : undefined;
  if (key !== undefined) attempt.ids.key = key;
  // Parse the body after the role check, and before anything is loaded for it.
  const query = parse(route.query ?? noQuery, request.query);
  const body = route.body && parse(route.body, bodyOf(request));
  if (route.limit && route.limit !== 'auth') {
    await charge(deps.limits[route.limit], caller, route.cost?.((body ?? query) as never));
  }
  const file = route.file && (await readFile(request, route.file));
  const { patientRef } = { ...(body as object | undefined) } as { patientRef?: unknown };
  if (typeof patientRef === 'string') attempt.patientRef = patientRef;

  return {
    params,
    query,
    body,
    file,
    address,
    etag: request.headers['if-none-match'],
    get signedIn() {
      return required(signedIn);
    },
    get atSite() {
      return required(atSite);
    },
    get command() {
      const { siteId, userId } = required(atSite);
      const fingerprint = fingerprintOf(route, request, file ?? JSON.stringify(canonical(body ?? null)));
      return { siteId, userId, key: required(key), name, fingerprint, queued };
    },
  } as Call<RouteName>;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The contract does not declare what this handler reads.');
  return value;
}

async function signIn({ verifyToken, authority }: RouterDeps, request: Request): Promise<SignedIn> {
  const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
  if (scheme !== 'Bearer' || !token) throw new Refusal('unauthenticated', 'Sign in first.');
  const signedIn = await verifyToken(token);
  if (!(await authority.accessOf(signedIn.userId, signedIn.sessionId))) {
    throw new Refusal('unauthenticated', 'This session has ended. Sign in again.');
  }
  return signedIn;
}

async function membershipAt({ authority }: RouterDeps, signedIn: SignedIn, siteId: string): Promise<AtSite> {
  const access = await authority.accessOf(signedIn.userId, signedIn.sessionId);
  const member = access?.roles.get(siteId);
  // To the caller, sites without a role do not exist.
  if (!member) throw notFound('site');
  const { role, surgeonIds } = member;
  return { ...signedIn, siteId, role, surgeonIds, view: viewOf(role, signedIn.userId, surgeonIds) };
}

function checkRole({ access }: Route, role: Role) {
  if (access !== 'public' && access !== 'signed-in' && scopeOf(role, access) === 'none')
    throw forbidden(role);
}

/** A replayed refusal reveals the same again, so it is recorded again. */
async function auditReplay({ auditRefusal }: RouterDeps, attempt: Attempt, { status, body }: CommandReply) {
  if (status >= 400) await auditRefusal(attempt, body as Pick<Problem, 'code' | 'blockers'>);
}

function keyOf(request: Request): string {
  const parsed = uuid.safeParse(request.headers['idempotency-key']);
  if (parsed.success) return parsed.data;
  throw invalid(
    'Idempotency-Key',
    'Required for every command: a new UUID for each one, and the same UUID when you repeat it.',
  );
}

/** A queued command has both headers, any other command neither. */
function queuedOf({ headers }: Request): CommandRequest['queued'] {
  const sentHeaders = [headers[deviceHeader.toLowerCase()], headers[positionHeader.toLowerCase()]];
  if (sentHeaders.every((each) => each === undefined)) return undefined;
  const device = uuid.safeParse(sentHeaders[0]);
  if (!device.success) {
    throw invalid(deviceHeader, `Required with ${positionHeader}: the id of a registered device.`);
  }
  const n = position.safeParse(sentHeaders[1]);
  if (!n.success) {
    throw invalid(positionHeader, `Required with ${deviceHeader}: a whole number of at least 1, in digits.`);
  }
  return { device: device.data, n: Number(n.data) };
}

const fingerprintOf = (route: Route, request: Request, content: string | Uint8Array) =>
  createHash('sha256').update(`${route.method} ${request.path} `).update(content).digest();

/** Sorts the keys, so that their order does not matter. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, canonical(each)]),
  );
}

async function send(response: Response, route: Route, answer: Answer<RouteName>) {
  if ('stream' in answer) {
    await sendFile(response, answer);
  } else if ('unchanged' in answer) {
    response.status(304).setHeader('ETag', answer.unchanged);
    response.end();
  } else if ('json' in answer) {
    response.setHeader('ETag', answer.etag);
    sendJson(response, route.status, answer.json);
  } else if ('command' in answer) {
    const { status, body, replayed, position: used } = answer.command;
    response.locals.isReplay = replayed;
    if (replayed) response.setHeader('Idempotent-Replayed', 'true');
    if (used !== undefined) response.setHeader(positionHeader, String(used));
    if (status < 400) sendJson(response, status, JSON.stringify(body));
    else
      sendProblem(
        response,
        problemOf(body as Parameters<typeof problemOf>[0], response.locals.requestId as string),
      );
  } else if (answer.reply === undefined || route.reply === null) {
    response.status(route.status).end();
  } else {
    sendJson(response, route.status, JSON.stringify(answer.reply));
  }
}

/** The first part is made before the headers are sent, so that a failure until then is an ordinary refusal. */
async function sendFile(response: Response, { stream, type, fileName }: FileAnswer) {
  const first = await stream.next();
  response.status(200).setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`);
  const parts = async function* () {
    if (!first.done) yield first.value;
    yield* stream;
  };
  try {
    await pipeline(parts, response);
  } catch (error) {
    // The caller has left; an error of ours cuts the connection, so that no half of a file looks whole.
    if (!isClosedEarly(error)) throw error;
  } finally {
    // A pipeline that fails before it starts to read doesn't end the stream, which may keep a connection.
    await stream.return();
  }
}

const isClosedEarly = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

function sendJson(response: Response, status: number, json: string) {
  response.status(status).setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(json);
}
