const most = 60;

/** Returns the names that a pattern stands for: `Main OR 1–3` is three rooms. Any other name stands for itself. */
export function expandNames(name: string): string[] {
  const [, start = '', first = '', last = ''] = /^(.*?)(\d+)\s*(?:[-–—]|\.\.)\s*(\d+)\s*$/.exec(name) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || to <= from || to - from >= most) return [name];
  const width = first.startsWith('0') ? first.length : 0;
  return Array.from(
    { length: to - from + 1 },
    (_, index) => `${start}${String(from + index).padStart(width, '0')}`,
  );
}
