import { casesIn, commandBody } from './queue.ts';
import type { Queue, QueuedRequest, Requested } from './queue.ts';

/** What is sent for a request. */
export type QueuedInput = {
  readonly params: Readonly<Record<string, string>>;
  readonly body: QueuedRequest['body'];
};

/**
 * Returns the input of a request as it is sent: with the cases that earlier requests have created, and with the versions that
 * they left. A version is taken over only if nobody else can have changed the case since this request was made: the server
 * would have refused the earlier request (it compares versions), or the version would have grown by more than one.
 */
export function inputOf({ request }: Requested, queue: Pick<Queue, 'inPlaceOf'>): QueuedInput {
  const doneAt = (requestId: string) => {
    const found = queue.inPlaceOf(requestId);
    return found?.result?.kind === 'done' ? { request: found.request, cases: found.result.cases } : null;
  };
  /** The id of a case in place of a placeholder. */
  const caseOf = (reference: string) => {
    if (!reference.startsWith('@')) return { id: reference, version: 0 };
    return doneAt(reference.slice(1))?.cases[0] ?? { id: reference, version: 0 };
  };

  /** The versions of a case above `base` that earlier requests have left, back to one that the server has compared. */
  function versionsLeft(caseId: string, base: number) {
    const left: { version: number; isCompared: boolean }[] = [];
    const earlier = new Set(request.dependsOn);
    for (const requestId of earlier) {
      const done = doneAt(requestId);
      const version = done?.cases.find((item) => item.id === caseId)?.version;
      const isCompared =
        done?.request.kind === 'claim' &&
        casesIn(done.request).every((item) => caseOf(item.id).id !== caseId || item.version !== null);
      if (version !== undefined) left.push({ version, isCompared });
      if (version !== undefined && (isCompared || version <= base)) continue;
      for (const each of queue.inPlaceOf(requestId)?.request.dependsOn ?? []) earlier.add(each);
    }
    return left.toSorted((one, other) => one.version - other.version);
  }

  function versionOf(reference: string, base: number): number {
    const { id: caseId, version: created } = caseOf(reference);
    let now = created > 0 ? created : base;
    for (const { version, isCompared } of versionsLeft(caseId, now)) {
      if (isCompared ? version > now : version === now + 1) now = version;
    }
    return now;
  }
  const withCase = (part: { caseId: string; version: number }) => ({
    ...part,
    caseId: caseOf(part.caseId).id,
    version: versionOf(part.caseId, part.version),
  });

  const { body } = request;
  const known = commandBody.safeParse(body).data ?? {};
  const one = request.params['case'];
  const params = one === undefined ? request.params : { ...request.params, case: caseOf(one).id };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { params, body };
  return {
    params,
    body: {
      ...body,
      ...(one !== undefined && known.version !== undefined && { version: versionOf(one, known.version) }),
      ...(known.moves && { moves: known.moves.map(withCase) }),
      ...(known.first && { first: withCase(known.first) }),
      ...(known.second && { second: withCase(known.second) }),
    },
  };
}
