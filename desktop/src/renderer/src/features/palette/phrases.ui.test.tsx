import { beforeAll, describe, expect, test } from 'vitest';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, date, loadBoard, uuid } from '../../../../../test/small-board.ts';
import { spotOnCase } from '../../board/cursor-moves.ts';
import type { BoardView } from '../../stores/board.ts';
import { syncClock } from '../../stores/clock.ts';
import { setCursor } from '../../stores/cursor.ts';
import { goToDate } from '../../stores/view.ts';
import { actionEntries, actionNamed, caseEntries, placeEntries } from './entries.ts';
import type { Entry } from './entry.ts';
import { readingOf } from './intents/intents.ts';
import { parsePhrase } from './phrase/phrase.ts';
import { vocabularyOf } from './use-entries.ts';

/*
 * Phrases that a charge nurse types, and their readings. It is 10:00 on Friday, November 20; the gallbladder in Main OR
 * 1 at 10:30 is selected. Each reading is the sentence shown before Enter: "?" asks the person to choose, "✕" cannot run
 * and says why.
 */

const room = (name: string) => aResource('room', name);
const main = Array.from({ length: 12 }, (_none, nth) => room(`Main OR ${nth + 1}`));
const [or1, , or3, or4, , or6, , or8] = main as [R, R, R, R, R, R, R, R];
type R = ReturnType<typeof room>;
const amb1 = room('Ambulatory 1');
const amb = [amb1, ...[2, 3, 4].map((nth) => room(`Ambulatory ${nth}`))];
const general = { attributes: { service: 'General Surgery' } };
const ortho = { attributes: { service: 'Orthopedics' } };
const surgeon = (name: string, more = {}) => aResource('surgeon', name, more);
const [okafor, haddad, tranH, tranK, bergstrom, obrien] = [
  surgeon('Okafor N', general),
  surgeon('Haddad A', ortho),
  surgeon('Tran H', ortho),
  surgeon('Tran K'),
  surgeon('Bergström L', general),
  surgeon("O'Brien S"),
];
const pool = (name: string, capacity: number) => aResource('equipment', name, { capacity });
const [carm, robot, laser] = [pool('C-arm', 2), pool('Surgical robot', 1), pool('Holmium laser', 1)];
const pools = [
  carm,
  robot,
  laser,
  pool('Laparoscopy tower', 6),
  pool('Microscope', 2),
  pool('Arthroscopy tower', 3),
  pool('Cell saver', 2),
  pool('Navigation', 1),
];
const chole = aProcedure('Laparoscopic cholecystectomy', 75);
const knee = aProcedure('Total knee arthroplasty', 105);
const hip = aProcedure('Total hip arthroplasty', 95);
const procedures = [
  chole,
  knee,
  hip,
  aProcedure('Navigated total knee arthroplasty', 120),
  aProcedure('Revision hip arthroplasty', 170),
  aProcedure('Knee arthroscopy', 45),
  aProcedure('Laparoscopic appendectomy', 60),
  aProcedure('Laparoscopic hysterectomy', 130),
  aProcedure('Robotic hysterectomy', 145),
  aProcedure('Robotic prostatectomy', 180),
  aProcedure('Exploratory laparotomy', 130),
  aProcedure('Thyroidectomy', 120),
  aProcedure('Inguinal hernia repair', 75),
  aProcedure('Umbilical hernia repair', 60),
  aProcedure('Hip fracture fixation', 80),
  aProcedure('Coronary artery bypass grafting', 305),
  aProcedure('Carpal tunnel release', 20),
  aProcedure('Cataract extraction with lens implant', 15),
  aProcedure('Transurethral resection of the prostate', 60),
];
const underWay = (start: string) => ({ state: 'in_room' as const, milestones: { in_room: at(start) } });
const oneUnitOf = (resource: { id: string }) => [{ resourceId: resource.id, quantity: 1 }];
const procedureFields = ({ id, name }: { id: string; name: string }) => ({ procedureId: id, title: name });

let view: BoardView;
let gallbladder: ReturnType<typeof aCase>;

beforeAll(() => {
  signInAs('coordinator');
  goToDate(date);
  gallbladder = aCase(or1, '10:30', 75, { ...procedureFields(chole), surgeonId: okafor.id });
  const cases = [
    gallbladder,
    aCase(or3, '13:00', 120, { title: 'Thyroidectomy', surgeonId: okafor.id, number: 20418 }),
    aCase(or4, '09:00', 105, { ...procedureFields(knee), surgeonId: haddad.id, ...underWay('09:00') }),
    aCase(or4, '11:15', 95, { ...procedureFields(hip), surgeonId: haddad.id, equipment: oneUnitOf(carm) }),
    aCase(or4, '13:10', 60, { title: 'Umbilical hernia repair', surgeonId: bergstrom.id }),
    aCase(or6, '09:30', 80, {
      title: 'Hip fracture fixation',
      surgeonId: tranH.id,
      equipment: oneUnitOf(carm),
      ...underWay('09:30'),
    }),
    // Late: expected from 10:00 to 10:45.
    aCase(amb1, '09:40', 45, { title: 'Ureteroscopy', equipment: oneUnitOf(laser) }),
    aCase(or6, '13:00', 75, { title: 'Inguinal hernia repair', surgeonId: bergstrom.id }),
    aCase(or8, '09:00', 180, {
      title: 'Robotic prostatectomy',
      surgeonId: obrien.id,
      equipment: oneUnitOf(robot),
      ...underWay('09:00'),
    }),
  ];
  const nailing = { ...aCase(or1, '00:00', 110), title: 'Femoral nailing', surgeonId: tranK.id };
  const depot = [{ ...nailing, state: 'depot' as const, roomId: null, start: null, end: null, id: uuid(77) }];
  const surgeons = [okafor, haddad, tranH, tranK, bergstrom, obrien];
  view = loadBoard({ resources: [...main, ...amb, ...surgeons, ...pools], procedures, cases, depot });
  syncClock(at('10:00'));
  setCursor(spotOnCase(gallbladder));
});

const textOf = ({ label }: Entry) =>
  label.map((part) => (typeof part === 'string' ? part : part.strong)).join('');

function sentenceFor(phrase: string): string {
  const [action] = actionNamed(phrase);
  if (action) return textOf(action);
  const parsed = parsePhrase(phrase, vocabularyOf(view, at('10:00')));
  const caller = { now: at('10:00'), me: uuid(1), isOffice: false };
  const reading = readingOf(parsed, { view, here: null, current: gallbladder, caller });
  const entries = reading
    ? reading.entries
    : [...actionEntries(phrase), ...caseEntries(view, phrase, parsed), ...placeEntries(view, phrase, parsed)];
  const [first] = entries;
  if (!first) return 'nothing';
  if (first.mustChoose) return `? ${entries.map(textOf).join(' | ')}`;
  return first.run ? textOf(first) : `✕ ${textOf(first)} — ${first.detail}`;
}

const selected = 'Laparoscopic cholecystectomy (Main OR 1 10:30)';
const thyroid = 'Thyroidectomy (Main OR 3 13:00)';

const table: Record<string, readonly (readonly [phrase: string, reading: string])[]> = {
  'a hold': [
    [
      'hold or 9 12:15 90m knee haddad',
      'Place hold — Main OR 9 · 12:15–13:45 · Total knee arthroplasty · Dr Haddad A',
    ],
    [
      'hold OR9, 1215 90 min total knee, Dr. Haddad',
      'Place hold — Main OR 9 · 12:15–13:45 · Total knee arthroplasty · Dr Haddad A',
    ],
    ['or 9 2pm lap chole', 'Place hold — Main OR 9 · 14:00–15:15 · Laparoscopic cholecystectomy'],
    [
      'main 12 1430 hernia bergstrom',
      'Place hold — Main OR 12 · 14:30–15:45 · Inguinal hernia repair · Dr Bergström L',
    ],
    ['amb 2 noon carpal tunnel', 'Place hold — Ambulatory 2 · 12:00–12:20 · Carpal tunnel release'],
    ['amb2 at 3 cataract', 'Place hold — Ambulatory 2 · 15:00–15:15 · Cataract extraction with lens implant'],
    [
      'book or 12 at noon for a hip with okafor',
      'Place hold — Main OR 12 · 12:00–13:35 · Total hip arthroplasty · Dr Okafor N',
    ],
    ['hold or 12 in 30 min appy', 'Place hold — Main OR 12 · 10:30–11:30 · Laparoscopic appendectomy'],
    ['hold or 12 in an hour', 'Place hold — Main OR 12 · 11:00–12:00'],
    ['or 12 930 60 min', 'Place hold — Main OR 12 · 09:30–10:30'],
    ['hold or 5 12-2pm', 'Place hold — Main OR 5 · 12:00–14:00'],
    ['hold or 5 1pm until 3pm lap hyst', 'Place hold — Main OR 5 · 13:00–15:00 · Laparoscopic hysterectomy'],
    [
      'or 7 tomorrow 8 cabg',
      'Place hold — Main OR 7 · Sat, Nov 21, 2026 · 08:00–13:05 · Coronary artery bypass grafting',
    ],
    [
      'or 2 8am monday CABG',
      'Place hold — Main OR 2 · Mon, Nov 23, 2026 · 08:00–13:05 · Coronary artery bypass grafting',
    ],
    [
      'hold or 9 noon knee with c-arm',
      'Place hold — Main OR 9 · 12:00–13:45 · Total knee arthroplasty · C-arm',
    ],
    ['hold or 9 noon robot hyst', 'Place hold — Main OR 9 · 12:00–14:25 · Robotic hysterectomy'],
    ['hold or 9 noon nav knee', 'Place hold — Main OR 9 · 12:00–14:00 · Navigated total knee arthroplasty'],
    ['hold or 9 noon knee scope', 'Place hold — Main OR 9 · 12:00–12:45 · Knee arthroscopy'],
    ['hold or 9 noon turp', 'Place hold — Main OR 9 · 12:00–13:00 · Transurethral resection of the prostate'],
    ['hold or 12 now ex lap', 'Place hold — Main OR 12 · 10:00–12:10 · Exploratory laparotomy'],
    [
      'hold knee',
      '✕ Place hold — 105 min · Total knee arthroplasty — Type a room and a time, such as “or 9 12:15”, or choose a free slot.',
    ],
    [
      'hold or 9 knee',
      '✕ Place hold — Main OR 9 · 105 min · Total knee arthroplasty — Type a time, such as “12:15”, or choose a free slot.',
    ],
    [
      'hold or 9 noon tran',
      '? Place hold — Main OR 9 · 12:00–13:00 · Dr Tran H | Place hold — Main OR 9 · 12:00–13:00 · Dr Tran K',
    ],
    ['hold room 4 noon', '? Place hold — Ambulatory 4 · 12:00–13:00 | Place hold — Main OR 4 · 12:00–13:00'],
    ['hold or 9 noon tran k', 'Place hold — Main OR 9 · 12:00–13:00 · Dr Tran K'],
    ['hold', 'Hold free time'],
  ],
  'finding an opening': [
    ['next available for hip', 'Find an opening — Total hip arthroplasty · 95 min'],
    ['90 min for a knee tomorrow', 'Find an opening — Total knee arthroplasty · 90 min · Sat, Nov 21, 2026'],
    ['find 2 hours okafor', 'Find an opening — Dr Okafor N · 120 min'],
    [
      'knee tomorrow afternoon',
      'Find an opening — Total knee arthroplasty · 105 min · Sat, Nov 21, 2026 · 12:00–18:00',
    ],
    [
      'find knee haddad monday before noon',
      'Find an opening — Total knee arthroplasty · Dr Haddad A · 105 min · Mon, Nov 23, 2026 · before 12:00',
    ],
    [
      'lap chole next week',
      'Find an opening — Laparoscopic cholecystectomy · 75 min · week of Mon, Nov 23, 2026',
    ],
    ['find hip after 2pm', 'Find an opening — Total hip arthroplasty · 95 min · after 14:00'],
    ['hip next available', 'Find an opening — Total hip arthroplasty · 95 min'],
    ['first available 60 min', 'Find an opening — 60 min'],
    ['when can i have a knee', 'Find an opening — Total knee arthroplasty · 105 min'],
    ['find a room for an appy', 'Find an opening — Laparoscopic appendectomy · 60 min'],
    ['free or 4 tomorrow', 'Find an opening — Main OR 4 · 60 min · Sat, Nov 21, 2026'],
    ['find knee in or 4', 'Find an opening — Total knee arthroplasty · Main OR 4 · 105 min'],
    ['earliest hernia bergstrom', 'Find an opening — Inguinal hernia repair · Dr Bergström L · 75 min'],
    ['tka tomorrow', 'Find an opening — Total knee arthroplasty · 105 min · Sat, Nov 21, 2026'],
    ['find 45m with the microscope', 'Find an opening — Microscope · 45 min'],
    ['openings', 'Find openings'],
  ],
  'add-on and urgent': [
    ['appy now', 'Add on — Laparoscopic appendectomy · 60 min · Immediate'],
    ['add on appendectomy', 'Add on — Laparoscopic appendectomy · 60 min · Urgent, within 24 h'],
    ['add-on lap appy', 'Add on — Laparoscopic appendectomy · 60 min · Urgent, within 24 h'],
    ['stat ex lap', 'Add on — Exploratory laparotomy · 130 min · Immediate'],
    ['ex lap stat okafor', 'Add on — Exploratory laparotomy · Dr Okafor N · 130 min · Immediate'],
    ['emergency hip fracture', 'Add on — Hip fracture fixation · 80 min · Immediate'],
    ['urgent appendectomy', 'Add on — Laparoscopic appendectomy · 60 min · Urgent, within 24 h'],
    ['hip fx add on', 'Add on — Hip fracture fixation · 80 min · Urgent, within 24 h'],
    ['add on', 'Add a case to the depot'],
    ['add appy asap', 'Add on — Laparoscopic appendectomy · 60 min · Urgent, within 24 h'],
    [
      'ruptured appendix now',
      '✕ Add on — Laparoscopic appendectomy · 60 min · Immediate — Slate doesn’t understand “ruptured”. Say it another way or leave it out.',
    ],
    ['new case', 'Add a case to the depot'],
  ],
  'moving a case': [
    ['move thyroidectomy to or 12', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 13:00–15:00'],
    ['move thyroid to or 12 at 2pm', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 14:00–16:00'],
    ['move to or 12', `Move ${selected} to Main OR 12, 10:30–11:45`],
    ['move to 2pm', `Move ${selected} to Main OR 1, 14:00–15:15`],
    ['move it to or 7 1430', `Move ${selected} to Main OR 7, 14:30–15:45`],
    [
      'move thyroidectomy to tomorrow',
      'Move Thyroidectomy (Main OR 3 13:00) to Main OR 3, Sat, Nov 21, 2026, 13:00–15:00',
    ],
    ['move hip to or 9', 'Move Total hip arthroplasty (Main OR 4 11:15) to Main OR 9, 11:15–12:50'],
    ['move C-20418 to or 12', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 13:00–15:00'],
    ['move or 3 to or 12', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 13:00–15:00'],
    ['move okafors thyroid into or 12', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 13:00–15:00'],
    ['move femoral nailing to or 11 noon', 'Move Femoral nailing (in the depot) to Main OR 11, 12:00–13:50'],
    [
      'move femoral nailing to or 11',
      '✕ Move Femoral nailing (in the depot) to Main OR 11 — Type a time, such as “12:15”.',
    ],
    ['move', `Move ${selected}`],
    ['move thyroidectomy', `Move ${thyroid}`],
    [
      'move thyroidectomy to or 99',
      '✕ Move Thyroidectomy (Main OR 3 13:00) — Slate doesn’t understand “or 99”. Say it another way or leave it out.',
    ],
    [
      'move thyroidectomy to 25:00',
      '✕ Move Thyroidectomy (Main OR 3 13:00) — Slate doesn’t understand “25:00”. Say it another way or leave it out.',
    ],
    [
      'move hernia to or 12',
      '? Move Inguinal hernia repair (Main OR 6 13:00) to Main OR 12, 13:00–14:15 | Move Umbilical hernia repair (Main OR 4 13:10) to Main OR 12, 13:10–14:10',
    ],
    [
      'move tka to or 9',
      '✕ Move Total knee arthroplasty (Main OR 4 09:00) — Total knee arthroplasty is in the room, or you don’t have permission to change it.',
    ],
    [
      'move unicorn to or 9',
      '✕ Move a case — Slate doesn’t understand “unicorn”. Say it another way or leave it out.',
    ],
    ['move cataract to or 9', '✕ Move a case — No matching case on the board or in the depot.'],
    ['put thyroid in or 12', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 13:00–15:00'],
  ],
  'commands on one case': [
    ['cancel', `Cancel ${selected}`],
    ['cancel case', `Cancel ${selected}`],
    ['cancel this', `Cancel ${selected}`],
    ['cancel thyroidectomy', `Cancel ${thyroid}`],
    ['cancel okafor 13:00', `Cancel ${thyroid}`],
    ['cancel or 3', `Cancel ${thyroid}`],
    [
      'cancel hernia',
      '? Cancel Inguinal hernia repair (Main OR 6 13:00) | Cancel Umbilical hernia repair (Main OR 4 13:10)',
    ],
    ['cancel okafor', `? Cancel ${selected} | Cancel ${thyroid}`],
    [
      'cancel thyroidectomy tomorrow',
      `✕ Cancel ${thyroid} — Slate doesn’t understand “tomorrow”. Say it another way or leave it out.`,
    ],
    [
      'cancel everything',
      `✕ Cancel a case — Slate doesn’t understand “everything”. Say it another way or leave it out.`,
    ],
    ['do not cancel thyroidectomy', 'nothing'],
    [
      'cancel the robot',
      `✕ Cancel ${selected} — Slate doesn’t understand “robot”. Say it another way or leave it out.`,
    ],
    ['bump', `Bump ${selected} to the depot`],
    ['bump thyroid', `Bump ${thyroid} to the depot`],
    ['send thyroid to the depot', `Bump ${thyroid} to the depot`],
    ['confirm thyroidectomy', `Confirm ${thyroid}`],
    ['edit thyroid', `Edit ${thyroid}`],
    ['void', 'Void the case: entered in error'],
    ['wheels in', `Record “Patient in room” now for ${selected}`],
    ['wheels in or 3', `Record “Patient in room” now for ${thyroid}`],
    ['incision or 4', 'Record “Incision” now for Total knee arthroplasty (Main OR 4 09:00)'],
    ['wheels out or 8', 'Record “Patient out of room” now for Robotic prostatectomy (Main OR 8 09:00)'],
    ['in holding thyroid', `Record “Patient in holding” now for ${thyroid}`],
  ],
  delays: [
    ['delay or 4 30 min', 'Delay Main OR 4 by 30 min'],
    ['delay or 4 by 20', 'Delay Main OR 4 by 20 min'],
    ['or 4 is running 30 min late', 'Delay Main OR 4 by 30 min'],
    ['okafor late 45', 'Delay Okafor N by 45 min'],
    ['dr okafor is 45 min late', 'Delay Okafor N by 45 min'],
    ['delay okafor an hour', 'Delay Okafor N by 60 min'],
    ['surgeon late', `✕ Delay ${selected} — Type a length, such as “30 min”.`],
    ['surgeon late 20 min', `Delay ${selected} by 20 min`],
    ['delay 30 min', `Delay ${selected} by 30 min`],
    ['delay thyroid half an hour', `Delay ${thyroid} by 30 min`],
    ['push back or 6 15 min', 'Delay Main OR 6 by 15 min'],
    ['delay or 4', '✕ Delay Main OR 4 — Type a length, such as “30 min”.'],
    [
      'delay or 99 30 min',
      '✕ Delay Laparoscopic cholecystectomy (Main OR 1 10:30) by 30 min — Slate doesn’t understand “or 99”. Say it another way or leave it out.',
    ],
    ['tran late 20', '✕ Delay a case by 20 min — No matching case on the board or in the depot.'],
  ],
  'closing a room': [
    ['close or 5', 'Close Main OR 5 from 10:00 to midnight'],
    ['close or 5 until 4pm', 'Close Main OR 5 from 10:00 to 16:00'],
    ['close or 5 for 45 min', 'Close Main OR 5 from 10:00 to 10:45'],
    ['close or 5 1-3pm', 'Close Main OR 5 from 13:00 to 15:00'],
    ['close or 5 tomorrow', 'Close Main OR 5 on Sat, Nov 21, 2026 from 00:00 to midnight'],
    ['close or 5 60 min terminal cleaning', 'Close Main OR 5 from 10:00 to 11:00'],
    ['block off amb 3 at 2pm 30 min', 'Close Ambulatory 3 from 14:00 to 14:30'],
    ['close room 5', 'Close Main OR 5 from 10:00 to midnight'],
    ['close room 4', '? Close Ambulatory 4 from 10:00 to midnight | Close Main OR 4 from 10:00 to midnight'],
    ['close the robot', 'Close Surgical robot from 10:00 to midnight'],
    ['close', '✕ Close a room — Type a room, such as “or 9”.'],
    ['close or 55', '✕ Close a room — Slate doesn’t understand “or 55”. Say it another way or leave it out.'],
  ],
  'who has a resource': [
    ['who has the c-arm', 'C-arm: 1 of 2 in use now'],
    ['who has the carm?', 'C-arm: 1 of 2 in use now'],
    ["who's got the c arm", 'C-arm: 1 of 2 in use now'],
    ['who has the robot', 'Surgical robot is in use now'],
    ['who is using the robot', 'Surgical robot is in use now'],
    ['who has the cell saver', 'No one has Cell saver now'],
    ['who is in or 4', 'Main OR 4 is in use now'],
    ['who is in or 5', 'No one has Main OR 5 now'],
    ['where is okafor', 'No one has Okafor N now'],
    ['where is haddad', 'Haddad A is in use now'],
    ['where is the thyroidectomy', 'Thyroidectomy'],
    ['who has the scope', 'No one has Laparoscopy tower now'],
    [
      'who has the flux capacitor',
      '✕ Who has it — Slate doesn’t understand “flux”, “capacitor”. Say it another way or leave it out.',
    ],
  ],
  'when a resource is free': [
    ['when is the robot free', 'Surgical robot is free from 12:00'],
    ['is the robot free', 'Surgical robot is free from 12:00'],
    ['robot free', 'Surgical robot is free from 12:00'],
    ['when is or 4 free', 'Main OR 4 is free from 10:45 to 11:15'],
    ['when is or 4 free for 2 hours', 'Main OR 4 is free from 14:10'],
    ['when is or 5 free', 'Main OR 5 is free now, for the rest of the day'],
    ['when is the c-arm free', 'C-arm is free now, for the rest of the day'],
    ['when is okafor free', 'Okafor N is free now, until 10:30'],
    ['when is the holmium laser free', 'Holmium laser is free from 10:45'],
    ['when does haddad finish', 'Haddad A is free from 10:45 to 11:15'],
    [
      'when is or 99 free',
      '✕ When it is free — Slate doesn’t understand “or 99”. Say it another way or leave it out.',
    ],
  ],
  'showing something': [
    ['dr okafor', 'Laparoscopic cholecystectomy'],
    ['okafor', 'Laparoscopic cholecystectomy'],
    ['thyroid', 'Thyroidectomy'],
    ['C-20418', 'Thyroidectomy'],
    ['or 12', 'Go to Main OR 12'],
    ['OR12', 'Go to Main OR 12'],
    ['go to or 4', 'Go to Main OR 4'],
    ['show amb 2', 'Go to Ambulatory 2'],
    ['tomorrow', 'Go to Sat, Nov 21, 2026'],
    ['monday', 'Go to Mon, Nov 23, 2026'],
    ['go to 12/24', 'Go to Thu, Dec 24, 2026'],
    ['dec 1', 'Go to Tue, Dec 1, 2026'],
    ["o'brien", 'Robotic prostatectomy'],
    ['show okafor', 'Go to Dr Okafor N'],
    ['next day', 'Next day; in week view, next week'],
    ['yesterday', 'Go to Thu, Nov 19, 2026'],
    ['today', 'Today'],
    ['now', 'Scroll to now'],
    ['week', 'Show the week'],
    ['list', 'Show the list'],
    ['equipment', 'Show equipment and beds'],
    ['pacu', 'Show equipment and beds'],
    ['figures', 'Show the figures'],
    ['utilization', 'Show the figures'],
    ['wall board', 'Show the wall board'],
    ['show me the wall board', 'Show the wall board'],
    ['depot', 'Show or hide the depot'],
  ],
  'the program': [
    ['dark mode', 'Dark mode'],
    ['turn on dark mode', 'Dark mode'],
    ['light mode', 'Light mode'],
    ['log out', 'Sign out'],
    ['logout', 'Sign out'],
    ['log off', 'Sign out'],
    ['sign out', 'Sign out'],
    ['switch user', 'Lock the screen'],
    ['lock', 'Lock the screen'],
    ['print', 'Print the day list'],
    ['print the list', 'Print the day list'],
    ['undo', 'Undo'],
    ['help', 'All keys'],
    ['keys', 'All keys'],
    ['shortcuts', 'All keys'],
    ['settings', 'Preferences'],
    ['change password', 'Change password'],
  ],
  'typing errors': [
    [
      'hold or 9 noon laporoscopic cholecystectomy',
      'Place hold — Main OR 9 · 12:00–13:15 · Laparoscopic cholecystectomy',
    ],
    [
      'hold or 9 noon cholecystectomie',
      'Place hold — Main OR 9 · 12:00–13:15 · Laparoscopic cholecystectomy',
    ],
    ['apendectomy now', 'Add on — Laparoscopic appendectomy · 60 min · Immediate'],
    ['add on appendectamy', 'Add on — Laparoscopic appendectomy · 60 min · Urgent, within 24 h'],
    ['cancle thyroidectomy', `Cancel ${thyroid}`],
    ['move throidectomy to or 12', 'Move Thyroidectomy (Main OR 3 13:00) to Main OR 12, 13:00–15:00'],
    ['knee tommorow', 'Find an opening — Total knee arthroplasty · 105 min · Sat, Nov 21, 2026'],
    ['dealy or 4 30 min', 'Delay Main OR 4 by 30 min'],
    ['hold or 9 noon haddat', 'Place hold — Main OR 9 · 12:00–13:00 · Dr Haddad A'],
    ['hold or 9 noon hernea', 'Place hold — Main OR 9 · 12:00–13:15 · Inguinal hernia repair'],
    ['okafer late 30', 'Delay Okafor N by 30 min'],
    ['drak mode', 'Dark mode'],
  ],
  'phrases that must not be misread': [
    [
      'hold or 9 12:15 90m knee haddad frobnicate',
      '✕ Place hold — Main OR 9 · 12:15–13:45 · Total knee arthroplasty · Dr Haddad A — Slate doesn’t understand “frobnicate”. Say it another way or leave it out.',
    ],
    [
      'hold or 99 12:15',
      '✕ Place hold — 12:15–13:15 — Slate doesn’t understand “or 99”. Say it another way or leave it out.',
    ],
    [
      'hold or 9 or 4 12:15',
      '✕ Place hold — Main OR 9 · 12:15–13:15 — Slate doesn’t understand “or 4”. Say it another way or leave it out.',
    ],
    [
      'hold or 9 12:15 without haddad',
      '✕ Place hold — Main OR 9 · 12:15–13:15 · Dr Haddad A — Slate doesn’t understand “without”. Say it another way or leave it out.',
    ],
    [
      'hold or 9 25:00',
      '✕ Place hold — Main OR 9 · 60 min — Slate doesn’t understand “25:00”. Say it another way or leave it out.',
    ],
    [
      'hold or 9 noon 3 min',
      '✕ Place hold — Main OR 9 · 12:00–13:00 — Slate doesn’t understand “3 min”. Say it another way or leave it out.',
    ],
    [
      'hold or 9 noon knee hernia',
      '✕ Place hold — Main OR 9 · 12:00–13:45 · Total knee arthroplasty — Slate doesn’t understand “hernia”. Say it another way or leave it out.',
    ],
    [
      'hold or 9 noon femoral nailing',
      '✕ Place hold — Main OR 9 · 12:00–13:00 — Slate doesn’t understand “femoral”, “nailing”. Say it another way or leave it out.',
    ],
    [
      'find knee except monday',
      '✕ Find an opening — Total knee arthroplasty · 105 min · Mon, Nov 23, 2026 — Slate doesn’t understand “except”. Say it another way or leave it out.',
    ],
    ['carpal tunnel release', 'nothing'],
    ['qwxz', 'nothing'],
    ['', 'Hold free time'],
  ],
};

describe.each(Object.entries(table))('PL1 the palette understands phrases: %s', (_of, rows) => {
  test.each(rows.map(([phrase, reading]) => [phrase, reading] as const))('%s', (phrase, reading) => {
    expect(sentenceFor(phrase)).toBe(reading);
  });
});

test('PL1 the table has at least 150 phrases', () => {
  expect(Object.values(table).flat().length).toBeGreaterThanOrEqual(150);
});
