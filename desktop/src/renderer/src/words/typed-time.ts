/** Times and lengths as people type them. */

const named: Readonly<Record<string, string>> = { noon: '12:00', midnight: '00:00' };

/** Parses 14:05, 14.05, 1405, 930, 9, 2pm, 2:30 p.m. or noon. */
export function clockOf(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const namedTime = named[text];
  if (namedTime !== undefined) return namedTime;
  const [, hour, minute = '0', half] = /^(\d{1,2})(?:[:.h ]?(\d{2}))?(?: ?([ap])\.?m?\.?)?$/.exec(text) ?? [];
  if (hour === undefined) return null;
  const [hours, minutes] = [Number(hour), Number(minute)];
  if (minutes > 59 || hours > 23 || (half !== undefined && (hours < 1 || hours > 12))) return null;
  const ofDay = half === undefined ? hours : (hours % 12) + (half === 'p' ? 12 : 0);
  return `${String(ofDay).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** Parses 90, 90 min, 1:30 or 1h30. */
export function minutesOf(typed: string): number {
  const found = /^\s*(?:(\d{1,2})\s*[:h]\s*)?(\d{1,4})?\s*(?:m|min)?\s*$/i.exec(typed);
  if (!found || (found[1] === undefined && found[2] === undefined)) return Number.NaN;
  return Number(found[1] ?? 0) * 60 + Number(found[2] ?? 0);
}
