import { scopeOf } from '@slate/shared/permissions';
import type { CommandDeps } from '../../commands/context.ts';
import { isUnavailable } from '../../db/failures.ts';
import { deleteOldImport, importById, importerOf, leaseImport, renewLease } from '../../db/imports.sql.ts';
import { maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { applyCases, planCases, undoCases } from './import-cases.ts';
import { applyRecords, planRecords } from './import-records.ts';
import { leaveImport, Refused, savePlan, Stopped } from './run.ts';
import type { Run } from './run.ts';

/** How long an import waits for a process that has stopped, before another one goes on with it. */
const leaseSeconds = 10;

/** Works on every import that was started, one after the other. Any number of processes may do so. */
export async function runImports(deps: CommandDeps): Promise<void> {
  for (;;) {
    const leased = await maybeOne(deps.pool, leaseImport, [leaseSeconds]);
    if (!leased) return;
    await runImport(deps, leased);
  }
}

export async function deleteImports(db: Queryable): Promise<void> {
  while ((await run(db, deleteOldImport.name, deleteOldImport.text)) > 0);
}

async function runImport(
  deps: CommandDeps,
  { siteId, id, lease: until }: { siteId: string; id: string; lease: string },
): Promise<void> {
  const { pool } = deps;
  const [{ import: file }, { mode, role, isCancelled }] = await Promise.all([
    one(pool, importById, [siteId, id]),
    one(pool, importerOf, [siteId, id]),
  ]);
  const { state } = file;
  const lease = { until };
  const progress = async (done: number) => {
    const renewed = await maybeOne(pool, renewLease, [siteId, id, lease.until, done, leaseSeconds]);
    if (!renewed) throw new Stopped();
    lease.until = renewed.lease;
  };
  const job: Run = { deps, siteId, file, mode, lease, progress };
  try {
    if (state === 'undoing') return await undoCases(job);
    if (isCancelled) throw new Stopped();
    if (role === null || scopeOf(role, 'import.manage') === 'none')
      throw new Refused(`${file.by.name} may no longer import.`);
    if (state === 'checking') return await check(job);
    await (file.kind === 'cases' ? applyCases(job) : applyRecords(job));
  } catch (error) {
    if (error instanceof Stopped) return stop(job);
    // The lease ends, and it is tried again.
    if (isUnavailable(error)) throw error;
    await fail(job, error instanceof Refused ? error.message : 'Something went wrong on the server.');
    if (!(error instanceof Refused)) throw error;
  }
}

async function check(job: Run): Promise<void> {
  const { file } = job;
  const { planned } = await (file.kind === 'cases' ? planCases(job) : planRecords(job));
  const counts = await savePlan(job, planned);
  await job.progress(file.lines);
  await leaveImport(job, { state: 'checked', counts, done: file.lines });
}

/** Nothing but cases is written before the end; those are taken back if all or nothing was wanted. */
const mustUndo = ({ file, mode }: Run) =>
  file.state === 'applying' && file.kind === 'cases' && mode === 'all';

async function stop(job: Run) {
  const { deps, siteId, file } = job;
  const current = await one(deps.pool, importerOf, [siteId, file.id]);
  if (!current.isCancelled || current.state !== file.state) return;
  await leaveImport(job, mustUndo(job) ? { state: 'undoing', done: 0 } : { state: 'cancelled' });
}

async function fail(job: Run, reason: string) {
  // Taking back is tried again until it is done.
  if (job.file.state === 'undoing') return;
  await leaveImport(job, mustUndo(job) ? { state: 'undoing', reason, done: 0 } : { state: 'failed', reason });
}
