import { plansOf } from '@slate/shared/block-templates';
import type { BlockPlan, BlockTemplate } from '@slate/shared/block-templates';
import { instantOf, weekdayOf } from '@slate/shared/time';
import type { LaidBlock } from '../db/block-templates.sql.ts';
import { blockOf } from '../use-cases/catalogue/lay-out-blocks.ts';
import { idOf } from './random.ts';
import { lists, resourceNamed, rooms } from './resources.ts';
import type { Service } from './resources.ts';

/** The owner of each room, Monday to Friday. `ENT|GEN`: changes at noon; `-`: open time. */
// prettier-ignore
const week: Readonly<Record<string, string>> = {
  'Main OR 1':    'GEN             GEN           GEN:Okafor N    GEN             GEN',
  'Main OR 2':    'CAR             CAR           CAR             CAR             CAR',
  'Main OR 3':    'GYN             GEN           GEN|-           GYN             -',
  'Main OR 4':    'ORT:Haddad A    ORT           ORT             ORT:Haddad A    ORT',
  'Main OR 5':    'VAS             VAS           CAR             VAS             VAS|-',
  'Main OR 6':    'ORT             ORT           ORT             ORT:Tran H      ORT',
  'Main OR 7':    'NEU             NEU           NEU             -|NEU           NEU',
  'Main OR 8':    'URO             URO           URO:Ferrari L   URO             URO',
  'Main OR 9':    'GYN             GEN           GYN             URO             GYN',
  'Main OR 10':   'ENT             PLA           ENT|GEN         ENT             PLA|-',
  'Main OR 11':   'TRA             TRA           TRA             TRA             TRA',
  'Ambulatory 1': 'OPH             OPH           -               OPH             OPH|-',
  'Ambulatory 2': 'ENT|-           PLA           ENT             -|OPH           ENT|-',
  'Ambulatory 3': 'ORT             PLA|ORT       ORT             ORT             -|PLA',
  'Ambulatory 4': 'GEN             GYN|GEN       URO             GEN|GYN         -',
};

/** `releaseDays`: how many days ahead the rest of a block is released. */
const owners: Readonly<Record<string, { service: Service; releaseDays: number }>> = {
  GEN: { service: 'General Surgery', releaseDays: 3 },
  ORT: { service: 'Orthopedics', releaseDays: 7 },
  TRA: { service: 'Trauma', releaseDays: 1 },
  CAR: { service: 'Cardiac Surgery', releaseDays: 14 },
  VAS: { service: 'Vascular Surgery', releaseDays: 5 },
  NEU: { service: 'Neurosurgery', releaseDays: 7 },
  URO: { service: 'Urology', releaseDays: 3 },
  GYN: { service: 'Gynecology', releaseDays: 3 },
  OPH: { service: 'Ophthalmology', releaseDays: 5 },
  ENT: { service: 'ENT', releaseDays: 3 },
  PLA: { service: 'Plastic Surgery', releaseDays: 10 },
};
/** List sessions are released a day ahead. */
const listReleaseDays = 1;

const noon = '12:00';
const listCloses = '11:00';

/** A stretch of a room's day, in local time. */
type Stretch = { room: string; open: string; close: string; owner: string | null; list: string | null };
export type OpenTime = { roomId: string; start: string; end: string };

/** The templates of the week: one for each owner of a room at the same times. In the order of rooms and times. */
export function weekTemplates(from: string): BlockTemplate[] {
  const templates = new Map<string, BlockTemplate>();
  for (const room of Object.keys(week)) {
    for (const weekday of [1, 2, 3, 4, 5]) {
      for (const { owner, ...stretch } of stretchesOf(room, weekday)) {
        if (owner === null) continue;
        const plan = planOf(stretch, owner);
        const id = idOf('block template', JSON.stringify(plan));
        const weekdays = [...(templates.get(id)?.recurrence.weekdays ?? []), weekday];
        const recurrence = { weekdays, everyWeeks: 1, from, until: null };
        templates.set(id, { id, plan, recurrence, exceptions: [], version: 1 });
      }
    }
  }
  const order = rooms.map(({ id }) => id);
  return [...templates.values()].toSorted(
    (a, b) =>
      order.indexOf(a.plan.roomId) - order.indexOf(b.plan.roomId) || (a.plan.start < b.plan.start ? -1 : 1),
  );
}

/** The blocks of one day. */
export const blocksOn = (templates: readonly BlockTemplate[], date: string, zone: string): LaidBlock[] =>
  templates.flatMap((template) =>
    plansOf(template, [], { from: date, until: date }).map((dated) => ({
      block: blockOf(template.id, dated, zone).block,
      templateId: template.id,
      date,
    })),
  );

/** The time of one day that nobody owns. */
export const openTimesOn = (date: string, zone: string): OpenTime[] =>
  Object.keys(week)
    .flatMap((room) => stretchesOf(room, weekdayOf(date)))
    .filter(({ owner }) => owner === null)
    .map(({ room, open, close }) => ({
      roomId: resourceNamed(room).id,
      start: instantOf(date, open, zone),
      end: instantOf(date, close, zone),
    }));

function stretchesOf(room: string, weekday: number): Stretch[] {
  const cell = week[room]?.split(/ {2,}/)[weekday - 1];
  const hours = resourceNamed(room).attributes.hours?.find(({ days }) => days.includes(weekday));
  if (cell === undefined || !hours) return [];
  const list = lists.find((each) => each.room === room && each.weekday === weekday);
  const [morning = '-', afternoon = morning] = cell.split('|');
  const day = (open: string, close: string, who: string): Stretch => ({
    room,
    open,
    close,
    owner: who === '-' ? null : who,
    list: null,
  });
  if (list)
    return [
      { ...day(hours.open, listCloses, morning), list: list.name },
      day(listCloses, hours.close, morning),
    ];
  if (morning === afternoon) return [day(hours.open, hours.close, morning)];
  return [day(hours.open, noon, morning), day(noon, hours.close, afternoon)];
}

function planOf({ room, open, close, list }: Omit<Stretch, 'owner'>, owner: string): BlockPlan {
  const [code = '', surgeon] = owner.split(':');
  const terms = owners[code];
  if (!terms) throw new Error(`The template of ${room} has an unknown owner: ${owner}.`);
  return {
    roomId: resourceNamed(room).id,
    start: open,
    end: close,
    service: terms.service,
    surgeonId: surgeon ? resourceNamed(surgeon).id : null,
    listId: list ? resourceNamed(list).id : null,
    releaseDays: list ? listReleaseDays : terms.releaseDays,
  };
}
