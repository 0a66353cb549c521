import type { Request, Response, Router } from 'express';
import { Refusal } from '../domain/refusal.ts';

type Known = { readonly method: string; readonly path: string };

/**
 * To be called once all routes are in the router: what comes past them to an address that is known was asked for
 * with a method that it does not have. Addresses may overlap, so all that fit say what they have.
 */
export function refuseOtherMethods(router: Router, known: readonly Known[]) {
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
