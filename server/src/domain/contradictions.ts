import type { BlockPlan } from '@slate/shared/block-templates';
import { isClaiming } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { ListKind } from '@slate/shared/lists/columns';
import type { ResourceKind } from '@slate/shared/resources';
import { siteDocumentLists } from '@slate/shared/site-document';
import type { SiteDocument } from '@slate/shared/site-document';
import { surgeonsOf } from '@slate/shared/sites';
import { overlaps } from '@slate/shared/time';

type Needs = { equipment: readonly { resourceId: string }[]; bed: { resourceId: string } | null };
type Plan = Pick<BlockPlan, 'roomId' | 'surgeonId' | 'alsoSurgeonIds' | 'listId'>;
/** `of`: the kind of the resource, or the list that must have it. */
type Reference = [
  id: string | null,
  of: ResourceKind | 'resource' | 'procedures' | 'blockTemplates' | 'recurringClosures' | 'people' | 'cases',
];

/** The first place where a site document contradicts itself, as a field and a reason; null: none. */
export function contradictionIn(document: SiteDocument): { field: string; reason: string } | null {
  const kinds = new Map<string, ResourceKind>(document.resources.map(({ id, kind }) => [id, kind]));
  const idsOf = new Map<string, ReadonlySet<string>>(
    siteDocumentLists.map((name) => [name, new Set(document[name].map(({ id }) => id))] as const),
  );
  const exists = ([id, of]: Reference) => {
    if (id === null) return true;
    return idsOf.get(of)?.has(id) ?? (of === 'resource' ? kinds.has(id) : kinds.get(id) === of);
  };

  for (const name of siteDocumentLists) {
    if (idsOf.get(name)?.size !== document[name].length)
      return { field: name, reason: 'Two items have the same id.' };
  }
  for (const [field, references] of referencesIn(document)) {
    const missing = references.find((each) => !exists(each));
    if (missing)
      return { field, reason: `Names ${names[missing[1]]} that is not in the file: ${missing[0]}.` };
  }
  for (const name of ['blocks', 'closures', 'cases'] as const) {
    const wrong = document[name].findIndex(
      ({ start, end }) => start !== null && end !== null && start >= end,
    );
    if (wrong >= 0) return { field: `${name}.${wrong}`, reason: 'Ends before it starts.' };
  }
  for (const blocks of Map.groupBy(document.blocks, ({ roomId }) => roomId).values()) {
    const inOrder = blocks.toSorted((a, b) => (a.start < b.start ? -1 : 1));
    const second = inOrder.find((block, n) => n > 0 && overlaps(block, inOrder[n - 1] ?? block));
    if (second) return { field: 'blocks', reason: `Two blocks of one room overlap at ${second.start}.` };
  }
  const numbers = new Set<number>();
  for (const [n, item] of document.cases.entries()) {
    const field = `cases.${n}`;
    if (numbers.has(item.number)) return { field, reason: `Another case has the number ${item.number}.` };
    numbers.add(item.number);
    if (isClaiming(item.state) && !isPlaced(item))
      return { field, reason: 'Is booked, but has no room and time.' };
  }
  return null;
}

const names: Record<Reference[1], string> = {
  room: 'a room',
  surgeon: 'a surgeon',
  equipment: 'equipment',
  bed: 'a bed',
  list: 'a list',
  resource: 'a resource',
  procedures: 'a procedure',
  blockTemplates: 'a block template',
  recurringClosures: 'a recurring closure',
  people: 'a person',
  cases: 'a case',
};

/** The records of an imported list. */
const recordsOf: Record<ListKind, Reference[1]> = {
  rooms: 'room',
  surgeons: 'surgeon',
  equipment: 'equipment',
  beds: 'bed',
  lists: 'list',
  procedures: 'procedures',
  blocks: 'blockTemplates',
  people: 'people',
  cases: 'cases',
};

function* referencesIn(document: SiteDocument): Generator<[field: string, Reference[]]> {
  const needs = ({ equipment, bed }: Needs): Reference[] => [
    ...equipment.map(({ resourceId }): Reference => [resourceId, 'equipment']),
    [bed?.resourceId ?? null, 'bed'],
  ];
  const plan = (of: Plan): Reference[] => [
    [of.roomId, 'room'],
    ...surgeonsOf(of).map((id): Reference => [id, 'surgeon']),
    [of.listId, 'list'],
  ];
  for (const [n, each] of document.procedures.entries()) {
    const rooms = each.turnoverByRoom.map(({ roomId }): Reference => [roomId, 'room']);
    yield [`procedures.${n}`, [...needs(each), ...rooms]];
  }
  for (const [n, { roomIds }] of document.holidays.entries()) {
    yield [`holidays.${n}`, (roomIds ?? []).map((id): Reference => [id, 'room'])];
  }
  for (const [n, { plan: usual, exceptions }] of document.blockTemplates.entries()) {
    yield [`blockTemplates.${n}`, [usual, ...exceptions.flatMap((each) => each.plan ?? [])].flatMap(plan)];
  }
  for (const [n, each] of document.blocks.entries()) {
    yield [`blocks.${n}`, [...plan(each), [each.templateId, 'blockTemplates']]];
  }
  for (const [n, { resourceId }] of document.recurringClosures.entries()) {
    yield [`recurringClosures.${n}`, [[resourceId, 'resource']]];
  }
  for (const [n, { resourceId, recurringId }] of document.closures.entries()) {
    yield [
      `closures.${n}`,
      [
        [resourceId, 'resource'],
        [recurringId, 'recurringClosures'],
      ],
    ];
  }
  for (const [n, { surgeonIds }] of document.people.entries()) {
    yield [`people.${n}`, surgeonIds.map((id): Reference => [id, 'surgeon'])];
  }
  for (const [n, item] of document.cases.entries()) {
    yield [
      `cases.${n}`,
      [
        ...needs(item),
        [item.roomId, 'room'],
        [item.surgeonId, 'surgeon'],
        [item.list?.resourceId ?? null, 'list'],
        [item.procedureId, 'procedures'],
      ],
    ];
  }
  for (const [n, { recordId, list }] of document.externalIds.entries()) {
    yield [`externalIds.${n}`, [[recordId, recordsOf[list]]]];
  }
}
