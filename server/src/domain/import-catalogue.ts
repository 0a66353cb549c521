import type { ListKind } from '@slate/shared/lists/columns';
import { valuesOf } from '@slate/shared/lists/columns';
import { blockTemplate } from '@slate/shared/block-templates';
import type { BlockTemplate } from '@slate/shared/block-templates';
import { isSingular, procedure, resource } from '@slate/shared/resources';
import type { Procedure, Resource, ResourceKind } from '@slate/shared/resources';
import type { LineError, RecordKind } from './import-lines.ts';

// How lines become resources, procedures and block templates.

export const listOfKind = {
  room: 'rooms',
  surgeon: 'surgeons',
  equipment: 'equipment',
  bed: 'beds',
  list: 'lists',
} as const satisfies Record<ResourceKind, ListKind>;

const words = { room: 'room', surgeon: 'surgeon', equipment: 'equipment', bed: 'bed pool', list: 'list' };

const withoutNull = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

const handling = ['transportMinutes', 'reprocessMinutes'] as const;

/** An import shows no cases that would be in the way, so it takes nothing away that they may use. */
function takesNothingAway(before: Resource | null, after: Resource): LineError[] {
  if (!before) return [];
  const where = 'Do it on its page, which shows the cases in the way.';
  return [
    ...(before.active && !after.active
      ? [{ column: 'active', reason: `An import can’t retire ${before.name}. ${where}` }]
      : []),
    ...(after.capacity < before.capacity
      ? [
          {
            column: 'capacity',
            reason: `An import can’t reduce ${before.name} from ${before.capacity} to ${after.capacity}. ${where}`,
          },
        ]
      : []),
    // The claims of booked cases follow these minutes.
    ...handling
      .filter((field) => (before.attributes[field] ?? 0) !== (after.attributes[field] ?? 0))
      .map((field) => ({
        column: field,
        reason: `An import can’t change the transport and the reprocessing of ${before.name}. ${where}`,
      })),
  ];
}

const attributes = [
  'area',
  'service',
  'capabilities',
  'position',
  'hours',
  'setupMinutes',
  'cleanupMinutes',
  ...handling,
];

export const resourceKindOf = (kind: ResourceKind): RecordKind<Resource> => ({
  list: listOfKind[kind],
  word: words[kind],
  valuesOf: valuesOf[listOfKind[kind]],
  build: (before, { name, capacity, active, externalId: _id, ...rest }, id) => ({
    id,
    kind,
    name,
    capacity: isSingular(kind) ? 1 : (capacity ?? 1),
    active: active ?? true,
    attributes: { ...before?.attributes, ...withoutNull(rest) },
    version: (before?.version ?? 0) + 1,
  }),
  schema: resource,
  columnOf: {
    name: 'name',
    capacity: 'capacity',
    ...Object.fromEntries(attributes.map((attribute) => [`attributes.${attribute}`, attribute])),
  },
  keyOf: ({ name }) => name,
  check: takesNothingAway,
});

export const procedureKind: RecordKind<Procedure> = {
  list: 'procedures',
  word: 'procedure',
  valuesOf: valuesOf.procedures,
  build: (before, { bed, nights, externalId: _id, ...values }, id) => ({
    shortName: null,
    spread: 0,
    turnoverByRoom: [],
    capabilities: [],
    equipment: [],
    active: true,
    ...withoutNull(values),
    bed: bed === null || bed === undefined ? null : { resourceId: bed, nights: nights ?? 1 },
    id,
    version: (before?.version ?? 0) + 1,
  }),
  schema: procedure,
  columnOf: {
    ...Object.fromEntries(
      [
        'name',
        'shortName',
        'service',
        'minutes',
        'spread',
        'setupMinutes',
        'cleanupMinutes',
        'turnoverByRoom',
        'capabilities',
        'equipment',
        'bed',
      ].map((field) => [field, field]),
    ),
    'bed.nights': 'nights',
  },
  keyOf: ({ name }) => name,
};

/** A block has no name: an exported one is found by its ID. Exceptions stay as they are. */
export const blockKind: RecordKind<BlockTemplate> = {
  list: 'blocks',
  word: 'block',
  valuesOf: valuesOf.blocks,
  build: (before, { room, start, end, service, surgeons, list, releaseDays, ...rest }, id) => {
    const [surgeonId = null, ...alsoSurgeonIds] = [
      ...new Set<unknown>(Array.isArray(surgeons) ? surgeons : []),
    ];
    const { weekdays, everyWeeks, from, until } = rest;
    return {
      id,
      plan: {
        roomId: room,
        start,
        end,
        service,
        surgeonId,
        alsoSurgeonIds,
        listId: list ?? null,
        releaseDays: releaseDays ?? 7,
      },
      recurrence: { weekdays, everyWeeks: everyWeeks ?? 1, from, until: until ?? null },
      exceptions: before?.exceptions ?? [],
      version: (before?.version ?? 0) + 1,
    };
  },
  schema: blockTemplate,
  columnOf: {
    'plan.roomId': 'room',
    'plan.start': 'start',
    'plan.end': 'end',
    'plan.service': 'service',
    'plan.surgeonId': 'surgeons',
    'plan.alsoSurgeonIds': 'surgeons',
    'plan.listId': 'list',
    'plan.releaseDays': 'releaseDays',
    'recurrence.weekdays': 'weekdays',
    'recurrence.everyWeeks': 'everyWeeks',
    'recurrence.from': 'from',
    'recurrence.until': 'until',
  },
  keyOf: () => null,
};
