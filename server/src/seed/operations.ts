import type { Procedure } from '@slate/shared/resources';
import { idOf } from './random.ts';
import { resourceNamed, services } from './resources.ts';
import type { BedPool, Pool, Service } from './resources.ts';

/** A procedure with its frequency and place. */
export type Operation = {
  readonly procedure: Procedure;
  /** Relative frequency within its service. */
  readonly share: number;
  /** Done in the ambulatory rooms with their short turnover. */
  readonly ambulatory: boolean;
  /** Also done as an urgent case, at any hour. */
  readonly urgent: boolean;
};

type Entry = {
  name: string;
  short?: string;
  minutes: number;
  sd: number;
  share: number;
  /** Setup and cleanup minutes; left out: ambulatory, 5 and 10. */
  turnover?: readonly [number, number];
  room?: readonly string[];
  equipment?: readonly Pool[];
  bed?: readonly [BedPool, number];
  urgent?: true;
};

// prettier-ignore
const table: Readonly<Record<Service, readonly Entry[]>> = {
  'General Surgery': [
    { name: 'Laparoscopic cholecystectomy', short: 'Lap chole', minutes: 73, sd: 28, share: 9, turnover: [10, 13], room: ['laparoscopy'], equipment: ['Laparoscopy tower'] },
    { name: 'Laparoscopic appendectomy', short: 'Lap appy', minutes: 62, sd: 20, share: 3, turnover: [10, 12], room: ['laparoscopy'], equipment: ['Laparoscopy tower'], urgent: true },
    { name: 'Laparoscopic colectomy', short: 'Lap colectomy', minutes: 165, sd: 45, share: 3, turnover: [12, 15], room: ['laparoscopy'], equipment: ['Laparoscopy tower'], bed: ['PACU', 1] },
    { name: 'Thyroidectomy', minutes: 118, sd: 32, share: 3, turnover: [10, 13], bed: ['PACU', 1] },
    { name: 'Mastectomy', minutes: 112, sd: 30, share: 3, turnover: [10, 14] },
    { name: 'Robotic ventral hernia repair', short: 'Robotic ventral hernia', minutes: 124, sd: 36, share: 6, turnover: [12, 15], room: ['robotic'], equipment: ['Surgical robot'] },
    { name: 'Exploratory laparotomy', short: 'Ex lap', minutes: 128, sd: 50, share: 1, turnover: [12, 15], bed: ['ICU', 1], urgent: true },
    { name: 'Inguinal hernia repair', short: 'Inguinal hernia', minutes: 76, sd: 23, share: 8 },
    { name: 'Umbilical hernia repair', short: 'Umbilical hernia', minutes: 59, sd: 30, share: 6 },
  ],
  Orthopedics: [
    { name: 'Total knee arthroplasty', short: 'Total knee', minutes: 105, sd: 25, share: 8, turnover: [11, 14], room: ['laminar flow'], bed: ['PACU', 1] },
    { name: 'Total hip arthroplasty', short: 'Total hip', minutes: 96, sd: 28, share: 8, turnover: [11, 14], room: ['laminar flow', 'imaging'], equipment: ['C-arm'], bed: ['PACU', 1] },
    { name: 'Navigated total knee arthroplasty', short: 'Total knee, navigated', minutes: 118, sd: 26, share: 2, turnover: [12, 15], room: ['laminar flow'], equipment: ['Navigation'], bed: ['PACU', 1] },
    { name: 'Revision hip arthroplasty', short: 'Revision hip', minutes: 172, sd: 48, share: 1, turnover: [12, 15], room: ['laminar flow', 'imaging'], equipment: ['C-arm', 'Cell saver'], bed: ['PACU', 2] },
    { name: 'Knee arthroscopy', short: 'Knee scope', minutes: 44, sd: 14, share: 6, room: ['arthroscopy'], equipment: ['Arthroscopy tower'] },
    { name: 'Shoulder arthroscopy', short: 'Shoulder scope', minutes: 88, sd: 24, share: 5, room: ['arthroscopy'], equipment: ['Arthroscopy tower'] },
    { name: 'Anterior cruciate ligament reconstruction', short: 'ACL', minutes: 96, sd: 22, share: 4, room: ['arthroscopy'], equipment: ['Arthroscopy tower'] },
  ],
  Trauma: [
    { name: 'Hip fracture fixation', short: 'Hip fracture', minutes: 82, sd: 26, share: 5, turnover: [11, 14], room: ['trauma', 'imaging'], equipment: ['C-arm'], bed: ['PACU', 1], urgent: true },
    { name: 'Ankle fracture fixation', short: 'Ankle ORIF', minutes: 78, sd: 24, share: 4, turnover: [10, 13], room: ['imaging'], equipment: ['C-arm'] },
    { name: 'Distal radius fixation', short: 'Distal radius', minutes: 68, sd: 20, share: 4, turnover: [10, 12], room: ['imaging'], equipment: ['C-arm'] },
    { name: 'Femoral nailing', short: 'Femoral nail', minutes: 112, sd: 30, share: 2, turnover: [12, 15], room: ['trauma', 'imaging'], equipment: ['C-arm'], bed: ['PACU', 2], urgent: true },
    { name: 'Wound debridement', short: 'Debridement', minutes: 42, sd: 15, share: 3, turnover: [10, 12], urgent: true },
  ],
  'Cardiac Surgery': [
    // The published 246 minutes of surgery follow an hour of anesthesia in the room.
    { name: 'Coronary artery bypass grafting', short: 'CABG', minutes: 246 + 60, sd: 52, share: 5, turnover: [12, 15], room: ['cardiac'], equipment: ['Cell saver'], bed: ['ICU', 2] },
    { name: 'Aortic valve replacement', short: 'AVR', minutes: 272, sd: 48, share: 3, turnover: [12, 15], room: ['cardiac'], equipment: ['Cell saver'], bed: ['ICU', 2] },
    { name: 'Mitral valve repair', short: 'MVR', minutes: 294, sd: 55, share: 2, turnover: [12, 15], room: ['cardiac'], equipment: ['Cell saver'], bed: ['ICU', 2] },
    { name: 'Pacemaker implantation', short: 'Pacemaker', minutes: 64, sd: 18, share: 3, turnover: [10, 12], room: ['imaging'], equipment: ['C-arm'] },
  ],
  'Vascular Surgery': [
    { name: 'Endovascular aneurysm repair', short: 'EVAR', minutes: 142, sd: 40, share: 3, turnover: [12, 15], room: ['hybrid'], bed: ['ICU', 1] },
    { name: 'Carotid endarterectomy', short: 'Carotid', minutes: 108, sd: 26, share: 4, turnover: [11, 14], bed: ['PACU', 1] },
    { name: 'Femoropopliteal bypass', short: 'Fem-pop', minutes: 176, sd: 48, share: 2, turnover: [12, 15], room: ['imaging'], equipment: ['C-arm'], bed: ['PACU', 1] },
    { name: 'Arteriovenous fistula', short: 'AV fistula', minutes: 76, sd: 20, share: 4, turnover: [10, 12] },
    { name: 'Leg embolectomy', short: 'Embolectomy', minutes: 86, sd: 30, share: 1, turnover: [11, 13], room: ['imaging'], equipment: ['C-arm'], bed: ['ICU', 1], urgent: true },
  ],
  Neurosurgery: [
    { name: 'Lumbar microdiscectomy', short: 'Microdisc', minutes: 84, sd: 24, share: 6, turnover: [11, 13], room: ['microscope', 'imaging'], equipment: ['Microscope', 'C-arm'] },
    { name: 'Craniotomy for tumor', short: 'Crani tumor', minutes: 232, sd: 60, share: 3, turnover: [12, 15], room: ['microscope'], equipment: ['Microscope', 'Navigation'], bed: ['ICU', 1] },
    { name: 'Lumbar fusion', minutes: 188, sd: 52, share: 3, turnover: [12, 15], room: ['imaging'], equipment: ['C-arm', 'Cell saver'], bed: ['PACU', 2] },
    { name: 'Burr hole drainage', short: 'Burr hole', minutes: 54, sd: 18, share: 1, turnover: [11, 13], bed: ['ICU', 1], urgent: true },
  ],
  Urology: [
    { name: 'Robotic prostatectomy', short: 'Robotic prostate', minutes: 178, sd: 38, share: 5, turnover: [12, 15], room: ['robotic'], equipment: ['Surgical robot'], bed: ['PACU', 1] },
    { name: 'Robotic partial nephrectomy', minutes: 166, sd: 40, share: 2, turnover: [12, 15], room: ['robotic'], equipment: ['Surgical robot'], bed: ['PACU', 1] },
    { name: 'Ureteroscopy with laser lithotripsy', short: 'Ureteroscopy', minutes: 58, sd: 20, share: 6, turnover: [10, 12], room: ['imaging'], equipment: ['Holmium laser', 'C-arm'] },
    { name: 'Transurethral resection of the prostate', short: 'TURP', minutes: 62, sd: 18, share: 5, turnover: [10, 13] },
    { name: 'Cystoscopy with biopsy', short: 'Cysto', minutes: 28, sd: 10, share: 5 },
    { name: 'Vasectomy', minutes: 32, sd: 9, share: 2 },
  ],
  Gynecology: [
    { name: 'Laparoscopic hysterectomy', short: 'Lap hyst', minutes: 131, sd: 36, share: 6, turnover: [11, 14], room: ['laparoscopy'], equipment: ['Laparoscopy tower'], bed: ['PACU', 1] },
    { name: 'Robotic hysterectomy', short: 'Robotic hyst', minutes: 144, sd: 36, share: 3, turnover: [12, 15], room: ['robotic'], equipment: ['Surgical robot'], bed: ['PACU', 1] },
    { name: 'Myomectomy', minutes: 113, sd: 32, share: 4, turnover: [11, 14], room: ['laparoscopy'], equipment: ['Laparoscopy tower'], bed: ['PACU', 1] },
    { name: 'Laparoscopic ovarian cystectomy', short: 'Lap cystectomy', minutes: 76, sd: 24, share: 4, turnover: [10, 13], room: ['laparoscopy'], equipment: ['Laparoscopy tower'] },
    { name: 'Laparoscopic salpingectomy', short: 'Lap salpingectomy', minutes: 66, sd: 22, share: 1, turnover: [10, 12], room: ['laparoscopy'], equipment: ['Laparoscopy tower'], urgent: true },
    { name: 'Hysteroscopy', minutes: 34, sd: 12, share: 5 },
  ],
  Ophthalmology: [
    { name: 'Cataract extraction with lens implant', short: 'Cataract', minutes: 15, sd: 4, share: 2, room: ['eye'], equipment: ['Phaco'] },
    { name: 'Vitrectomy', minutes: 62, sd: 18, share: 4, room: ['eye'] },
    { name: 'Strabismus repair', minutes: 48, sd: 12, share: 2, room: ['eye'] },
  ],
  ENT: [
    { name: 'Endoscopic sinus surgery', short: 'FESS', minutes: 98, sd: 28, share: 4, turnover: [10, 13], equipment: ['Navigation'] },
    { name: 'Mastoidectomy', minutes: 138, sd: 36, share: 3, turnover: [11, 14], room: ['microscope'], equipment: ['Microscope'] },
    { name: 'Parotidectomy', minutes: 146, sd: 38, share: 3, turnover: [11, 14], bed: ['PACU', 1] },
    { name: 'Tonsillectomy', minutes: 32, sd: 10, share: 6 },
    { name: 'Septoplasty', minutes: 58, sd: 16, share: 5 },
  ],
  'Plastic Surgery': [
    { name: 'Breast reconstruction', minutes: 186, sd: 50, share: 3, turnover: [12, 15], room: ['microscope'], equipment: ['Microscope'], bed: ['PACU', 1] },
    { name: 'Breast reduction', minutes: 134, sd: 34, share: 3, turnover: [11, 14] },
    { name: 'Carpal tunnel release', short: 'Carpal tunnel', minutes: 18, sd: 5, share: 8 },
    { name: 'Skin lesion excision with graft', short: 'Lesion and graft', minutes: 54, sd: 18, share: 4 },
  ],
};

const operationOf = (service: Service, entry: Entry): Operation => {
  const [setupMinutes, cleanupMinutes] = entry.turnover ?? [5, 10];
  return {
    share: entry.share,
    ambulatory: entry.turnover === undefined,
    urgent: entry.urgent ?? false,
    procedure: {
      id: idOf('procedure', entry.name),
      name: entry.name,
      shortName: entry.short ?? null,
      service,
      minutes: entry.minutes,
      spread: entry.sd,
      setupMinutes,
      cleanupMinutes,
      turnoverByRoom: [],
      capabilities: [...(entry.room ?? [])],
      equipment: (entry.equipment ?? []).map((pool) => ({ resourceId: resourceNamed(pool).id, quantity: 1 })),
      bed: entry.bed ? { resourceId: resourceNamed(entry.bed[0]).id, nights: entry.bed[1] } : null,
      active: true,
      version: 1,
    },
  };
};

export const operations: readonly Operation[] = services.flatMap((service) =>
  table[service].map((entry) => operationOf(service, entry)),
);

export function operationNamed(name: string): Operation {
  const found = operations.find(({ procedure }) => procedure.name === name);
  if (!found) throw new Error(`The demo hospital has no operation ${name}.`);
  return found;
}
