import { z } from 'zod';
import { blockTemplate, holiday } from './block-templates.ts';
import { surgicalCase } from './cases.ts';
import { caseState } from './case-state.ts';
import { member } from './contract/people.ts';
import { id } from './fields.ts';
import { listKind } from './lists/columns.ts';
import { recurringClosure } from './recurring-closures.ts';
import { procedure, resource } from './resources.ts';
import { block, closure, site } from './sites.ts';
import { instant, localDate } from './time.ts';

/**
 * Raise it when an older program could misread the file: it then refuses the file as newer. A new field that has a default
 * needs no new number.
 */
export const siteDocumentVersion = 1;

/** The start of every version of the format. */
export const siteDocumentHead = z.object({ format: z.literal('slate-site'), version: z.int().min(1) });

const caseLimit = 999_999_999;

/**
 * Everything of a site in one file: an export, and the input of an import into an empty site. Without passwords, sessions,
 * devices, audit and history, and without holds, which last minutes.
 */
export const siteDocument = z.strictObject({
  format: siteDocumentHead.shape.format,
  version: z.literal(siteDocumentVersion),
  exportedAt: instant,
  /** Without `reasons`, the site keeps its own. */
  site: site.pick({ name: true, timeZone: true, settings: true, reasons: true }),
  resources: z.array(resource),
  procedures: z.array(procedure),
  holidays: z.array(holiday),
  /** `laidUntil`: the last local date up to which the blocks of the template are laid out. */
  blockTemplates: z.array(blockTemplate.extend({ laidUntil: localDate })),
  blocks: z.array(block.extend({ templateId: id.nullable(), templateDate: localDate.nullable() })),
  recurringClosures: z.array(recurringClosure.extend({ laidUntil: localDate })),
  closures: z.array(closure.extend({ recurringId: id.nullable(), recurringDate: localDate.nullable() })),
  people: z.array(
    member
      .pick({ id: true, email: true, name: true, status: true, surgeonIds: true })
      .extend({ role: member.shape.role.unwrap() }),
  ),
  cases: z.array(
    surgicalCase.extend({
      number: z.int().min(1).max(caseLimit),
      state: caseState.exclude(['held', 'expired', 'released', 'voided']),
      expiresAt: z.null(),
    }),
  ),
  /** Of imported records, so that files of the other system go on matching them. `cells`: by column, in the last import. */
  externalIds: z
    .array(
      z.strictObject({
        list: listKind,
        externalId: z.string(),
        recordId: id,
        cells: z.record(z.string(), z.string()),
      }),
    )
    .default([]),
});
export type SiteDocument = z.infer<typeof siteDocument>;

/** The lists of records of the document, in the order in which they are written and read. */
export const siteDocumentLists = [
  'resources',
  'procedures',
  'holidays',
  'blockTemplates',
  'blocks',
  'recurringClosures',
  'closures',
  'people',
  'cases',
] as const satisfies readonly (keyof SiteDocument)[];
