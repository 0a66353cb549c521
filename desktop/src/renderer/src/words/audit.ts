import type { RouteName, RouteReply, routes } from '@slate/shared/contract';
import { dateAndTimeOf } from './time.ts';

type Chain = RouteReply<'audit'>['entries'][number]['chain'];

type Routes = typeof routes;
/** The commands: a new one needs words here. */
type Command = { [Name in RouteName]: Routes[Name] extends { command: true } ? Name : never }[RouteName];
/** Other actions in the chain of changes. */
type Other =
  | 'registerDevice'
  | 'retireDevice'
  | 'setUp'
  | 'import'
  | 'layOutBlocks'
  | 'layOutClosures'
  | 'releaseExpiredHolds'
  | 'site.seeded';

const commands = {
  placeHold: 'Held time',
  changeCase: 'Changed a case',
  extendHold: 'Extended a hold',
  takeOverHold: 'Took over a hold',
  confirmCase: 'Booked a hold, or confirmed a case',
  releaseHold: 'Released a hold',
  addToDepot: 'Added a case to the depot',
  placeCase: 'Placed a case from the depot',
  moveCase: 'Moved a case',
  moveCases: 'Moved several cases',
  swapCases: 'Swapped two cases',
  bumpCase: 'Bumped a case to the depot',
  cancelCase: 'Cancelled a case',
  voidCase: 'Voided a case',
  recordMilestone: 'Recorded a milestone',
  createResource: 'Added a resource',
  changeResource: 'Changed a resource',
  createProcedure: 'Added a procedure',
  changeProcedure: 'Changed a procedure',
  createClosure: 'Closed a resource',
  changeClosure: 'Changed a closure',
  removeClosure: 'Removed a closure',
  createRecurringClosure: 'Added a recurring closure',
  changeRecurringClosure: 'Changed a recurring closure',
  removeRecurringClosure: 'Removed a recurring closure',
  createBlockTemplate: 'Added a block rule',
  changeBlockTemplate: 'Changed a block rule',
  removeBlockTemplate: 'Removed a block rule',
  createHoliday: 'Added a holiday',
  changeHoliday: 'Changed a holiday',
  removeHoliday: 'Removed a holiday',
  changeSettings: 'Changed the site settings',
  changeReasons: 'Changed the reasons',
  undoChange: 'Undid a change, with its cases',
  importSite: 'Imported a site from a file',
  loadDemo: 'Loaded the demo hospital',
  applyImport: 'Started importing a file',
  import: 'Imported lines of a file',
  changeUser: 'Changed a person',
  createInvitation: 'Invited a person',
  revokeInvitation: 'Revoked an invitation',
  resetPassword: 'Reset a password',
  endSessions: 'Signed a person out',
  registerDevice: 'Registered a device',
  retireDevice: 'Retired a device',
  setUp: 'Set up the hospital',
  layOutBlocks: 'Laid out blocks',
  layOutClosures: 'Laid out closures',
  releaseExpiredHolds: 'Freed expired holds',
  'site.seeded': 'Filled the site with the demo hospital',
} satisfies Record<Command | Other, string>;
const reads: Readonly<Record<string, string>> = {
  board: 'Read the board',
  changes: 'Read changes of the board',
  follow: 'Followed the board',
  cases: 'Listed or searched cases',
  case: 'Opened a case',
  casesInTheWay: 'Read the cases in the way of a change',
  readDeviceSecret: 'Read the secret of a device',
  audit: 'Read the audit',
  exportAudit: 'Exported the audit',
  verifyAudit: 'Verified the audit',
  exportSite: 'Exported the site',
  exportList: 'Exported a list',
  exportCases: 'Exported cases',
  imports: 'Listed the imports',
  importLines: 'Read lines of an import',
};
const identity: Readonly<Record<string, string>> = {
  login: 'Signed in',
  'login.failed': 'Failed to sign in',
  'login.locked': 'Failed to sign in, and has to wait',
  logout: 'Signed out',
  register: 'Requested an account',
  'register.repeated': 'Requested an account again',
  'password.changed': 'Changed the password',
  'refresh.reused': 'A session was used twice and ended',
  'invitation.accepted': 'Accepted an invitation',
  'invitation.failed': 'Opened an invitation that doesn’t work',
  setUp: 'Set up the hospital',
  'setUp.failed': 'Failed to set up',
};
const actions: Record<Chain, Readonly<Record<string, string>>> = { commands, reads, identity };
const refused = '.refused';
const counted = (count: number) => (count === 1 ? '1 entry' : `${count} entries`);

/** The page of the audit. */
export const auditWords = {
  chain: 'What',
  chains: { commands: 'Changes', reads: 'Reads', identity: 'Sign-ins' } satisfies Record<Chain, string>,
  chainHelp: {
    commands: 'Everything that was changed here, and by whom.',
    reads:
      'Who read patient data, and what was refused. A board or a list shows many cases: its entry names the days, not the cases.',
    identity: 'Sign-ins of the people of this site, and attempts without an account.',
  } satisfies Record<Chain, string>,
  person: 'Person',
  action: 'Action',
  anyone: 'Anyone',
  anything: 'Anything',
  from: 'From',
  until: 'Until',
  case: 'Case',
  caseHint: 'Link or id of a case',
  notACase: 'Paste the link of a case, or its id.',
  clearFilters: 'Clear the filters',
  actionsOf: (chain: Chain) => actions[chain],
  actionName: (chain: Chain, action: string) => {
    const name = action.endsWith(refused) ? action.slice(0, -refused.length) : action;
    const words = actions[chain][name] ?? actions.commands[name] ?? reads[name] ?? name;
    return name === action ? words : `Refused: ${words}`;
  },
  system: 'Slate',
  nobody: 'Not signed in',
  number: 'Entry',
  time: 'Time',
  about: 'About',
  cases: (numbers: readonly number[]) => numbers.map((number) => `#${number}`).join(', '),
  at: (at: string, zone: string) => dateAndTimeOf(at, zone),
  title: (seq: number) => `Entry ${seq}`,
  field: (name: string) => fields[name] ?? name,
  onlyCase: (number: number | null) => (number === null ? 'Only this case' : `Only case #${number}`),
  empty: 'No entries.',
  noMatch: 'No entries match these filters.',
  failed: 'The audit couldn’t be loaded',
  pageFailed: 'These entries couldn’t be loaded. Check the connection, then try again.',
  export: 'Export as CSV',
  exporting: 'Exporting…',
  more: 'Load older entries',
  latest: 'Load the latest',

  verify: (chain: string) => `Verify the chain of ${chain.toLowerCase()}`,
  verifying: (done: number, all: number) => `Verifying: ${done} of ${counted(all)}`,
  stop: 'Stop',
  stopped: (done: number) => `Stopped after ${counted(done)}. So far, nothing was changed.`,
  interrupted: (done: number) =>
    `The server didn’t answer after ${counted(done)}. So far, nothing was changed. Verify again when it is back.`,
  sound: (length: number) =>
    length === 0
      ? 'There are no entries yet.'
      : `All ${length} entries are as they were written: none was edited, removed or added.`,
  soundHelp:
    'The owner of the database could still replace the whole audit. Slate keeps fingerprints of it outside the database: ask your IT desk to compare them.',
  broken: (problem: string) =>
    `The audit was tampered with: ${problem}. Don’t trust entries after that. Tell your IT desk.`,
};

const fields: Readonly<Record<string, string>> = {
  user: 'Person',
  person: 'Person',
  device: 'Device',
  case: 'Case',
  address: 'Address',
  reason: 'Reason',
  code: 'Refusal',
  date: 'Date',
  days: 'Days',
  session: 'Session',
  key: 'Key',
  queued: 'From the queue',
  before: 'Before',
  after: 'After',
  ended: 'Sessions ended',
  patientRef: 'Patient, as a pseudonym',
};
