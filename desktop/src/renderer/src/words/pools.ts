import { closedFor } from './cases.ts';

/** What can run out: equipment over the day, beds by night. */
export const poolWords = {
  equipment: (date: string) => `Equipment on ${date}`,
  equipmentIs:
    'How many of each are in use when, from patient in the room to patient out of it. Hatched is where none is left.',
  beds: 'Recovery beds by night',
  bedsIs: (days: number) =>
    `A night is from noon to noon and begins on the day of the operation. Stays that began up to ${days} days before are counted.`,
  peak: (peak: number, capacity: number) => `at most ${peak} of ${capacity} in use`,
  neverUsed: 'Not needed on this day',
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
  nobody: 'Nobody yet.',
  asOf: (time: string) => `As of ${time}`,
  noEquipment: 'There is no equipment here that could run out. An administrator adds pools.',
  noBeds: 'There are no bed pools here. An administrator adds them.',
  loading: 'Equipment and beds are loading.',
  bedsUnreachable:
    'The server did not answer, so the beds are not known. Equipment above is as the board has it.',
  retry: 'Try again',
  notPermitted:
    'What is in use follows from all cases, and your role shows you your own. An opening that is found for you has equipment and a bed.',
};
