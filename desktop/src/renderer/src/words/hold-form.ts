import { bedFor, fieldWords } from './cases.ts';
import { sentenceOf } from './placing.ts';
import { minutesShort, wrongTime } from './time.ts';

type Standing = 'free' | { inTheWay: string };

function over(what: string, standing: Standing | null): string {
  const kept = `${what} Everything you typed is still here`;
  if (standing === null) return `${kept}: hold it again if you still need the time.`;
  return standing === 'free'
    ? `${kept}, and the time is still free: hold it again if you need it.`
    : `${kept}, but the time is not free any more. ${sentenceOf(standing.inTheWay)} Hold it again to see the nearest times.`;
}

export const holdFormWords = {
  hold: (where: string) => `Hold ${where}`,
  edit: (what: string) => `Edit ${what}`,
  add: 'New case for the depot',

  start: fieldWords.start,
  length: fieldWords.minutes,
  procedure: fieldWords.procedureId,
  procedureHint: 'Search, or type what is done',
  procedureNone: 'No procedure of that name',
  asTitle: (text: string) => `“${text}”, not in the catalogue`,
  title: 'Title on the board',
  surgeon: fieldWords.surgeonId,
  surgeonHint: 'Search by name or service',
  surgeonNone: 'No surgeon of that name',
  surgeonNoneOwn: 'None of your office’s surgeons has that name',
  patient: fieldWords.patientRef,
  notKeptLocked: 'Removed while the screen was locked. Type it again.',
  urgency: fieldWords.urgency,
  dueBy: fieldWords.dueBy,
  equipment: fieldWords.equipment,
  addEquipment: 'Add equipment…',
  noMoreEquipment: 'No such equipment',
  quantityOf: (name: string) => `How many of ${name}`,
  less: (name: string) => `One less of ${name}`,
  more: (name: string) => `One more of ${name}`,
  freeOf: (free: number, capacity: number) => `${free} of ${capacity} free`,
  freeUnknown: (capacity: number) => `${capacity} in all`,
  bed: fieldWords.bed,
  noBed: 'None',
  nights: 'Nights',
  note: fieldWords.note,
  usual: (minutes: number, spread: number) => `Usually ${minutesShort(minutes)} ± ${spread}`,

  /** Beneath a field that others or the program have changed while the form was open. */
  was: (value: string) => `Changed. Was ${value}`,
  moved: (room: string, before: string) => `This is in ${room} now. It was in ${before} before.`,
  understood: (value: string) => `= ${value}`,
  notTaken: (text: string) => `“${text}” was not chosen. Pick an entry from the list.`,
  personal: {
    name: 'This looks like a name. Write the hospital’s reference number instead.',
    birthDate: 'This looks like a date of birth. Write the hospital’s reference number instead.',
  },
  noSuchTime: 'The clocks skip this time on that day. Choose another.',

  wrongTime,
  wrongLength: 'Write the length in minutes, such as 90, or as 1:30.',
  sayWho: 'Say who operates.',
  startIsFixed: 'To hold another time, release this one and drag over the time you want.',

  cannotEdit: (state: string) =>
    `This case is ${state} now, so its details cannot be changed any more. Close the form.`,
  goneFromBoard: 'not on the board',

  confirm: 'Book',
  keep: 'Keep hold',
  release: 'Release',
  save: 'Save',
  cancel: 'Close',
  addToDepot: 'Add to depot',
  extend: 'Extend',
  holdAgain: 'Hold again',

  /** Beneath why nothing can be changed. */
  holdGoesOn: (until: string) =>
    `The server lets this hold go at ${until} unless you are back before. What you typed stays here.`,
  staysHere: 'What you typed stays here.',

  expiring: (spoken: string) => `This hold ends in ${spoken}. Extend it to keep the time.`,
  /** `standing`: whether it could be held again as it is; null: this board does not know. */
  expired: (standing: Standing | null) => over('This hold has expired.', standing),
  ended: (standing: Standing | null) => over('This hold was released.', standing),
  takenOver: (name: string) =>
    `${name} has taken this hold over. You can read it here, and no longer change it. Call ${name} if you still need the time.`,
  others: (name: string) => `${name} holds this time. Take it over to change it, or wait until it ends.`,
  nearEnd: 'This hold is about to end.',
  takeOver: 'Take over',
  escOnce: 'Esc once more releases the hold and drops what you typed.',
  escOnceClose: 'Esc once more closes the form and drops what you typed.',

  contested: 'This was changed while you were typing.',
  now: (value: string) => `Now: ${value}`,
  yours: (value: string) => `Yours: ${value}`,
  takeTheirs: 'Take theirs',
  keepMine: 'Keep mine',
  chooseFirst: 'Choose which of the two stands, then save.',
  nothing: 'none',
  unit: 'min',
  minutes: (typed: string) => `${typed} min`,
  bedNights: bedFor,

  cannot: (why: string) => `Not possible: ${why}`,
  asksReason: 'It can be done with a reason, which is asked for when you save.',
};

export const reasonWords = {
  label: 'Reason',
  hint: 'Kept with the case, and seen by everyone who may see it.',
  quick: 'Common reasons',
  leave: 'Close',
  /** What was let go where it is against the rules. */
  putBack: 'Put it back',
  doNotHold: 'Do not hold',
  do: {
    cancel: 'Cancel the case',
    bump: 'Send to the depot',
    void: 'Void the case',
    close: 'Close it',
    override: 'Do it with this reason',
  },
  why: {
    cancel: 'There is no way back from it: the time is free for others at once.',
    bump: 'It waits in the depot with all that it needs until it gets another time.',
    close: 'Nobody can book it during that time. Cases already there must be moved first.',
    void: 'Only for what was entered in error. It stays readable, struck out.',
    override: 'This is unusual, so it needs a reason:',
  },
  noHelp: (obstacle: string) => `No reason helps against this: ${obstacle}`,
  common: {
    cancel: [
      'Patient unwell',
      'Patient did not come',
      'Patient declined',
      'Medical clearance missing',
      'Surgeon unavailable',
      'No bed available',
      'Equipment unavailable',
      'Earlier case ran over',
    ],
    bump: [
      'Emergency needs the room',
      'Earlier case ran over',
      'Surgeon late',
      'No bed available',
      'Equipment unavailable',
      'Staff unavailable',
      'Patient not ready',
    ],
    close: ['Terminal cleaning', 'Repair', 'Maintenance', 'No staff', 'Flood or leak', 'Inspection'],
    void: ['Entered twice', 'Wrong patient', 'Wrong procedure', 'Wrong day', 'Test entry'],
    override: [
      'Emergency',
      'Agreed with the charge nurse',
      'Agreed with the block owner',
      'Surgeon asks for it',
      'Patient cannot wait',
      'No other room free',
    ],
  },
};
