import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import type { CaseState } from '@slate/shared/case-state';
import type { Procedure, Resource } from '@slate/shared/resources';
import { defaultSettings } from '@slate/shared/sites';
import type { Block, Closure } from '@slate/shared/sites';
import { addDays, addMinutes, instantOf, localDay } from '@slate/shared/time';

/** An invented day of the given size: always the same, with every state. */
export type DaySize = {
  rooms: number;
  cases: number;
  date: string;
  days?: number;
  now: string;
  zone?: string;
};

const services = ['General', 'Ortho', 'Cardiac', 'Neuro', 'Urology', 'Gyn', 'ENT', 'Vascular', 'Plastics'];
const operations: [name: string, service: string, minutes: number][] = [
  ['Laparoscopic cholecystectomy', 'General', 73],
  ['Inguinal hernia repair', 'General', 76],
  ['Total knee arthroplasty', 'Ortho', 105],
  ['Total hip arthroplasty', 'Ortho', 96],
  ['CABG x3', 'Cardiac', 246],
  ['Spinal fusion L4–5', 'Neuro', 140],
  ['Craniotomy', 'Neuro', 130],
  ['Cystoscopy', 'Urology', 35],
  ['TURP', 'Urology', 65],
  ['Laparoscopic hysterectomy', 'Gyn', 131],
  ['Myomectomy', 'Gyn', 113],
  ['Tonsillectomy', 'ENT', 45],
  ['Thyroidectomy', 'ENT', 95],
  ['AAA repair', 'Vascular', 150],
  ['Carpal tunnel release', 'Plastics', 18],
  ['Breast reconstruction', 'Plastics', 120],
];
const names = ['Haddad', 'Okafor', 'Silva', 'Chen', 'Moreau', 'Abebe', 'Iyer', 'Lund', 'Reyes', 'Tanaka'];

export const me = { id: idOf('me', 1), name: 'Maria Kraus' };
const other = { id: idOf('me', 2), name: 'Jonas Diaz' };

function idOf(kind: string, number: number): string {
  let hash = 0;
  for (const letter of kind) hash = (hash * 31 + letter.charCodeAt(0)) % 65_536;
  return `${hash.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Repeatable numbers between 0 and 1. */
function random(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function fabricatedDay({
  rooms,
  cases,
  date,
  days = 1,
  now,
  zone = 'America/Chicago',
}: DaySize): Board {
  const draw = random(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(draw() * items.length)] as Item;
  const resource = (kind: Resource['kind'], number: number, name: string, more: Partial<Resource> = {}) => ({
    id: idOf(kind, number),
    kind,
    name,
    capacity: 1,
    active: true,
    attributes: {},
    version: 1,
    ...more,
  });
  const roomList: Resource[] = Array.from({ length: rooms }, (_, index) =>
    resource('room', index, `OR ${index + 1}`, {
      attributes: {
        area: index < 12 ? 'Main' : 'Ambulatory',
        service: pick(services),
        capabilities: index % 4 === 0 ? ['laminar flow', 'robot'] : ['laminar flow'],
        hours: [{ days: [1, 2, 3, 4, 5, 6, 7], open: '06:00', close: index % 5 === 0 ? '24:00' : '19:00' }],
        setupMinutes: 10,
        cleanupMinutes: 15,
      },
    }),
  );
  // One per room: nobody operates in two rooms at once.
  const surgeons = Array.from({ length: rooms }, (_, index) =>
    resource(
      'surgeon',
      index,
      `Dr ${names[index % names.length]} ${String.fromCharCode(65 + Math.floor(index / names.length))}`,
    ),
  );
  const pools = [
    resource('equipment', 1, 'C-arm', { capacity: 4 }),
    resource('equipment', 2, 'Surgical robot', { capacity: 2 }),
    resource('bed', 1, 'PACU', { capacity: 18 }),
    resource('list', 1, 'Cataract list', { capacity: 8 }),
  ];
  const procedures: Procedure[] = operations.map(([name, service, minutes], index) => ({
    id: idOf('procedure', index),
    name,
    shortName: null,
    service,
    minutes,
    spread: 20,
    setupMinutes: 10,
    cleanupMinutes: 15,
    turnoverByRoom: [],
    capabilities: name === 'Myomectomy' ? ['robot'] : [],
    equipment: [],
    bed: null,
    active: true,
    version: 1,
  }));
  const perRoom = Math.ceil(cases / rooms / days);
  const all: Case[] = [];
  const blocks: Block[] = [];
  const closures: Closure[] = [];
  for (let day = 0; day < days; day++) {
    const on = addDays(date, day);
    for (const [index, room] of roomList.entries()) {
      for (const [open, close] of [
        ['07:00', '12:00'],
        ['12:00', '17:00'],
      ] as const) {
        const isList = index % 15 === 14 && open === '12:00';
        blocks.push({
          id: idOf('block', blocks.length),
          roomId: room.id,
          start: instantOf(on, open, zone),
          end: instantOf(on, close, zone),
          service: isList ? 'Ophthalmology' : pick(services),
          surgeonId: null,
          listId: isList ? idOf('list', 1) : null,
          releaseAt: instantOf(addDays(on, draw() < 0.2 ? -1 : 1), '12:00', zone),
          releasedAt: null,
        });
      }
      if (index % 17 === 5) {
        closures.push({
          id: idOf('closure', closures.length),
          resourceId: room.id,
          start: instantOf(on, '17:30', zone),
          end: instantOf(on, '19:30', zone),
          quantity: 1,
          reason: 'Terminal cleaning',
          createdBy: other,
          version: 1,
        });
      }
      let start = addMinutes(
        instantOf(on, perRoom > 8 ? '05:00' : '06:00', zone),
        Math.floor(draw() * 5) * 5,
      );
      for (let nth = 0; nth < perRoom && all.length < cases; nth++) {
        const procedure = pick(procedures);
        const crowd = perRoom > 8 ? 0.34 : 1;
        const minutes = Math.max(20, Math.round((procedure.minutes * (0.7 + draw() * 0.7) * crowd) / 5) * 5);
        const end = addMinutes(start, minutes);
        if (!closures.some((each) => each.resourceId === room.id && each.start < end && start < each.end)) {
          all.push(caseAt(room, surgeons[index], procedure, start, end, minutes));
        }
        start = addMinutes(end, 25 + Math.floor(draw() * 8) * (perRoom > 8 ? 0 : 5));
      }
    }
  }

  function stateAt(start: string, end: string): CaseState {
    if (end < addMinutes(now, -25)) return 'completed';
    if (end < addMinutes(now, -8)) return 'out_of_room';
    if (start < now) return pick(['in_room', 'incision', 'closed'] as const);
    if (start < addMinutes(now, 75)) return pick(['in_holding', 'in_holding', 'confirmed'] as const);
    return draw() < 0.12 ? 'held' : draw() < 0.5 ? 'confirmed' : 'scheduled';
  }

  function caseAt(
    room: Resource,
    surgeon: Resource | undefined,
    procedure: Procedure,
    start: string,
    end: string,
    minutes: number,
  ): Case {
    const number = all.length + 1;
    const state = stateAt(start, end);
    const began = addMinutes(start, Math.floor(draw() * 14) - 2);
    return {
      id: idOf('case', number),
      number: 20_000 + number,
      version: 1,
      state,
      roomId: room.id,
      start,
      end,
      minutes,
      setupMinutes: 10,
      cleanupMinutes: 15,
      procedureId: procedure.id,
      title: procedure.name,
      surgeonId: surgeon?.id ?? null,
      service: procedure.service,
      patientRef: `DEMO-${number}`,
      equipment: [],
      bed: null,
      list: null,
      urgency: 'elective',
      dueBy: null,
      holder: state === 'held' ? (number % 3 === 0 ? me : other) : null,
      heldSince: state === 'held' ? addMinutes(now, -1) : null,
      expiresAt: state === 'held' ? addMinutes(now, 1 + (number % 5)) : null,
      depotSince: null,
      bumped: null,
      note: null,
      reason: null,
      reasonCode: null,
      overrideReason: null,
      overrideReasonCode: null,
      delayReason: null,
      delayReasonCode: null,
      milestones: {
        ...(start < now && { in_holding: addMinutes(start, -30), in_room: began }),
        ...((state === 'completed' || state === 'out_of_room') && { out_of_room: end }),
      },
      createdBy: me.id,
    };
  }

  return {
    epoch: idOf('epoch', 1),
    revision: 1,
    at: now,
    range: localDay(date, zone, days),
    site: {
      id: idOf('site', 1),
      name: 'Fabricated Hospital',
      timeZone: zone,
      settings: defaultSettings,
      reasons: [],
      version: 1,
    },
    resources: [...roomList, ...surgeons, ...pools],
    procedures,
    blocks,
    closures,
    cases: all,
    busy: [],
    depot: [],
  };
}
