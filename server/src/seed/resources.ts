import type { Resource, ResourceAttributes, ResourceKind } from '@slate/shared/resources';
import { idOf } from './random.ts';

export const services = [
  'General Surgery',
  'Orthopedics',
  'Trauma',
  'Cardiac Surgery',
  'Vascular Surgery',
  'Neurosurgery',
  'Urology',
  'Gynecology',
  'Ophthalmology',
  'ENT',
  'Plastic Surgery',
] as const;
export type Service = (typeof services)[number];

/** Invented people, by service. */
const surgeonNames: Readonly<Record<Service, readonly string[]>> = {
  'General Surgery': [
    'Okafor N',
    'Bergström L',
    'Castillo M',
    'Whitfield J',
    'Nakamura S',
    'Osei K',
    'Petrov D',
  ],
  Orthopedics: ['Haddad A', 'Lindholm E', 'Mbeki T', 'Rossi G', 'Sullivan P', 'Tran H', 'Vargas R'],
  Trauma: ['Iyer R', 'Kowalski B', 'Novak D', 'Reyes C'],
  'Cardiac Surgery': ['Abebe Y', 'Fontaine C', 'Goldberg S'],
  'Vascular Surgery': ['Chen W', 'Moreau E', 'Silva T'],
  Neurosurgery: ['Adeyemi F', 'Hartmann U', 'Khoury Z', 'Park J'],
  Urology: ['Ferrari L', 'Jensen M', 'Qureshi I', 'Watanabe K'],
  Gynecology: ['Almeida B', 'Dubois V', 'Mensah A', "O'Brien S", 'Yilmaz E'],
  Ophthalmology: ['Eriksen H', 'Patel N', 'Zhou L'],
  ENT: ['Banerjee P', 'Costa J', 'Larsen O'],
  'Plastic Surgery': ['Ito M', 'Schwartz R'],
};

const resource = (kind: ResourceKind, name: string, capacity: number, attributes: ResourceAttributes = {}) =>
  ({ id: idOf(kind, name), kind, name, capacity, active: true, attributes, version: 1 }) satisfies Resource;

const weekdays = [1, 2, 3, 4, 5];
const until = (close: string) => [{ days: weekdays, open: '07:00', close }];
const aroundTheClock = [{ days: [...weekdays, 6, 7], open: '00:00', close: '24:00' }];

type RoomDetails = Omit<ResourceAttributes, 'area' | 'service'> & { service?: Service };
const room = (area: string, turnover: [number, number]) => (name: string, details: RoomDetails) =>
  resource('room', name, 1, {
    area,
    hours: until('17:00'),
    setupMinutes: turnover[0],
    cleanupMinutes: turnover[1],
    ...details,
  });
const main = room('Main OR', [10, 12]);
const ambulatory = room('Ambulatory', [5, 10]);

export const rooms: readonly Resource[] = [
  main('Main OR 1', { service: 'General Surgery', capabilities: ['laparoscopy'] }),
  main('Main OR 2', { service: 'Cardiac Surgery', capabilities: ['cardiac', 'imaging'] }),
  main('Main OR 3', { service: 'Gynecology', capabilities: ['laparoscopy'] }),
  main('Main OR 4', {
    service: 'Orthopedics',
    capabilities: ['laminar flow', 'imaging'],
    hours: until('19:00'),
  }),
  main('Main OR 5', { service: 'Vascular Surgery', capabilities: ['hybrid', 'cardiac', 'imaging'] }),
  main('Main OR 6', { service: 'Orthopedics', capabilities: ['laminar flow', 'imaging'] }),
  main('Main OR 7', { service: 'Neurosurgery', capabilities: ['imaging', 'microscope'] }),
  main('Main OR 8', {
    service: 'Urology',
    capabilities: ['robotic', 'laparoscopy', 'imaging'],
    hours: until('19:00'),
  }),
  main('Main OR 9', { service: 'Gynecology', capabilities: ['robotic', 'laparoscopy', 'imaging'] }),
  main('Main OR 10', { service: 'ENT', capabilities: ['laparoscopy', 'microscope'] }),
  main('Main OR 11', {
    service: 'Trauma',
    capabilities: ['trauma', 'imaging', 'laminar flow', 'laparoscopy'],
  }),
  main('Main OR 12', {
    capabilities: ['trauma', 'imaging', 'laminar flow', 'laparoscopy', 'microscope'],
    hours: aroundTheClock,
  }),
  ambulatory('Ambulatory 1', { service: 'Ophthalmology', capabilities: ['eye'] }),
  ambulatory('Ambulatory 2', { service: 'ENT', capabilities: ['eye'] }),
  ambulatory('Ambulatory 3', { service: 'Orthopedics', capabilities: ['arthroscopy', 'imaging'] }),
  ambulatory('Ambulatory 4', { service: 'General Surgery', capabilities: ['laparoscopy'] }),
];

/** For urgent cases, day and night: no service has blocks in it. */
export const urgentRoom = 'Main OR 12';

export const surgeons: readonly Resource[] = services.flatMap((service) =>
  surgeonNames[service].map((name) => resource('surgeon', name, 1, { service })),
);

const pools = {
  'C-arm': 4,
  'Surgical robot': 2,
  'Laparoscopy tower': 6,
  Microscope: 2,
  'Arthroscopy tower': 3,
  'Cell saver': 2,
  Navigation: 1,
  'Holmium laser': 1,
  Phaco: 2,
} as const;
export type Pool = keyof typeof pools;
/** Minutes to bring it before a case, and until it is ready again after a case. */
const handling: Partial<Record<Pool, ResourceAttributes>> = {
  'C-arm': { transportMinutes: 5, reprocessMinutes: 5 },
  'Surgical robot': { reprocessMinutes: 20 },
  Microscope: { transportMinutes: 5, reprocessMinutes: 10 },
  'Arthroscopy tower': { reprocessMinutes: 15 },
  'Laparoscopy tower': { reprocessMinutes: 15 },
};
const bedPools = { PACU: 18, ICU: 10 } as const;
export type BedPool = keyof typeof bedPools;

/** Lists with places instead of times: the room and the weekday of their session. */
export const placesPerList = 8;
export const lists = [
  { name: 'Cataract list Tuesday', room: 'Ambulatory 1', weekday: 2, surgeon: 'Eriksen H' },
  { name: 'Cataract list Thursday', room: 'Ambulatory 1', weekday: 4, surgeon: 'Zhou L' },
] as const;

export const resources: readonly Resource[] = [
  ...rooms,
  ...surgeons,
  ...(Object.keys(pools) as Pool[]).map((name) => resource('equipment', name, pools[name], handling[name])),
  ...Object.entries(bedPools).map(([name, capacity]) => resource('bed', name, capacity)),
  ...lists.map(({ name }) => resource('list', name, placesPerList, { service: 'Ophthalmology' })),
];

const byName = new Map(resources.map((each) => [each.name, each]));

export function resourceNamed(name: string): Resource {
  const found = byName.get(name);
  if (!found) throw new Error(`The demo hospital has no ${name}.`);
  return found;
}

export const surgeonsOf = (service: string) => surgeons.filter((each) => each.attributes.service === service);
