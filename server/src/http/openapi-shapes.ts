import * as board from '@slate/shared/contract/reads';
import * as cases from '@slate/shared/cases';
import * as changes from '@slate/shared/changes';
import * as commands from '@slate/shared/contract/cases';
import * as blocks from '@slate/shared/block-templates';
import { auditEntry } from '@slate/shared/contract/audit';
import { device } from '@slate/shared/contract/devices';
import { importFile, importLine } from '@slate/shared/contract/imports';
import { member } from '@slate/shared/contract/people';
import type { Route } from '@slate/shared/contract/route';
import * as errors from '@slate/shared/errors';
import * as identity from '@slate/shared/contract/identity';
import { actor } from '@slate/shared/fields';
import { role } from '@slate/shared/permissions';
import { recurringClosure } from '@slate/shared/recurring-closures';
import * as resources from '@slate/shared/resources';
import * as sites from '@slate/shared/sites';
import { instant, plannedTime, timeRange } from '@slate/shared/time';
import { z } from 'zod';

export type JsonSchema = { [key: string]: unknown };

/** Shapes with a name in the document. All others are written out where they are used. */
const namedShapes: Record<string, z.ZodType> = {
  Actor: actor,
  Alternative: errors.alternative,
  AuditEntry: auditEntry,
  BedNights: resources.bedNights,
  Block: sites.block,
  Blocker: errors.blocker,
  BlockPlan: blocks.blockPlan,
  BlockTemplate: blocks.blockTemplate,
  Board: board.board,
  BusyTime: cases.busyTime,
  Case: cases.surgicalCase,
  CaseHistory: board.caseHistory,
  CaseReply: commands.caseReply,
  CasesPage: board.casesPage,
  Change: changes.change,
  ChangesBatch: changes.changesBatch,
  Closure: sites.closure,
  Device: device,
  ErrorCode: errors.errorCode,
  FieldError: errors.fieldError,
  Holiday: blocks.holiday,
  ImportFile: importFile,
  ImportLine: importLine,
  Instant: instant,
  Me: identity.me,
  Member: member,
  Opening: board.opening,
  PlannedTime: plannedTime,
  Problem: errors.problem,
  Procedure: resources.procedure,
  RecurringClosure: recurringClosure,
  Quantity: resources.quantityOf,
  Resource: resources.resource,
  ResourceAttributes: resources.resourceAttributes,
  Role: role,
  Site: sites.site,
  SiteSettings: sites.siteSettings,
  TimeRange: timeRange,
  Tokens: identity.tokens,
};

const descriptions: Record<string, JsonSchema> = {
  Instant: {
    description: 'A date and time with an offset. Replies are in UTC with milliseconds.',
    examples: ['2026-11-23T07:30:00.000Z'],
  },
  PlannedTime: {
    description:
      'A whole minute: an instant, or local time of the site without an offset. A local time that a clock change skips is refused. For one that occurs twice, the refusal gives both instants in `errors[].readings`; send one of them instead.',
    examples: ['2026-11-23T07:30'],
  },
  TimeRange: {
    description: 'Half-open: a range that ends at 12:00 and one that starts at 12:00 do not overlap.',
  },
  Problem: {
    description:
      'Why a request was refused. Decide by `code`; `detail` is a sentence for people and may change.',
  },
};

/** Every shape of these routes as JSON Schema: the named ones, and a function that refers to any of them. */
export function createShapes(
  routes: readonly (readonly [name: string, route: Route])[],
  more: Readonly<Record<string, z.ZodType>> = {},
) {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...namedShapes, ...more })) {
    if (!registry.has(schema)) registry.add(schema, { id });
  }
  for (const [name, { params, query, body, reply }] of routes) {
    const isNamed = (schema: z.ZodType | null | undefined) => !schema || registry.has(schema);
    // Bodies get names, because client generators create a type for each.
    if (body && !isNamed(body)) registry.add(body, { id: `${name[0]?.toUpperCase()}${name.slice(1)}Body` });
    for (const [part, schema] of Object.entries({ params, query, reply })) {
      if (schema && !isNamed(schema)) registry.add(schema, { id: `${name}.${part}` });
    }
  }
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  const byId = Object.entries(schemas).map(([id, schema]): [string, JsonSchema] => {
    const { $schema: _dialect, $id: _address, id: _id, ...rest } = schema as JsonSchema;
    return [id, { ...rest, ...descriptions[id] }];
  });
  const shapes = new Map(byId);

  return {
    components: Object.fromEntries(byId.filter(([id]) => !id.includes('.')).toSorted(byName)),
    mention(schema: z.ZodType): JsonSchema {
      const { id } = registry.get(schema) ?? { id: '' };
      const found = shapes.get(id);
      if (!found) throw new Error(`The shape ${id || 'without a name'} belongs to no route.`);
      return id.includes('.') ? found : { $ref: `#/components/schemas/${id}` };
    },
  };
}
export type Shapes = ReturnType<typeof createShapes>;

/** Removes patterns that a format already implies, and the bounds of safe integers. */
function tidy(schema: JsonSchema) {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
