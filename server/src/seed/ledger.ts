import type { Claim } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { overlaps } from '@slate/shared/time';

/** What has been claimed so far, so that the demo hospital never plans more than it has. */
export class Ledger {
  readonly #capacity: ReadonlyMap<string, number>;
  readonly #claims = new Map<string, Claim[]>();

  constructor(resources: readonly Resource[]) {
    this.#capacity = new Map(resources.map(({ id, capacity }) => [id, capacity]));
  }

  /** The load of a resource rises only where a claim begins: those instants are all that need a look. */
  fits(claims: readonly Claim[]): boolean {
    return claims.every((claim) => {
      const beside = this.#of(claim.resourceId).filter((other) => overlaps(other, claim));
      const moments = [
        claim.start,
        ...beside.map(({ start }) => start).filter((start) => start > claim.start),
      ];
      return moments.every((moment) => {
        const load = beside
          .filter(({ start, end }) => start <= moment && moment < end)
          .reduce((sum, { quantity }) => sum + quantity, claim.quantity);
        return load <= (this.#capacity.get(claim.resourceId) ?? 0);
      });
    });
  }

  add(claims: readonly Claim[]): void {
    for (const claim of claims) this.#of(claim.resourceId).push(claim);
  }

  #of(resourceId: string): Claim[] {
    const claims = this.#claims.get(resourceId) ?? [];
    this.#claims.set(resourceId, claims);
    return claims;
  }
}
