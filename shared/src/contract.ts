import type { z } from 'zod';
import { auditRoutes } from './contract/audit.ts';
import { blockRoutes } from './contract/blocks.ts';
import { caseRoutes } from './contract/cases.ts';
import { catalogueRoutes } from './contract/catalogue.ts';
import { consequenceRoutes } from './contract/consequences.ts';
import { deviceRoutes } from './contract/devices.ts';
import { identityRoutes } from './contract/identity.ts';
import { invitationRoutes } from './contract/invitations.ts';
import { importRoutes } from './contract/imports.ts';
import { peopleRoutes } from './contract/people.ts';
import { readRoutes } from './contract/reads.ts';
import { recurringClosureRoutes } from './contract/recurring-closures.ts';
import { siteDocumentRoutes } from './contract/site-documents.ts';
import { setUpRoutes } from './contract/set-up.ts';
import { updateRoutes } from './contract/updates.ts';

/**
 * The whole HTTP API. The router, the client, the OpenAPI document and the permission tests are made from this table;
 * a route that is not in it does not exist.
 */
export const routes = {
  ...identityRoutes,
  ...setUpRoutes,
  ...readRoutes,
  ...caseRoutes,
  ...catalogueRoutes,
  ...blockRoutes,
  ...recurringClosureRoutes,
  ...consequenceRoutes,
  ...peopleRoutes,
  ...invitationRoutes,
  ...deviceRoutes,
  ...siteDocumentRoutes,
  ...importRoutes,
  ...auditRoutes,
  ...updateRoutes,
};

export type RouteName = keyof typeof routes;
type Out<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined;
type Part<R, Key extends string> = R extends Record<Key, infer Schema> ? Out<Schema> : undefined;

/** The parsed input of a handler, and its reply. */
export type RouteInput<Name extends RouteName> = {
  params: Part<(typeof routes)[Name], 'params'>;
  query: Part<(typeof routes)[Name], 'query'>;
  body: Part<(typeof routes)[Name], 'body'>;
  /** The bytes of an uploaded file. */
  file: (typeof routes)[Name] extends { file: object } ? Uint8Array : undefined;
};
export type RouteReply<Name extends RouteName> = Part<(typeof routes)[Name], 'reply'>;
