import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import { claimsOf, surgicalCase } from '@slate/shared/cases';
import { isClaiming } from '@slate/shared/case-state';
import { overlaps } from '@slate/shared/time';
import type { Answer } from '../../../scripts/api.ts';

type Version = {
  item: Case;
  /** When the command that created it was sent, and when it was answered, as counts of events. */
  sentAt: number;
  seenAt: number;
};

/**
 * The answers that the clients received, in order. It detects double bookings from acknowledged answers alone: two cases
 * with the same room or surgeon at the same time, both acknowledged before either was given up.
 */
export class History {
  size = 0;
  accepted = 0;
  refused = 0;
  readonly unexpected: unknown[] = [];
  readonly #versions = new Map<string, Version[]>();
  #clock = 0;

  /** Repeats the request under its key while the database does not answer in time, as every client does. */
  async record(request: (options: { key: string }) => Promise<Answer>): Promise<Answer> {
    const sentAt = ++this.#clock;
    const options = { key: randomUUID() };
    let answer = await request(options);
    while (answer.status === 503) answer = await request(options);
    this.size++;
    if (answer.status < 300) {
      this.accepted++;
      this.#addVersion(surgicalCase.parse(answer.body.case), sentAt);
    } else if ([403, 409, 410, 412].includes(answer.status)) {
      this.refused++;
    } else {
      this.unexpected.push({ status: answer.status, body: answer.body });
    }
    return answer;
  }

  #addVersion(item: Case, sentAt: number) {
    const versions = this.#versions.get(item.id) ?? [];
    versions.push({ item, sentAt, seenAt: ++this.#clock });
    versions.sort((a, b) => a.item.version - b.item.version);
    this.#versions.set(item.id, versions);
  }

  /** The cases that have a claim, in their latest answered version. */
  claimingCases(): Case[] {
    return [...this.#versions.values()]
      .map((versions) => versions.at(-1)?.item)
      .filter((item) => item !== undefined)
      .filter((item) => isClaiming(item.state));
  }

  /**
   * A version was certainly valid from the answer with it until the request for the next one. If two versions that were
   * valid at the same moment claim the same resource of capacity 1 at the same time, it was booked twice.
   */
  overlaps(): string[] {
    const spans = [...this.#versions.values()].flatMap((versions) =>
      versions.map(({ item, seenAt }, index) => ({
        item,
        from: seenAt,
        until: versions[index + 1]?.sentAt ?? Infinity,
      })),
    );
    const claims = spans
      .filter(({ item, from, until }) => isClaiming(item.state) && from < until)
      .flatMap(({ item, from, until }) =>
        claimsOf(item, 'UTC')
          .filter(({ resourceId }) => resourceId === item.roomId || resourceId === item.surgeonId)
          .map((claim) => ({ ...claim, item, from, until })),
      );
    const byResource = Map.groupBy(claims, ({ resourceId }) => resourceId);
    return [...byResource.values()].flatMap((group) =>
      group.flatMap((a, index) =>
        group
          .slice(index + 1)
          .filter((b) => a.item.id !== b.item.id && overlaps(a, b) && a.from < b.until && b.from < a.until)
          .map((b) => `${a.item.id} and ${b.item.id} on ${a.resourceId} at ${a.start}`),
      ),
    );
  }
}
