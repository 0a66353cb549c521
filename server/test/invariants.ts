import { createHash } from 'node:crypto';
import { claimsWithHandling, isPlaced, patientStay, surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import type { Resource } from '@slate/shared/resources';
import { addMinutes } from '@slate/shared/time';
import { claimsKeptDays } from '../src/db/claims.sql.ts';
import type { Queryable } from '../src/db/query.ts';
import { connected } from './database.ts';

type Stay = { patient: string; start: string; end: string };
type Claim = { resource: string; owner: string; start: string; end: string; quantity: number };

/**
 * Checks the invariants of a site while nothing writes to it, independently of the product's own checks. Returns one
 * sentence per violation.
 */
export async function checkInvariants(db: string | Queryable, siteId: string): Promise<string[]> {
  if (typeof db !== 'string') return violationsOf(db, siteId);
  return connected(db, (client) => violationsOf(client, siteId));
}

async function violationsOf(db: Queryable, siteId: string): Promise<string[]> {
  const { rows: sites } = await db.query<Site>(siteText, [siteId]);
  const [site] = sites;
  if (!site) return [`There is no site ${siteId}.`];
  const cases = site.cases.map((item) => surgicalCase.parse(item));
  return [
    ...overCapacity(site),
    ...strayClaims(site, cases),
    ...patientsInTwoPlaces(site, cases),
    ...shownAtOtherTimes(site, cases),
    ...feedGaps(site),
    ...feedDiffers(site),
    ...brokenAudit(site),
  ];
}

type Site = {
  zone: string;
  now: string;
  revision: string;
  resources: Pick<Resource, 'id' | 'kind' | 'name' | 'capacity' | 'attributes'>[];
  claims: (Claim & { exclusive: boolean })[];
  stays: (Stay & { id: string })[];
  /** The cases with a milestone that was ever recorded. */
  recorded: string[];
  cases: unknown[];
  /** The stored time at which each case happens. */
  happens: Record<string, { start: string; end: string } | null>;
  closures: Claim[];
  /** Each as the text of its jsonb, in which equal values are equal text. */
  case_texts: Record<string, string>;
  changes: { revision: number; type: string; id: string | null; text: string | null }[];
  audit: { seq: number; content: string; hash: string }[];
  head: { seq: number; hash: string } | null;
};

// One statement, so that all data is of one moment.
const claimText = (alias: string, resource: string, owner: string) => `coalesce((SELECT jsonb_agg(
  jsonb_build_object('resource', ${resource}, 'owner', ${owner}, 'start', wire(lower(${alias}.during)),
    'end', wire(upper(${alias}.during)), 'quantity', ${alias}.quantity`;
const siteText = `
  SELECT s.time_zone AS zone, s.revision, wire(clock_timestamp()) AS now,
    (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'name', r.name, 'capacity', r.capacity,
        'attributes', r.attributes))
      FROM resources r WHERE r.site_id = s.id) AS resources,
    ${claimText('c', 'c.resource_id', 'coalesce(c.case_id, c.closure_id)')}, 'exclusive', c.exclusive))
      FROM claims c WHERE c.site_id = s.id), '[]') AS claims,
    ${claimText('c', 'c.resource_id', 'c.id')})) FROM closures c WHERE c.site_id = s.id), '[]') AS closures,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', s2.case_id, 'patient', s2.patient_ref,
        'start', wire(lower(s2.during)), 'end', wire(upper(s2.during))))
      FROM patient_stays s2 WHERE s2.site_id = s.id), '[]') AS stays,
    coalesce((SELECT jsonb_agg(DISTINCT m.case_id) FROM milestones m WHERE m.site_id = s.id), '[]') AS recorded,
    coalesce((SELECT jsonb_agg(case_json(c)) FROM cases c WHERE c.site_id = s.id), '[]') AS cases,
    coalesce((SELECT jsonb_object_agg(c.id, CASE WHEN c.happens IS NOT NULL THEN
        jsonb_build_object('start', wire(lower(c.happens)), 'end', wire(upper(c.happens))) END)
      FROM cases c WHERE c.site_id = s.id), '{}') AS happens,
    coalesce((SELECT jsonb_object_agg(c.id, case_json(c)::text) FROM cases c WHERE c.site_id = s.id), '{}')
      AS case_texts,
    coalesce((SELECT jsonb_agg(jsonb_build_object('revision', c.revision, 'type', c.body ->> 'type',
        'id', c.body #>> '{case,id}', 'text', (c.body -> 'case')::text) ORDER BY c.revision)
      FROM changes c WHERE c.site_id = s.id), '[]') AS changes,
    coalesce((SELECT jsonb_agg(jsonb_build_object('seq', a.seq, 'hash', encode(a.hash, 'hex'), 'content',
        jsonb_build_array(a.site_id, a.chain, a.seq, extract(epoch FROM a.at), a.actor, a.action, a.detail)::text)
        ORDER BY a.seq)
      FROM audit a WHERE a.site_id = s.id AND a.chain = 'commands'), '[]') AS audit,
    (SELECT jsonb_build_object('seq', h.seq, 'hash', encode(h.head, 'hex'))
      FROM audit_chains h WHERE h.site_id = s.id AND h.chain = 'commands') AS head
  FROM sites s WHERE s.id = $1`;

/**
 * CL1: a sweep along each resource; ends come before beginnings, because ranges are half-open (CL2). Past claims fit
 * the capacity of their time, which may have been different.
 */
function overCapacity({ resources, claims: all, now }: Site): string[] {
  const claims = all.filter(({ end }) => end > now);
  const found: string[] = [];
  for (const { id, name, capacity } of resources) {
    const steps = claims
      .filter((claim) => claim.resource === id)
      .flatMap(({ start, end, quantity }) => [
        { at: start, by: quantity },
        { at: end, by: -quantity },
      ])
      .toSorted((a, b) => (a.at === b.at ? a.by - b.by : a.at < b.at ? -1 : 1));
    let load = 0;
    for (const { at, by } of steps) {
      load += by;
      if (by > 0 && load > capacity)
        found.push(`CL1: ${load} of ${capacity} of ${name} are claimed at ${at}.`);
    }
  }
  for (const { resource, exclusive } of claims) {
    const item = resources.find((each) => each.id === resource);
    if (exclusive !== (item?.capacity === 1))
      found.push(`CL1: a claim on ${item?.name} is not covered by the constraint.`);
  }
  return found;
}

/** RE1: boards and lists show a case at the time it happens. */
const shownAtOtherTimes = ({ happens }: Site, cases: Case[]): string[] =>
  cases
    .filter((item) => {
      const expected = isPlaced(item) ? happensAt(item) : null;
      const stored = happens[item.id] ?? null;
      return stored?.start !== expected?.start || stored?.end !== expected?.end;
    })
    .map(({ id }) => `RE1: ${id} is shown at another time than it happens.`);

/**
 * CL3, CL4, CL6: the claims are those of the claiming cases and the closures, no more and no fewer. A case with a
 * recorded milestone may have less: a fact claims only what others have left.
 */
function strayClaims({ zone, now, resources, claims, closures, recorded }: Site, cases: Case[]): string[] {
  const textOf = ({ resource, start, end, quantity, owner }: Claim) =>
    `${quantity} of ${resource} from ${start} to ${end} for ${owner}`;
  const dueAt = (moment?: string) =>
    cases.flatMap((item) =>
      claimsWithHandling(item, zone, (id) => resources.find((each) => each.id === id), moment).map(
        ({ resourceId, ...claim }) => ({
          ...claim,
          resource: resourceId,
          owner: item.id,
        }),
      ),
    );
  const atMost = dueAt(now);
  const [stored, expected] = [claims, [...dueAt(), ...closures]].map(
    (list) => new Map(list.map((c) => [textOf(c), c])),
  );
  if (!stored || !expected) return [];
  const isWithinDue = (claim: Claim) =>
    recorded.includes(claim.owner) &&
    atMost.some(
      (each) =>
        each.owner === claim.owner &&
        each.resource === claim.resource &&
        each.quantity === claim.quantity &&
        each.start <= claim.start &&
        each.end >= claim.end,
    );
  // CL7: claims that ended long ago may be deleted.
  const mayBeDeleted = ({ end }: Claim) => end <= addMinutes(now, -claimsKeptDays * 24 * 60);
  return [
    ...(stored.size === claims.length ? [] : ['CL3: a claim is stored twice.']),
    ...[...stored]
      .filter(([text, claim]) => !expected.has(text) && !isWithinDue(claim))
      .map(([text]) => `CL3: needless claim: ${text}.`),
    ...[...expected]
      .filter(([text, claim]) => !stored.has(text) && !recorded.includes(claim.owner) && !mayBeDeleted(claim))
      .map(([text]) => `CL3: missing claim: ${text}.`),
  ];
}

/** CL5: no patient is in two places, and each is where their cases are, unless a milestone was recorded for these. */
function patientsInTwoPlaces({ stays, recorded }: Site, cases: Case[]): string[] {
  const twice = stays.flatMap((a, index) =>
    stays
      .slice(index + 1)
      .filter((b) => a.patient === b.patient && a.start < b.end && b.start < a.end)
      .map((b) => `CL5: a patient is in ${a.id} and ${b.id} at once.`),
  );
  const textOf = (id: string, { patient, start, end }: Stay) =>
    `${patient} from ${start} to ${end} for ${id}`;
  const storedStays = new Set(stays.map((stay) => textOf(stay.id, stay)));
  const due = cases.flatMap((item) => {
    const stay = patientStay(item);
    return stay ? [{ id: item.id, text: textOf(item.id, stay) }] : [];
  });
  return [
    ...twice,
    ...due
      .filter(({ id, text }) => !storedStays.has(text) && !recorded.includes(id))
      .map(({ text }) => `CL5: missing stay: ${text}.`),
    ...stays
      .filter(({ id }) => !due.some((each) => each.id === id))
      .map((stay) => `CL5: needless stay: ${textOf(stay.id, stay)}.`),
  ];
}

/** FE1: revisions go from 1 to the site's, each once. */
function feedGaps({ revision, changes }: Site): string[] {
  const gap = changes.findIndex((change, index) => change.revision !== index + 1);
  return [
    ...(gap === -1 ? [] : [`FE1: revision ${gap + 1} is missing.`]),
    ...(Number(revision) === (changes.at(-1)?.revision ?? 0) ? [] : [`FE1: the site is at ${revision}.`]),
  ];
}

/** FE2: replaying the feed from the start gives the current cases. */
function feedDiffers({ case_texts: now, changes }: Site): string[] {
  const replayed = new Map(
    changes.filter(({ type }) => type === 'case').map(({ id, text }) => [id ?? '', text]),
  );
  const ids = new Set([...Object.keys(now), ...replayed.keys()]);
  return [...ids]
    .filter((id) => now[id] !== replayed.get(id))
    .map((id) => `FE2: the feed differs for case ${id}.`);
}

/** Each hash covers the row before it, and the head is the last hash. */
function brokenAudit({ audit, head }: Site): string[] {
  const found: string[] = [];
  let before = Buffer.alloc(0);
  for (const [index, { seq, content, hash }] of audit.entries()) {
    if (seq !== index + 1) found.push(`Audit: row ${index + 1} is missing.`);
    const expected = createHash('sha256').update(before).update(content).digest('hex');
    if (hash !== expected) found.push(`Audit: row ${seq} is not what was written.`);
    before = Buffer.from(hash, 'hex');
  }
  if ((head?.hash ?? '') !== before.toString('hex'))
    found.push('Audit: the head is not that of the last row.');
  return found;
}
