import { closedFor } from './cases.ts';

/** The pools: equipment over the day, beds by night. */
export const poolWords = {
  equipment: (date: string) => `Equipment on ${date}`,
  equipmentIs:
    'How many of each are in use over the day, from patient in room to patient out of room. Hatched means none are left.',
  beds: 'Recovery beds by night',
  bedsIs: (days: number) =>
    `A night runs from noon to noon, starting on the day of surgery. Counts stays that started up to ${days} days earlier.`,
  peak: (peak: number, capacity: number) => `at most ${peak} of ${capacity} in use`,
  neverUsed: 'Not used on this day',
  full: 'Full',
  inUse: (used: number, capacity: number) => `${used} of ${capacity} in use`,
  stretch: (name: string, when: string, used: number, capacity: number) =>
    `${name}, ${when}, ${used} of ${capacity} in use${used >= capacity ? ', full' : ''}`,
  usedBy: (title: string, where: string) => `${title}, ${where}`,
  times: (quantity: number) => `${quantity} ×`,
  closed: closedFor,
  night: (date: string) => `Night of ${date}`,
  pool: 'Beds',
  occupied: (used: number, capacity: number) => `${used}/${capacity}`,
  nightOf: (name: string, date: string, used: number, capacity: number) =>
    `${name}, night of ${date}, ${used}/${capacity} ${used >= capacity ? 'full' : 'taken'}`,
  nobody: 'No one yet.',
  asOf: (time: string) => `As of ${time}`,
  noEquipment: 'No equipment pools yet. An administrator can add them.',
  noBeds: 'No bed pools yet. An administrator can add them.',
  loading: 'Equipment and beds are loading.',
  bedsUnreachable: 'Can’t load the beds: no reply from the server. Equipment above is as shown on the board.',
  retry: 'Try again',
  notPermitted:
    'This view needs every case, and your role shows only yours. Any opening you find already has its equipment and bed.',
};
