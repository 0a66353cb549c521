import type { Problem } from '@slate/shared/errors';
import type { Actor } from '@slate/shared/fields';
import type { ReadRecorder } from './record-reads.ts';
import type { Pseudonym } from '../../identity/secrets.ts';

/** What was asked, as far as it was understood before it was refused. */
export type Asked = {
  userId?: string;
  /** Once it is known that the caller has business at the site. */
  caller?: { siteId: string; actor: Actor };
  name: string;
  /** What it was about: ids alone. */
  about: Record<string, string>;
  patientRef?: string;
};

export type RefusalAudit = (asked: Asked, refusal: Pick<Problem, 'code' | 'blockers'>) => Promise<void>;

/**
 * Writes down, before it is answered, a refusal that tells something about a patient, and each attempt at what the
 * caller may not do. Both are worth as much to somebody curious as a read.
 */
export const createRefusalAudit =
  (reads: ReadRecorder, pseudonym: Pseudonym): RefusalAudit =>
  async ({ caller, name, about, patientRef }, { code, blockers = [] }) => {
    if (!caller || (code !== 'forbidden' && !blockers.some(({ kind }) => kind === 'patient'))) return;
    const { siteId, actor } = caller;
    const patient = patientRef === undefined ? {} : { patientRef: pseudonym(siteId, patientRef) };
    await reads.record({ siteId, actor, action: `${name}.refused`, detail: { ...about, ...patient, code } });
  };
