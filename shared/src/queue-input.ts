import { casesIn, commandBody } from './queue.ts';
import type { Queue, QueuedRequest, Requested } from './queue.ts';

/** The parameters and the body that are sent for a request. */
export type QueuedInput = {
  readonly params: Readonly<Record<string, string>>;
  readonly body: QueuedRequest['body'];
};

/** Whether the body of a command is an object. */
export const hasFields = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

/**
 * Returns the input of a request as it is sent: with the ids of the cases that earlier requests created, and the versions that
 * they left. An earlier version is used only if nobody else can have changed the case since this request was made: either the
 * server compared versions for the earlier request, or the version grew by exactly one.
 */
export function inputOf({ request }: Requested, queue: Pick<Queue, 'inPlaceOf'>): QueuedInput {
  const doneRequest = (requestId: string) => {
    const requested = queue.inPlaceOf(requestId);
    return requested?.result?.kind === 'done'
      ? { request: requested.request, cases: requested.result.cases }
      : null;
  };
  /** The case of an id or a placeholder; version 0 unless an earlier request created it. */
  const caseOf = (reference: string) => {
    if (!reference.startsWith('@')) return { id: reference, version: 0 };
    return doneRequest(reference.slice(1))?.cases[0] ?? { id: reference, version: 0 };
  };

  /** The versions of a case above `base` that earlier requests left, back to one that the server compared. */
  function versionsLeft(caseId: string, base: number) {
    const versions: { version: number; isCompared: boolean }[] = [];
    const earlierIds = new Set(request.dependsOn);
    for (const requestId of earlierIds) {
      const done = doneRequest(requestId);
      const version = done?.cases.find((item) => item.id === caseId)?.version;
      const isCompared =
        done?.request.kind === 'claim' &&
        casesIn(done.request).every((item) => caseOf(item.id).id !== caseId || item.version !== null);
      if (version !== undefined) versions.push({ version, isCompared });
      if (version !== undefined && (isCompared || version <= base)) continue;
      for (const each of queue.inPlaceOf(requestId)?.request.dependsOn ?? []) earlierIds.add(each);
    }
    return versions.toSorted((one, other) => one.version - other.version);
  }

  function versionOf(reference: string, base: number): number {
    const { id: caseId, version: createdVersion } = caseOf(reference);
    let latest = createdVersion > 0 ? createdVersion : base;
    for (const { version, isCompared } of versionsLeft(caseId, latest)) {
      if (isCompared ? version > latest : version === latest + 1) latest = version;
    }
    return latest;
  }
  const withCase = (part: { caseId: string; version: number }) => ({
    ...part,
    caseId: caseOf(part.caseId).id,
    version: versionOf(part.caseId, part.version),
  });

  const { body } = request;
  const { version, moves, first, second } = commandBody.safeParse(body).data ?? {};
  const reference = request.params['case'];
  const params = reference === undefined ? request.params : { ...request.params, case: caseOf(reference).id };
  if (!hasFields(body)) return { params, body };
  return {
    params,
    body: {
      ...body,
      ...(reference !== undefined && version !== undefined && { version: versionOf(reference, version) }),
      ...(moves && { moves: moves.map(withCase) }),
      ...(first && { first: withCase(first) }),
      ...(second && { second: withCase(second) }),
    },
  };
}
