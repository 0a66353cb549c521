import { bedFor, fieldWords } from './cases.ts';
import { sentenceOf } from './placing.ts';
import { minutesShort, wrongTime } from './time.ts';

type Availability = 'free' | { inTheWay: string };

function endedWords(what: string, availability: Availability | null): string {
  const intro = `${what} Your entries are still here`;
  if (availability === null) return `${intro}. Hold it again if you still need the time.`;
  return availability === 'free'
    ? `${intro}, and the time is still free. Hold it again if you need it.`
    : `${intro}, but the time is no longer free. ${sentenceOf(availability.inTheWay)} Hold it again to see the nearest times.`;
}

export const caseFormWords = {
  hold: (where: string) => `Hold ${where}`,
  /** The form of a hold that was requested while offline. */
  requestedHold: (where: string) => `Requested hold ${where}`,
  notHeldYet:
    'Requested, not held: others may take this time. The countdown starts when the server grants the hold.',
  notGranted:
    'This hold was not granted. Your entries are still here: hold it again, or decide in the list of requests.',
  takeBack: 'Take back',
  edit: (what: string) => `Edit ${what}`,
  add: 'New case for the depot',

  start: fieldWords.start,
  length: fieldWords.minutes,
  procedure: fieldWords.procedureId,
  procedureHint: 'Search procedures or type your own',
  procedureNone: 'No matching procedure',
  asTitle: (text: string) => `“${text}”, not in the catalog`,
  title: 'Title on the board',
  surgeon: fieldWords.surgeonId,
  surgeonHint: 'Search by name or service',
  surgeonNone: 'No matching surgeon',
  surgeonNoneOwn: 'No matching surgeon in your office',
  patient: fieldWords.patientRef,
  notKeptLocked: 'Removed while the screen was locked. Type it again.',
  urgency: fieldWords.urgency,
  dueBy: fieldWords.dueBy,
  equipment: fieldWords.equipment,
  addEquipment: 'Add equipment…',
  noMoreEquipment: 'No matching equipment',
  quantityOf: (name: string) => `Quantity of ${name}`,
  less: (name: string) => `One less ${name}`,
  more: (name: string) => `One more ${name}`,
  freeOf: (free: number, capacity: number) => `${free} of ${capacity} free`,
  freeUnknown: (capacity: number) => `${capacity} total`,
  bed: fieldWords.bed,
  beds: (capacity: number) => `${capacity} ${capacity === 1 ? 'bed' : 'beds'}`,
  bedsFree: (free: number, capacity: number, nights: number, isTonight: boolean) =>
    `${free} of ${capacity} free ${nights > 1 ? `for ${nights} nights` : isTonight ? 'tonight' : 'that night'}`,
  noBed: 'None',
  nights: 'Nights',
  note: fieldWords.note,
  usual: (minutes: number, spread: number) => `Usually ${minutesShort(minutes)} ± ${spread}`,

  /** Shown below a field that someone else or the program changed. */
  was: (value: string) => `Changed. Was ${value}`,
  moved: (room: string, before: string) => `Now in ${room}. It was in ${before}.`,
  understood: (value: string) => `= ${value}`,
  notInList: (text: string) => `“${text}” isn’t an entry on the list. Pick one from the list.`,
  personal: {
    name: 'This looks like a name. Enter the hospital’s reference number instead.',
    birthDate: 'This looks like a date of birth. Enter the hospital’s reference number instead.',
  },
  noSuchTime: 'This time doesn’t exist that day: the clocks go forward. Choose another.',

  wrongTime,
  wrongLength: 'Enter the length in minutes, such as 90, or as 1:30.',
  chooseSurgeon: 'Choose a surgeon.',
  startIsFixed: 'To hold another time, release this one and drag over the time you want.',

  cannotEdit: (state: string) =>
    `This case is ${state} now, so you can’t change its details. Close the form.`,
  goneFromBoard: 'not on the board',

  confirm: 'Book',
  keep: 'Keep hold',
  release: 'Release',
  save: 'Save',
  cancel: 'Close',
  addToDepot: 'Add to depot',
  extend: 'Extend',
  holdAgain: 'Hold again',

  /** Follows the reason why nothing can be changed. */
  holdExpires: (until: string) =>
    `This hold expires at ${until} unless you reconnect first. Your entries stay here.`,
  staysHere: 'Your entries stay here.',

  expiring: (spoken: string) => `This hold expires in ${spoken}. Extend it to keep the time.`,
  /** `availability`: whether the time is still free; null if this board does not show it. */
  expired: (availability: Availability | null) => endedWords('This hold has expired.', availability),
  ended: (availability: Availability | null) => endedWords('This hold was released.', availability),
  takenOver: (name: string) =>
    `${name} took over this hold. You can read it here but no longer change it. Call ${name} if you still need the time.`,
  others: (name: string) =>
    `${name} holds this time. Take over the hold to change it, or wait until it expires.`,
  nearEnd: 'This hold is about to expire.',
  takeOver: 'Take over',
  escOnce: 'Press Esc again to release the hold and discard your entries.',
  escOnceClose: 'Press Esc again to close the form and discard your entries.',

  contested: 'This changed while you were typing.',
  now: (value: string) => `Now: ${value}`,
  yours: (value: string) => `Yours: ${value}`,
  takeTheirs: 'Take theirs',
  keepMine: 'Keep mine',
  chooseFirst: 'Choose which version to keep, then save.',
  nothing: 'none',
  unit: 'min',
  minutes: (typed: string) => `${typed} min`,
  bedNights: bedFor,

  taken: (who: string) => `${who}.`,
  cannot: (why: string) => `Can’t do this: ${why}`,
  asksReason: 'You can do it with a reason. Slate asks for it when you save.',
};
