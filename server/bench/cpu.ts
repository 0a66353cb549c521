import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Processor seconds that a process has used so far; NaN where the system does not tell. */
export function cpuSeconds(pid: number): number {
  try {
    // After the name, which may hold anything: the 12th and 13th fields, user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
}
