import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { Answer, Api } from '../../../scripts/api.ts';
import { holdInput } from '../../../server/test/hospital.ts';
import type { Hospital } from '../../../server/test/hospital.ts';

/** Commands of another desk, one line each. A refusal is an error in the test. */
export function bookings(api: Api, hospital: Hospital) {
  const site = `/sites/${hospital.siteId}`;
  const done = ({ status, body }: Answer) => {
    if (status >= 300) throw new Error(`${status}: ${String(body.detail)}`);
    return body.case as Case;
  };
  const onCase = async (item: Case, name: string, body: object) =>
    done(await api.post(`${site}/cases/${item.id}/${name}`, body));
  const hold = async (more: Partial<PlaceHold> = {}) =>
    done(await api.post(`${site}/holds`, holdInput(hospital, more)));
  const confirm = (item: Case) => onCase(item, 'confirm', {});
  return {
    hold,
    confirm,
    book: async (more: Partial<PlaceHold> = {}) => confirm(await hold(more)),
    move: (item: Case, roomId: string, start: string) =>
      onCase(item, 'move', { version: item.version, roomId, start }),
    cancel: (item: Case) => onCase(item, 'cancel', { version: item.version, reason: 'Patient unwell' }),
    takeOver: (item: Case) => onCase(item, 'takeover', {}),
    close: async (closure: { resourceId: string; start: string; end: string; reason: string }) => {
      const { status, body } = await api.post(`${site}/closures`, closure);
      if (status >= 300) throw new Error(`${status}: ${String(body.detail)}`);
    },
    read: async (caseId: string) => done(await api.get(`${site}/cases/${caseId}`)),
    /** Changes the role (null: no access) or the status of a person. */
    change: async (userId: string, change: { role?: string | null; status?: string }) => {
      const { body } = await api.get(`${site}/users`);
      const version = (body.users as { id: string; version: number }[]).find(
        ({ id }) => id === userId,
      )?.version;
      const { status, body: reply } = await api.patch(`${site}/users/${userId}`, { version, ...change });
      if (status >= 300) throw new Error(`${status}: ${String(reply.detail)}`);
    },
  };
}
