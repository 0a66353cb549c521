/** `npm run tour`: a coordinator's morning in five steps over the HTTP API; `npm run watch` shows it live. */
import { parseArgs } from 'node:util';
import type { Opening } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import { demoAccounts } from '../server/src/seed/accounts.ts';
import { signIn } from './api.ts';
import type { Answer } from './api.ts';

const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://127.0.0.1:4680' } } });
const account = demoAccounts.find(({ role }) => role === 'coordinator');
if (!account) throw new Error('The demo hospital has no coordinator.');
const api = await signIn(values.url, account.email, account.password);

const say = (line: string) => process.stdout.write(`${line}\n`);
function bodyOf({ status, body }: Answer): Record<string, unknown> {
  if (status >= 400) throw new Error(`${String(body.title)}: ${String(body.detail)}`);
  return body;
}

const [site] = bodyOf(await api.get('/sites')).sites as { id: string; name: string; timeZone: string }[];
if (!site) throw new Error('There is no demo hospital.');
const at = `/sites/${site.id}`;
const { resources } = bodyOf(await api.get(`${at}/resources`)) as unknown as { resources: Resource[] };
const { procedures } = bodyOf(await api.get(`${at}/procedures`)) as unknown as { procedures: Procedure[] };
const knee = procedures.find(({ name }) => /total knee/i.test(name)) ?? procedures[0];
const surgeon = resources.find(
  ({ kind, attributes }) => kind === 'surgeon' && attributes.service === knee?.service,
);
const nameOf = (id: string | null) => resources.find((each) => each.id === id)?.name ?? '';
const clock = (instant: string | null) =>
  instant === null
    ? ''
    : new Date(instant).toLocaleString('en-GB', {
        timeZone: site.timeZone,
        dateStyle: 'medium',
        timeStyle: 'short',
      });

const date = new Date(Date.now() + 86_400_000).toLocaleDateString('en-CA', { timeZone: site.timeZone });
say(`1  Find time for ${knee?.name} with ${surgeon?.name} in the week from ${date}`);
const { openings } = bodyOf(
  await api.post(`${at}/openings`, {
    date,
    days: 7,
    procedureId: knee?.id,
    surgeonId: surgeon?.id,
    limit: 5,
  }),
) as unknown as { openings: Opening[] };
for (const { roomId, start, block, cautions } of openings) {
  say(`     ${nameOf(roomId)}  ${clock(start)}  ${block} time  ${cautions.join(' ')}`);
}
const [best, second] = openings;
if (!best) throw new Error('There are no openings in that week.');

const reason = { overrideReason: 'A tour of Slate' };
const caseOf = (answer: Answer) => bodyOf(answer).case as Case;
const held = caseOf(
  await api.post(`${at}/holds`, {
    roomId: best.roomId,
    start: best.start,
    procedureId: knee?.id,
    surgeonId: surgeon?.id,
    ...reason,
  }),
);
say(`2  Held C-${held.number} in ${nameOf(held.roomId)} at ${clock(held.start)} until ${held.expiresAt}`);

const conflict = await api.post(`${at}/holds`, {
  roomId: best.roomId,
  start: best.start,
  minutes: 60,
  ...reason,
});
say(`   Another request for the same time: ${conflict.status} ${String(conflict.body.detail)}`);

const booked = caseOf(await api.post(`${at}/cases/${held.id}/confirm`, {}));
say(`3  Booked C-${booked.number} (${booked.state})`);

const to = second ?? best;
const moved = caseOf(
  await api.post(`${at}/cases/${booked.id}/move`, {
    version: booked.version,
    roomId: to.roomId,
    start: to.start,
    ...reason,
  }),
);
say(`4  Moved it to ${nameOf(moved.roomId)} at ${clock(moved.start)}`);

const cancelled = caseOf(
  await api.post(`${at}/cases/${moved.id}/cancel`, { version: moved.version, reason: 'The tour is over' }),
);
say(`5  Cancelled it (${cancelled.state}); its claims are free again`);
