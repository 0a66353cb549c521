import type { Request, Response, Router } from 'express';
import { Refusal } from '../domain/refusal.ts';

type Declared = { readonly method: string; readonly path: string };

/**
 * Call this after all routes: a known address that no route took was requested with a method it does not have.
 * Addresses can overlap, so the methods of all matching routes are listed.
 */
export function refuseOtherMethods(router: Router, known: readonly Declared[]) {
  for (const { method, path } of known) {
    router.all(path, (_request, response, next) => {
      response.locals.route ??= path;
      response.append('Allow', method === 'get' ? ['GET', 'HEAD'] : method.toUpperCase());
      next();
    });
  }
  router.use((request: Request, response: Response, next) => {
    const methods = [response.getHeader('Allow') ?? []].flat();
    if (methods.length === 0) return next();
    const allowed = [...methods, 'OPTIONS'].join(', ');
    response.setHeader('Allow', allowed);
    if (request.method === 'OPTIONS') return response.status(204).end();
    throw new Refusal('method_not_allowed', `${request.method} isn’t supported here. Use one of ${allowed}.`);
  });
}
