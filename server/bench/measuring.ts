import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** CPU seconds a process has used so far; NaN if the system doesn't say. */
export function cpuSeconds(pid: number): number {
  try {
    // After the name, which may contain anything: fields 12 and 13 are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A clock shared by all processes of the machine, in milliseconds. */
export const sharedClock = () => Number(process.hrtime.bigint()) / 1e6;
