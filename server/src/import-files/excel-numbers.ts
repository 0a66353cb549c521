/** The meaning of a number of a sheet, by its number format. */
export type Meaning = 'number' | 'date' | 'time' | 'dateAndTime';

const builtIn: Readonly<Record<number, Meaning>> = {
  14: 'date',
  15: 'date',
  16: 'date',
  17: 'date',
  18: 'time',
  19: 'time',
  20: 'time',
  21: 'time',
  22: 'dateAndTime',
  45: 'time',
  46: 'time',
  47: 'time',
};

export function meaningOf(formatId: number, code: string | undefined): Meaning {
  const known = builtIn[formatId];
  if (known !== undefined || code === undefined) return known ?? 'number';
  // Without texts, colors and conditions.
  const letters = code.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]/g, '').toLowerCase();
  const hasDate = /[yd]/.test(letters);
  const hasTime = /[hs]/.test(letters);
  if (hasDate) return hasTime ? 'dateAndTime' : 'date';
  return hasTime ? 'time' : 'number';
}

const dayMs = 86_400_000;

/** The text of a number: `2026-12-01`, `07:30`, `2026-12-01 07:30`, or the number without errors of binary fractions. */
export function textOfNumber(value: number, meaning: Meaning, is1904: boolean): string {
  if (meaning === 'number' || !Number.isFinite(value) || value < 0 || value > 2_958_465)
    return String(Number(value.toPrecision(15)));
  // Times are fractions of a day: rounded to seconds.
  const ms = Math.round(value * 86_400) * 1000;
  const text = new Date(Date.UTC(is1904 ? 1904 : 1899, is1904 ? 0 : 11, is1904 ? 1 : 30) + ms).toISOString();
  const [date, clock] = [text.slice(0, 10), text.slice(11, 19).replace(/:00$/, '')];
  if (meaning === 'time' && value < 1) return clock;
  return ms % dayMs === 0 && meaning === 'date' ? date : `${date} ${clock}`;
}
