import type { ResourceAttributes } from '../resources.ts';
import { resolvePlanned } from '../time.ts';
import { Problem } from './names.ts';
import type { NamedKind, Names } from './names.ts';

/** How the values of a column are read from cells and written into them. `read` never gets an empty text. */
export type Format<Value> = {
  read(text: string, names: Names): Value | Problem;
  write(value: Value, names: Names): string;
};

export const text: Format<string> = { read: (value) => value, write: (value) => value };

/** Compared without regard to case, as accounts are. */
export const address: Format<string> = { read: (value) => value.toLowerCase(), write: (value) => value };

export const whole: Format<number> = {
  read: (value) =>
    /^[+-]?\d{1,9}([.,]0+)?$/.test(value)
      ? Number.parseInt(value, 10)
      : new Problem(`“${value}” must be a whole number, in digits.`),
  write: String,
};

const yes = ['yes', 'y', 'true', '1', 'x', 'active'];
const no = ['no', 'n', 'false', '0', 'inactive', 'retired'];
export const yesOrNo: Format<boolean> = {
  read(value) {
    const typed = value.toLowerCase();
    if (yes.includes(typed)) return true;
    return no.includes(typed) ? false : new Problem(`“${value}” must be yes or no.`);
  },
  write: (value) => (value ? 'yes' : 'no'),
};

export const oneOf = <Value extends string>(values: readonly Value[]): Format<Value> => ({
  read: (typed) =>
    values.find((value) => value === typed.toLowerCase()) ??
    new Problem(`“${typed}” must be one of: ${values.join(', ')}.`),
  write: (value) => value,
});

const partsOf = (typed: string) => typed.split(';').flatMap((part) => part.trim() || []);
const firstProblem = <Value>(values: readonly (Value | Problem)[]): Value[] | Problem => {
  const problem = values.find((value) => value instanceof Problem);
  return problem instanceof Problem
    ? problem
    : values.filter((value): value is Value => !(value instanceof Problem));
};

/** `Robot; C-arm` */
export const words: Format<string[]> = { read: partsOf, write: (values) => values.join('; ') };

export const reference = (kind: NamedKind): Format<string> => ({
  read: (typed, names) => names.find(kind, typed),
  write: (id, names) => names.textOf(kind, id),
});

export const references = (kind: NamedKind): Format<string[]> => ({
  read: (typed, names) => firstProblem(partsOf(typed).map((part) => names.find(kind, part))),
  write: (ids, names) => ids.map((id) => names.textOf(kind, id)).join('; '),
});

type Need = { resourceId: string; quantity: number };
const counted = /^(.+?)\s*[x×]\s*(\d{1,4})$/i;

/** `C-arm; Navigation x2` */
export const needs: Format<Need[]> = {
  read: (typed, names) =>
    firstProblem(
      partsOf(typed).map((part): Need | Problem => {
        const found = names.find('equipment', part);
        const [, name, count] = counted.exec(part) ?? [];
        if (!(found instanceof Problem) || name === undefined) return needOf(found, 1);
        return needOf(names.find('equipment', name), Number(count));
      }),
    ),
  write: (values, names) =>
    values
      .map(({ resourceId, quantity }) => {
        const name = names.textOf('equipment', resourceId);
        return quantity === 1 && !counted.test(name) ? name : `${name} x${quantity}`;
      })
      .join('; '),
};
const needOf = (found: string | Problem, quantity: number) =>
  found instanceof Problem ? found : { resourceId: found, quantity };

type RoomTurnover = { roomId: string; setupMinutes: number; cleanupMinutes: number };

/** `OR 1 30/20; OR 2 25/15`: setup and cleanup in minutes. */
export const turnovers: Format<RoomTurnover[]> = {
  read: (typed, names) =>
    firstProblem(
      partsOf(typed).map((part): RoomTurnover | Problem => {
        const [, room, setup, cleanup] = /^(.+?)[\s:]+(\d{1,4})\s*\/\s*(\d{1,4})$/.exec(part) ?? [];
        if (room === undefined)
          return new Problem(`“${part}” must be a room, setup and cleanup, such as OR 1 30/20.`);
        const roomId = names.find('room', room);
        return roomId instanceof Problem
          ? roomId
          : { roomId, setupMinutes: Number(setup), cleanupMinutes: Number(cleanup) };
      }),
    ),
  write: (values, names) =>
    values
      .map(
        ({ roomId, setupMinutes, cleanupMinutes }) =>
          `${names.textOf('room', roomId)} ${setupMinutes}/${cleanupMinutes}`,
      )
      .join('; '),
};

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayOf = (typed: string) =>
  dayNames.findIndex((name) => typed.trim().toLowerCase().startsWith(name.toLowerCase())) + 1;

/** `Mon, Wed` or `Mon-Fri` */
export const weekdays: Format<number[]> = {
  read(typed) {
    const days = typed.split(/[,;]/).flatMap((part) => {
      const ends = part.split(/[-–]|\bto\b/).map(dayOf);
      const [from = 0, until = from] = ends;
      if (from === 0 || until === 0 || ends.length > 2 || until < from) return [0];
      return Array.from({ length: until - from + 1 }, (_, index) => from + index);
    });
    return days.includes(0)
      ? new Problem(`“${typed}” must be weekdays, such as Mon, Wed or Mon-Fri.`)
      : [...new Set(days)].toSorted((a, b) => a - b);
  },
  write: (days) => writtenDays(days, ', '),
};

/** Three or more days in a row are a range. */
function writtenDays(days: readonly number[], separator: string): string {
  const runs: number[][] = [];
  for (const day of days.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  const nameOf = (day: number | undefined) => dayNames[(day ?? 1) - 1] ?? '';
  return runs
    .map((run) =>
      run.length > 2 ? `${nameOf(run[0])}-${nameOf(run.at(-1))}` : run.map(nameOf).join(separator),
    )
    .join(separator);
}

const clock = /^(\d{1,2})(?::(\d{2}))?(?::00)?\s*(am|pm)?$/i;

/** `07:30`, as typed in 24 hours or with AM and PM; `24:00` is midnight at the end of the day. */
function clockOf(typed: string): string | null {
  const [, hours, minutes = '00', half] = clock.exec(typed.trim()) ?? [];
  const hour = Number(hours);
  if (hours === undefined || Number(minutes) > 59 || (half && (hour < 1 || hour > 12))) return null;
  const in24 = half ? (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : hour;
  if (in24 > 24 || (in24 === 24 && minutes !== '00')) return null;
  return `${String(in24).padStart(2, '0')}:${minutes}`;
}

export const time: Format<string> = {
  read: (typed) => clockOf(typed) ?? new Problem(`“${typed}” must be a time, such as 07:30 or 7:30 AM.`),
  write: (value) => value,
};

/** `2026-12-01`; also `12/31/2026` (month first) and `31.12.2026` (day first). */
function dateOf(typed: string): string | null {
  const [, year, month, day] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed) ??
    reordered(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(typed), [3, 1, 2]) ??
    reordered(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(typed), [3, 2, 1]) ??
    [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? date : null;
}
const reordered = (match: RegExpExecArray | null, [year, month, day]: [number, number, number]) =>
  match && ['', match[year], match[month], match[day]];

export const date: Format<string> = {
  read: (typed) =>
    dateOf(typed) ?? new Problem(`“${typed}” must be a date, such as 2026-12-31 or 12/31/2026.`),
  write: (value) => value,
};

const notADateAndTime = (typed: string) =>
  new Problem(`“${typed}” must be a date and time, such as 2026-12-01 07:30.`);

/** An instant, as local time of the site: `2026-12-01 07:30`. An offset is needed only when a local time occurs twice. */
export const dateAndTime: Format<string> = {
  read(typed, { zone }) {
    if (/[+-]\d{2}:\d{2}$|Z$/i.test(typed) && typed.length > 12) {
      const at = new Date(typed.replace(' ', 'T'));
      return Number.isNaN(at.getTime()) ? notADateAndTime(typed) : at.toISOString();
    }
    const [, day = '', clockText = ''] = /^(\S+?)(?:\s+|T)(.+)$/.exec(typed) ?? [];
    const [onDate, at] = [dateOf(day), clockOf(clockText)];
    if (onDate === null || at === null || at === '24:00') return notADateAndTime(typed);
    const resolved = resolvePlanned(`${onDate}T${at}`, zone);
    if (resolved.kind === 'instant') return resolved.at;
    return new Problem(
      resolved.kind === 'impossible'
        ? `${onDate} ${at} doesn’t exist in ${zone}: the clocks go forward. Choose another time.`
        : `${onDate} ${at} happens twice in ${zone}. Write ${resolved.earlier} or ${resolved.later}.`,
    );
  },
  write(value, { zone }) {
    const local = localTextOf(value, zone);
    return resolvePlanned(local, zone).kind === 'instant' ? local.replace('T', ' ') : value;
  },
};

const localFormats = new Map<string, Intl.DateTimeFormat>();
function localTextOf(at: string, zone: string): string {
  let format = localFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    localFormats.set(zone, format);
  }
  return format.format(new Date(at)).replace(' ', 'T');
}

type Hours = NonNullable<ResourceAttributes['hours']>;

/** `Mon-Fri 07:00-17:00; Sat 08:00-12:00` */
export const hours: Format<Hours> = {
  read(typed, names) {
    return firstProblem(
      partsOf(typed).map((part): Hours[number] | Problem => {
        const [, days = '', from = '', to = ''] = /^(.*?)\s*(\d[\d:]*)\s*[-–]\s*(\d[\d:]*)$/.exec(part) ?? [];
        const [read, open, close] = [weekdays.read(days, names), clockOf(from), clockOf(to)];
        return read instanceof Problem || open === null || close === null
          ? new Problem(`“${part}” must be days and hours, such as Mon-Fri 07:00-17:00.`)
          : { days: read, open, close };
      }),
    );
  },
  write: (values) =>
    values.map(({ days, open, close }) => `${writtenDays(days, ',')} ${open}-${close}`).join('; '),
};
