import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { deviceHeader, positionHeader } from '@slate/shared/contract/devices';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import express from 'express';
import type { NextFunction, Request, Response, Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { loggedNetworkOf } from '../domain/address.ts';
import { notFound } from '../domain/refusal.ts';
import type { Answered } from './metrics.ts';

import { refusalOf, sendRefusal } from './problem.ts';

export type AppDeps = {
  log: Logger;
  /** The routes of the contract, under /api/v1. */
  api: Router;
  /** Health, metrics and documentation. */
  operations: Router;
  /** The files of updates for the desktop program. */
  updates: Router;
  /** The console for browsers. */
  pages: Router;
  allowedOrigins: readonly string[];
  trustedProxies: number;
  /** Called once per answered request. */
  measure: (answered: Answered) => void;
  /** Called for each request that was forwarded by a proxy while none is trusted. */
  onUntrustedProxy: () => void;
};

const bodyLimit = '64kb';

export function createApp(deps: AppDeps) {
  const { log, api, operations, updates, pages, allowedOrigins, trustedProxies, measure, onUntrustedProxy } =
    deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustedProxies);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);

  app.use((request: Request, response: Response, next: NextFunction) => {
    const started = performance.now();
    const requestId = safeRequestId(request.headers['x-request-id']) ?? randomUUID();
    response.locals.requestId = requestId;
    // Read it now: a closed connection has no address.
    const network = loggedNetworkOf(request.ip ?? '');
    response.setHeader('X-Request-Id', requestId);
    response.setHeader(protocolHeader, formatProtocols());
    response.once('close', () => {
      const seconds = (performance.now() - started) / 1000;
      // Log the route, never the address, which may contain ids that point to a person.
      const route = typeof response.locals.route === 'string' ? response.locals.route : 'none';
      const status = response.writableFinished ? response.statusCode : 499;
      const { code, isReplay = false } = response.locals as Partial<Answered>;
      measure({ route, method: request.method, status, seconds, code, isReplay });
      // Probes come every few seconds; the metrics count them.
      const level = response.locals.isProbe ? 'debug' : status >= 500 ? 'error' : 'info';
      log[level](
        {
          requestId,
          method: request.method,
          route,
          status,
          ms: Math.round(seconds * 1e4) / 10,
          user: response.locals.userId as string | undefined,
          network,
        },
        'request',
      );
    });
    next();
  });
  app.use(
    helmet({
      crossOriginResourcePolicy: { policy: 'same-site' },
      // Answers are data and load nothing. The documentation and the console set policies of their own.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
    }),
  );
  app.use(cors(allowedOrigins));
  if (trustedProxies === 0) app.use(noticeProxies(log, onUntrustedProxy));
  app.use(operations);
  // Browsers must not store answers on disk, where they outlast the session.
  app.use('/api/v1', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use('/api/v1', express.json({ limit: bodyLimit, strict: true, verify: checkText }), api);
  app.use(updates);
  app.use(pages);

  app.use((_request: Request, _response: Response) => {
    throw notFound('address');
  });
  // Express recognizes an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const requestId = response.locals.requestId as string;
    const refusal = refusalOf(error);
    // A refusal explains itself; log where an unexpected error came from.
    if (refusal !== error && refusal.status >= 500) log.error({ requestId, err: error }, 'request failed');
    if (response.headersSent) response.destroy();
    else sendRefusal(response, refusal, requestId);
  });
  return app;
}

/** The request id of a proxy or client, if it is safe to log. */
const safeRequestId = (id: string | string[] | undefined) =>
  typeof id === 'string' && /^[\w.-]{1,64}$/.test(id) ? id : undefined;

/** Refuses invalid UTF-8: it would be replaced, and the stored text would differ from the text that was sent. */
function checkText(_request: unknown, _response: unknown, bytes: Buffer) {
  if (!isUtf8(bytes)) throw new Error('The body is not UTF-8.');
}

/** Logs once and counts each time. All clients of a proxy that is not trusted share one address. */
function noticeProxies(log: Logger, onUntrustedProxy: () => void) {
  let isReported = false;
  return (request: Request, _response: Response, next: NextFunction) => {
    if (request.headers['x-forwarded-for'] !== undefined) {
      onUntrustedProxy();
      if (!isReported) {
        log.error(
          'A request came with X-Forwarded-For, but TRUSTED_PROXIES is 0. All clients behind that proxy share one ' +
            'address and its limits. Set TRUSTED_PROXIES to the number of proxies in front of this server.',
        );
      }
      isReported = true;
    }
    next();
  };
}

function cors(allowed: readonly string[]) {
  return (request: Request, response: Response, next: NextFunction) => {
    const { origin } = request.headers;
    if (origin !== undefined && allowed.includes(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Vary', 'Origin');
      response.setHeader(
        'Access-Control-Expose-Headers',
        `Content-Disposition, ETag, Idempotent-Replayed, Retry-After, X-Request-Id, ${positionHeader}, ${protocolHeader}`,
      );
      if (request.method === 'OPTIONS') {
        response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE');
        response.setHeader(
          'Access-Control-Allow-Headers',
          `Authorization, Content-Type, Idempotency-Key, If-None-Match, ${deviceHeader}, ${positionHeader}, X-Request-Id`,
        );
        response.setHeader('Access-Control-Max-Age', '600');
        response.status(204).end();
        return;
      }
    }
    next();
  };
}
