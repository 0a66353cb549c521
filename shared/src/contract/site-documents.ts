import { z } from 'zod';
import { queryDays } from '../fields.ts';
import { site } from '../sites.ts';
import { siteDocument } from '../site-document.ts';
import { localDate } from '../time.ts';
import { atSite, revised } from './route.ts';
import type { Route } from './route.ts';

export const maxSiteDocumentBytes = 32 * 1024 * 1024;

const counts = z.strictObject({
  resources: z.int(),
  procedures: z.int(),
  blocks: z.int(),
  closures: z.int(),
  people: z.int(),
  cases: z.int(),
});
export type SiteCounts = z.infer<typeof counts>;

const imported = revised({
  site,
  imported: counts,
  /** The addresses of people who were left out, because they belong to another site of this installation. */
  leftOut: z.array(z.string()),
});

export const exportQuery = z.strictObject({
  /** Without the cases that happened before this date. */
  since: localDate.optional(),
});
export type ExportQuery = z.infer<typeof exportQuery>;

/** The lists of the administration that are exported. */
export const exportedList = z.enum([
  'rooms',
  'equipment',
  'beds',
  'surgeons',
  'lists',
  'procedures',
  'blocks',
  'holidays',
  'closures',
  'recurring',
  'people',
]);
export type ExportedList = z.infer<typeof exportedList>;

export const siteDocumentRoutes = {
  exportList: {
    method: 'get',
    path: '/sites/:site/lists',
    access: 'site.export',
    limit: 'read',
    cost: () => 30,
    params: atSite,
    summary: 'A list of the administration as CSV',
    query: z.strictObject({ list: exportedList }),
    status: 200,
    reply: null,
    produces: 'text/csv',
  },
  exportCases: {
    method: 'get',
    path: '/sites/:site/case-list',
    access: 'cases.read',
    limit: 'read',
    cost: ({ days }: { days: number }) => 20 + days,
    params: atSite,
    summary: 'The cases of some days as CSV',
    query: z.strictObject({ date: localDate, days: queryDays(366).default(1) }),
    status: 200,
    reply: null,
    produces: 'text/csv',
  },
  exportSite: {
    method: 'get',
    path: '/sites/:site/export',
    access: 'site.export',
    limit: 'read',
    cost: () => 100,
    params: atSite,
    summary: 'Everything of the site as one file',
    query: exportQuery,
    status: 200,
    reply: siteDocument,
  },
  importSite: {
    method: 'post',
    path: '/sites/:site/import',
    access: 'site.import',
    limit: 'read',
    cost: () => 100,
    command: true,
    params: atSite,
    summary: 'Import such a file into an empty site',
    file: { maxBytes: maxSiteDocumentBytes, sentence: 'Export fewer cases: those since a date.' },
    status: 200,
    reply: imported,
  },
  loadDemo: {
    method: 'post',
    path: '/sites/:site/demo',
    access: 'site.import',
    limit: 'read',
    cost: () => 100,
    command: true,
    params: atSite,
    summary: 'Fill an empty site with the demo hospital',
    status: 200,
    reply: imported,
  },
} as const satisfies Record<string, Route>;
