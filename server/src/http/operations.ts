import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { Refusal } from '../domain/refusal.ts';
import { asyncApi } from './asyncapi.ts';
import { createDocs } from './docs.ts';
import { sendUnlessSame, tagOf } from './entity-tag.ts';
import { withTimeout } from './with-timeout.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { refuseOtherMethods } from './other-methods.ts';

type Readiness = { ready: boolean; reasons: string[] };

export type OperationsDeps = {
  metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** Whether this process can serve now, and if not, why. */
  ready: () => Promise<Readiness>;
  version: string;
  /** The token that a monitor must send; without one, only this machine may read the metrics. */
  metricsToken?: string | undefined;
};

const timeoutMs = 1_000;

/** Health, readiness, metrics and documentation, for operators. */
export function createOperations({ metrics, ready, version, metricsToken }: OperationsDeps): Router {
  const router = Router({ caseSensitive: true });
  const addresses: { method: string; path: string }[] = [];
  const get = (path: string, answer: (request: Request, response: Response) => Promise<void> | void) => {
    addresses.push({ method: 'get', path });
    router.get(path, (request, response) => {
      response.locals.route = path;
      response.locals.isProbe = true;
      return answer(request, response);
    });
  };

  // Liveness only: does not check the database, because a restart of this process would not repair it.
  get('/healthz', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.json({ status: 'ok', version });
  });

  const readiness = cacheBriefly(() => readyInTime(ready));
  get('/readyz', async (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const { ready: isReady, reasons } = await readiness();
    if (!isReady) throw new Refusal('unavailable', `Not ready: ${reasons.join(' ')}`, { retryAfter: 1 });
    response.json({ status: 'ready', version });
  });

  get('/metrics', async (request, response) => {
    checkMetricsAccess(request, metricsToken);
    const text = await metrics.text();
    response.setHeader('Content-Type', metrics.contentType);
    response.setHeader('Cache-Control', 'no-store');
    response.end(text);
  });

  const live = asyncApi({ version });
  for (const [path, content] of [
    ['/openapi.json', openApi({ version })],
    ['/asyncapi.json', live],
  ] as const) {
    const body = JSON.stringify(content);
    const document = { body, tag: tagOf(body), type: 'application/json; charset=utf-8' };
    get(path, (request, response) => sendUnlessSame(request, response, document));
  }

  router.use('/api-docs', (_request, response, next) => {
    response.locals.route = '/api-docs';
    next();
  });
  router.use('/api-docs', createDocs(live));
  refuseOtherMethods(router, addresses);
  return router;
}

async function readyInTime(ready: () => Promise<Readiness>): Promise<Readiness> {
  try {
    return await withTimeout(timeoutMs, ready());
  } catch {
    return { ready: false, reasons: [`The database did not answer within ${timeoutMs / 1000} s.`] };
  }
}

/** Shares one result for a moment, so that probes do not load the database. */
function cacheBriefly<Result>(load: () => Promise<Result>, milliseconds = 250) {
  let cached: { at: number; answer: Promise<Result> } | undefined;
  return () => {
    const now = performance.now();
    if (!cached || now - cached.at > milliseconds) cached = { at: now, answer: load() };
    return cached.answer;
  };
}

function checkMetricsAccess({ headers, socket }: Request, token: string | undefined) {
  if (token === undefined) {
    const isFromHere = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
    // A proxy on this machine forwards requests of others.
    const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers);
    // A web page can reach this machine under a name of its own (DNS rebinding), so the host must be one of ours.
    const isOwnName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
    if (isFromHere && !isForwarded && isOwnName) return;
    throw new Refusal(
      'forbidden',
      'Metrics are for this machine only, at localhost. To read them from elsewhere, set METRICS_TOKEN and send it as a bearer token.',
    );
  }
  const [scheme, credentials = ''] = headers.authorization?.split(' ') ?? [];
  if (scheme === 'Bearer' && isSame(credentials, token)) return;
  throw new Refusal('unauthenticated', 'Send the METRICS_TOKEN of this server as bearer token.');
}

const digest = (text: string) => createHash('sha256').update(text).digest();
/** Compares in constant time. */
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
