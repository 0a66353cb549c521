import { z } from 'zod';
import type { BlockTemplate } from '../block-templates.ts';
import { urgency } from '../cases.ts';
import type { Case } from '../cases.ts';
import type { Member } from '../contract/people.ts';
import { role } from '../permissions.ts';
import type { Procedure, Resource } from '../resources.ts';
import { surgeonsOf } from '../sites.ts';
import {
  address,
  date,
  dateAndTime,
  hours,
  needs,
  oneOf,
  reference,
  references,
  text,
  time,
  turnovers,
  weekdays,
  whole,
  words,
  yesOrNo,
} from './formats.ts';
import type { Format } from './formats.ts';
import type { Names } from './names.ts';

/** A column of a list, in exported and imported files alike. */
export type Column<Value = unknown> = {
  readonly heading: string;
  readonly format: Format<Value>;
  /** Other headings under which it is found. */
  readonly aliases: readonly string[];
  /** A new record needs a value. */
  readonly isNeeded: boolean;
  /** It is exported for people to read, and is not imported. */
  readonly isExportOnly: boolean;
};

type Options = Partial<Pick<Column, 'aliases' | 'isNeeded' | 'isExportOnly'>>;
const column = <Value>(heading: string, format: Format<Value>, options: Options = {}): Column<Value> => ({
  heading,
  format,
  aliases: [],
  isNeeded: false,
  isExportOnly: false,
  ...options,
});

const needed = { isNeeded: true };
const exportOnly = { isExportOnly: true };
/** The id in the system that the file comes from; an exported record without one has its id in Slate. */
const externalId = column('ID', text, {
  ...needed,
  aliases: ['External ID', 'Code', 'Number', 'Key', 'Identifier'],
});
const name = column('Name', text, { ...needed, aliases: ['Description', 'Title'] });
const active = column('Active', yesOrNo, { aliases: ['In use', 'Status'] });
const service = column('Service', text, { aliases: ['Specialty', 'Department'] });
const turnover = {
  setupMinutes: column('Setup minutes', whole, { aliases: ['Set-up minutes', 'Set-up', 'Setup'] }),
  cleanupMinutes: column('Cleanup minutes', whole, { aliases: ['Clean-up minutes', 'Clean-up', 'Cleanup'] }),
};
const bedColumns = {
  bed: column('Bed', reference('bed'), { aliases: ['Bed pool', 'Ward'] }),
  nights: column('Nights', whole, { aliases: ['Bed nights'] }),
};

/** The columns of each list, in the order of an exported file. */
export const lists = {
  rooms: {
    externalId,
    name: { ...name, aliases: ['Room', 'OR'] },
    area: column('Suite', text, { aliases: ['Area', 'Floor'] }),
    service,
    capabilities: column('Capabilities', words, { aliases: ['Equipped for'] }),
    position: column('Order', whole, { aliases: ['Position', 'Order on the board'] }),
    hours: column('Opening hours', hours, { aliases: ['Hours'] }),
    ...turnover,
    active,
  },
  surgeons: { externalId, name: { ...name, aliases: ['Surgeon'] }, service, active },
  equipment: {
    externalId,
    name: { ...name, aliases: ['Equipment'] },
    capacity: column('Units', whole, { aliases: ['Quantity', 'Count'] }),
    transportMinutes: column('Transport minutes', whole, { aliases: ['Transport'] }),
    reprocessMinutes: column('Reprocessing minutes', whole, {
      aliases: ['Reprocessing', 'Sterilization minutes'],
    }),
    active,
  },
  beds: {
    externalId,
    name: { ...name, aliases: ['Bed pool', 'Ward'] },
    capacity: column('Beds', whole, { aliases: ['Quantity', 'Count'] }),
    active,
  },
  lists: {
    externalId,
    name: { ...name, aliases: ['List'] },
    capacity: column('Places', whole, { aliases: ['Quantity', 'Count'] }),
    active,
  },
  procedures: {
    externalId,
    name: { ...name, aliases: ['Procedure', 'Description'] },
    shortName: column('Short name', text),
    service: { ...service, ...needed },
    minutes: column('Minutes', whole, { ...needed, aliases: ['Duration', 'Length'] }),
    spread: column('Spread', whole, { aliases: ['Standard deviation'] }),
    setupMinutes: { ...turnover.setupMinutes, ...needed },
    cleanupMinutes: { ...turnover.cleanupMinutes, ...needed },
    turnoverByRoom: column('Turnover by room', turnovers, { aliases: ['Setup and cleanup by room'] }),
    capabilities: column('Capabilities', words, { aliases: ['Needs'] }),
    equipment: column('Equipment', needs),
    ...bedColumns,
    active,
  },
  blocks: {
    externalId,
    room: column('Room', reference('room'), { ...needed, aliases: ['OR'] }),
    weekdays: column('Weekdays', weekdays, { ...needed, aliases: ['Weekday', 'Day', 'Days'] }),
    start: column('Start', time, { ...needed, aliases: ['Begin', 'From time'] }),
    end: column('End', time, { ...needed, aliases: ['Finish', 'To time'] }),
    service: { ...service, ...needed },
    surgeons: column('Surgeons', references('surgeon'), { aliases: ['Surgeon'] }),
    list: column('List', reference('list')),
    everyWeeks: column('Every weeks', whole, { aliases: ['Every n weeks', 'Interval'] }),
    from: column('From', date, { ...needed, aliases: ['First day', 'Start date'] }),
    until: column('Until', date, { aliases: ['Last day', 'End date'] }),
    releaseDays: column('Release days', whole, { aliases: ['Released days before'] }),
  },
  people: {
    externalId,
    name: { ...name, aliases: ['Person'] },
    email: column('Email', address, { ...needed, aliases: ['E-mail', 'Mail', 'Address'] }),
    role: column('Role', oneOf(role.options), needed),
    surgeons: column('Surgeons', references('surgeon'), { aliases: ['Surgeon', 'Books for'] }),
    status: column('Status', text, exportOnly),
  },
  cases: {
    externalId,
    number: column('Case', whole, exportOnly),
    state: column('State', text, exportOnly),
    room: column('Room', reference('room'), { aliases: ['OR'] }),
    start: column('Start', dateAndTime, { aliases: ['Date and time', 'Planned start'] }),
    minutes: column('Minutes', whole, { aliases: ['Duration', 'Length'] }),
    procedure: column('Procedure', reference('procedure')),
    title: column('Title', text, { aliases: ['Description'] }),
    surgeon: column('Surgeon', reference('surgeon'), { aliases: ['Operator'] }),
    service,
    patient: column('Patient', text, { aliases: ['Patient reference', 'Patient ID', 'MRN'] }),
    urgency: column('Urgency', oneOf(urgency.options), { aliases: ['Priority'] }),
    due: column('Due by', dateAndTime, { aliases: ['Due'] }),
    ...turnover,
    equipment: column('Equipment', needs),
    ...bedColumns,
    note: column('Note', text, { aliases: ['Comment', 'Remarks'] }),
    overrideReason: column('Reason', text, { aliases: ['Reason for exception'] }),
  },
} satisfies Record<string, Record<string, Column>>;

export type ListKind = keyof typeof lists;
export const listKinds = Object.keys(lists) as [ListKind, ...ListKind[]];
export const listKind = z.enum(listKinds);

type ValueOf<Each> = Each extends Column<infer Value> ? Value : never;
/** The values of a line for a record. A value that is missing or null is an empty cell. */
export type ListValues<Kind extends ListKind> = {
  -readonly [Id in keyof (typeof lists)[Kind]]?: ValueOf<(typeof lists)[Kind][Id]> | null;
};

/** The columns of a list with their ids, in order. */
export const columnsOf = (kind: ListKind): { id: string; column: Column }[] =>
  Object.entries<Column>(lists[kind]).map(([id, each]) => ({ id, column: each }));

const ofResource = ({ name: called, active: isActive }: Resource) => ({ name: called, active: isActive });
const ofPool = (resource: Resource) => ({ ...ofResource(resource), capacity: resource.capacity });
const ofBed = (bed: { resourceId: string; nights: number } | null) => ({
  bed: bed?.resourceId ?? null,
  nights: bed?.nights ?? null,
});

/** The values of a line for a record, except for its external id. */
export const valuesOf = {
  rooms: (room: Resource): ListValues<'rooms'> => {
    const { area, service: of, capabilities, position, hours: open, ...rest } = room.attributes;
    return {
      ...ofResource(room),
      area: area ?? null,
      service: of ?? null,
      capabilities: capabilities ?? [],
      position: position ?? null,
      hours: open ?? [],
      setupMinutes: rest.setupMinutes ?? null,
      cleanupMinutes: rest.cleanupMinutes ?? null,
    };
  },
  surgeons: (surgeon: Resource): ListValues<'surgeons'> => ({
    ...ofResource(surgeon),
    service: surgeon.attributes.service ?? null,
  }),
  equipment: (pool: Resource): ListValues<'equipment'> => ({
    ...ofPool(pool),
    transportMinutes: pool.attributes.transportMinutes ?? null,
    reprocessMinutes: pool.attributes.reprocessMinutes ?? null,
  }),
  beds: (pool: Resource): ListValues<'beds'> => ofPool(pool),
  lists: (pool: Resource): ListValues<'lists'> => ofPool(pool),
  procedures: ({ id: _id, version: _version, bed, ...procedure }: Procedure): ListValues<'procedures'> => ({
    ...procedure,
    ...ofBed(bed),
  }),
  blocks: ({ plan, recurrence }: BlockTemplate): ListValues<'blocks'> => ({
    room: plan.roomId,
    weekdays: recurrence.weekdays,
    start: plan.start,
    end: plan.end,
    service: plan.service,
    surgeons: surgeonsOf(plan),
    list: plan.listId,
    everyWeeks: recurrence.everyWeeks,
    from: recurrence.from,
    until: recurrence.until,
    releaseDays: plan.releaseDays,
  }),
  people: ({ name: called, email, role: as, surgeonIds, status }: Member): ListValues<'people'> => ({
    name: called,
    email,
    role: as,
    surgeons: surgeonIds,
    status,
  }),
  cases: (item: Case): ListValues<'cases'> => ({
    number: item.number,
    state: item.state,
    room: item.roomId,
    start: item.start,
    minutes: item.minutes,
    procedure: item.procedureId,
    title: item.title,
    surgeon: item.surgeonId,
    service: item.service,
    patient: item.patientRef,
    urgency: item.urgency,
    due: item.dueBy,
    setupMinutes: item.setupMinutes,
    cleanupMinutes: item.cleanupMinutes,
    equipment: item.equipment,
    ...ofBed(item.bed),
    note: item.note,
    overrideReason: item.overrideReason,
  }),
};

/** The cells of a line, in the order of `columnsOf`. */
export const cellsOf = <Kind extends ListKind>(
  kind: Kind,
  values: ListValues<Kind>,
  names: Names,
): string[] =>
  columnsOf(kind).map(({ id, column: each }) => {
    const value = (values as Record<string, unknown>)[id];
    return value === undefined || value === null ? '' : each.format.write(value, names);
  });

// A spreadsheet runs a cell that begins with one of these characters as a formula.
const dangerous = /^'*[=+\-@\t\r]/;
/** The text for a cell of a CSV file, which no spreadsheet takes for a formula; `restored` undoes it. */
export const neutralized = (cell: string) => (dangerous.test(cell) ? `'${cell}` : cell);
export const restored = (cell: string) =>
  cell.startsWith("'") && dangerous.test(cell) ? cell.slice(1) : cell;

const headingKey = (heading: string) =>
  heading
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Column of the file by column of the list; null: it is not imported. */
export type Mapping = (string | null)[];

/** The mapping for these headings: as remembered from the last file, else by heading. Each column is used once. */
export function proposeMapping(
  kind: ListKind,
  headings: readonly string[],
  remembered: Readonly<Record<string, string | null>> = {},
): Mapping {
  const columns = columnsOf(kind).filter(({ column: each }) => !each.isExportOnly);
  const used = new Set<string>();
  const take = (id: string | null | undefined) => {
    if (id === null || id === undefined || used.has(id) || !columns.some((each) => each.id === id))
      return null;
    used.add(id);
    return id;
  };
  const byHeading = (heading: string, texts: (column: Column, id: string) => readonly string[]) =>
    columns.find(({ id, column: each }) =>
      texts(each, id).some((known) => headingKey(known) === headingKey(heading)),
    )?.id;
  // Remembered and exact headings first, so that an alias does not take the column of a better match.
  const mapping = headings.map((heading) => {
    const known = remembered[headingKey(heading)];
    return known === undefined ? take(byHeading(heading, (each, id) => [each.heading, id])) : take(known);
  });
  return mapping.map(
    (id, index) =>
      id ??
      (remembered[headingKey(headings[index] ?? '')] === undefined
        ? take(byHeading(headings[index] ?? '', ({ aliases }) => aliases))
        : null),
  );
}

/** The part of a mapping to remember. */
export const rememberMapping = (
  headings: readonly string[],
  mapping: Mapping,
): Record<string, string | null> =>
  Object.fromEntries(headings.map((heading, index) => [headingKey(heading), mapping[index] ?? null]));
