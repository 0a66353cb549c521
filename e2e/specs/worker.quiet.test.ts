import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from '@slate/shared/cases';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServerProcess } from '../../scripts/server-process.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { readAnchors } from '../../server/src/use-cases/audit/anchor-audit.ts';
import { secretsFrom } from '../../server/src/identity/secrets.ts';
import { TestConsole } from '../../server/test/consoles.ts';
import { at, settings } from '../../server/test/hospital.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

const secret = 'the key with which the worker signs the heads of the audit';
const anchorFile = join(mkdtempSync(join(tmpdir(), 'slate-worker-')), 'heads.jsonl');
let deployment: Deployment;
let worker: ServerProcess;
beforeAll(async () => {
  deployment = await openDeployment({
    servers: 1,
    environment: { WORKER: 'false' },
    hospital: { site: { ...settings, holdSeconds: 5 } },
  });
  worker = await startServerProcess({
    program: 'worker.ts',
    environment: {
      DATABASE_URL: deployment.urls.appUrl,
      SLATE_SECRET: secret,
      AUDIT_ANCHOR_FILE: anchorFile,
      AUDIT_ANCHOR_SECONDS: '1',
    },
  });
});
afterAll(async () => {
  await worker.kill9();
  await deployment.end();
});

test('HO6 a separate worker frees an overdue hold, and a console shows it within a second', async () => {
  const desk = await deployment.as(deployment.users.coordinator);
  const { rows } = await deployment.owner.query<{ epoch: string }>('SELECT epoch FROM sites WHERE id = $1', [
    deployment.siteId,
  ]);
  const watching = new TestConsole(
    deployment.servers[0]?.url ?? '',
    await deployment.tokenOf(deployment.users.second),
  );
  await watching.follow({ siteId: deployment.siteId, epoch: rows[0]?.epoch ?? '', revision: 0 });

  const path = `/sites/${deployment.siteId}/holds`;
  const held = await desk.post(path, { roomId: deployment.rooms[0], start: at('09:00'), title: 'Knee' });
  const { id, expiresAt } = held.body.case as Case;
  await watching.until(({ changes }) =>
    changes.some(({ body }) => body.type === 'case' && body.cause === 'expired'),
  );
  // The database, the worker and this test use one clock.
  const late = Date.now() - Date.parse(expiresAt ?? '');
  expect(watching.changes.at(-1)?.body).toMatchObject({ case: { id, state: 'expired' } });
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1_000);
  watching.socket.disconnect();
});

test('AU10 a separate worker saves the heads of the audit', async () => {
  const desk = await deployment.as(deployment.users.coordinator);
  await desk.post(`/sites/${deployment.siteId}/cases`, { title: 'Knee' });
  const anchors = () => (existsSync(anchorFile) ? readFileSync(anchorFile, 'utf8') : '');
  await expect.poll(anchors, { timeout: 5_000 }).toContain(deployment.siteId);
  const heads = readAnchors(anchors(), secretsFrom(secret).anchorSecret);
  expect(heads).toContainEqual(expect.objectContaining({ site: deployment.siteId, chain: 'commands' }));
});

test('a separate worker stops without an error', async () => {
  expect(await worker.stop()).toBe(0);
});
