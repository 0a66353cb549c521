import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  inDays,
  packageName,
  packageOf,
  paths,
  server,
  signedOffer,
  start,
  versionIn,
  setUpUpdates,
} from '../../../test/update-workstation.ts';

setUpUpdates();

describe('UP2 UP3 UP4: the program refuses, without executing or replacing anything:', () => {
  const cases: [name: string, why: string, arrange: () => void][] = [
    [
      'a tampered manifest',
      'signature',
      () => {
        server.offer = () => {
          const offer = signedOffer();
          const { signed } = offer;
          return { ...offer, signed: { ...signed, manifest: signed.manifest.replace('0.2.0', '0.2.1') } };
        };
      },
    ],
    [
      'a manifest of another key',
      'signature',
      () => {
        const foreignKey = generateKeyPairSync('ed25519').privateKey;
        server.offer = () => signedOffer({}, foreignKey);
      },
    ],
    [
      'an answer of another shape',
      'malformed',
      () => {
        server.offer = () => ({ offer: 'update' });
      },
    ],
    [
      'an endless answer',
      'malformed',
      () => {
        server.offer = () => ({ offer: 'none', more: 'x'.repeat(1_000_000) });
      },
    ],
    [
      'another product',
      'product',
      () => {
        server.offer = () => signedOffer({ product: 'slate-server' });
      },
    ],
    [
      'another channel',
      'channel',
      () => {
        server.offer = () => signedOffer({ channel: 'early' });
      },
    ],
    [
      'an expired manifest',
      'expired',
      () => {
        server.offer = () => signedOffer({ expires: inDays(-0.1) });
      },
    ],
    [
      'a manifest that is not valid before tomorrow',
      'not_yet',
      () => {
        server.offer = () => signedOffer({ notBefore: inDays(1) });
      },
    ],
    [
      'a downgrade',
      'downgrade',
      () => {
        server.offer = () => signedOffer({ version: '0.0.9' });
      },
    ],
    [
      'a version that needs a newer program',
      'too_old',
      () => {
        server.offer = () => signedOffer({ minimumVersion: '0.1.1' });
      },
    ],
    [
      'a tampered file',
      'hash',
      () => {
        server.sendPackage = (_request, response) => {
          const tampered = Buffer.from(server.package);
          tampered[100] = (tampered[100] ?? 0) ^ 1;
          response.end(tampered);
        };
      },
    ],
    [
      'a file that is longer than signed',
      'oversized',
      () => {
        server.sendPackage = (_request, response) =>
          void response.end(Buffer.concat([server.package, Buffer.from('#')]));
      },
    ],
    [
      'a package that cannot be unpacked',
      'unusable',
      () => {
        server.package = Buffer.from('not an archive');
      },
    ],
  ];
  test.each(cases)('%s', async (_name, why, arrange) => {
    arrange();
    const { updates, lastStatus } = start();
    await updates.check();
    expect(lastStatus()).toMatchObject({ is: 'refused', why });
    await expect(updates.install()).rejects.toThrow('There is no update');
    expect(existsSync(paths.runs)).toBe(false);
    expect(versionIn(paths.program)).toBe('0.1.0');
    expect(readdirSync(dirname(paths.program)).filter((name) => name.startsWith('slate'))).toEqual(['slate']);
  });

  test('a manifest older than a known one', async () => {
    const { updates, lastStatus } = start();
    server.offer = () => signedOffer({ version: '0.1.0', signedAt: inDays(-1) });
    await updates.check();
    expect(lastStatus()).toEqual({ is: 'none' });
    const restarted = start();
    server.offer = () => signedOffer({ signedAt: inDays(-2) });
    await restarted.updates.check();
    expect(restarted.lastStatus()).toEqual({ is: 'refused', version: '0.2.0', why: 'replayed' });
  });

  test.each(['offer', 'package'])('a redirect of the request for the %s', async (redirected) => {
    const elsewhere = createServer((_request, response) => void response.end(server.package)).listen(
      0,
      '127.0.0.1',
    );
    await once(elsewhere, 'listening');
    const reached = vi.fn<() => void>();
    elsewhere.on('request', reached);
    const { port } = elsewhere.address() as AddressInfo;
    const redirect = (response: ServerResponse) =>
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/${packageName}` }).end();
    if (redirected === 'package') server.sendPackage = (_request, response) => void redirect(response);
    else server.answerAll(redirect);
    const { updates, lastStatus } = start();
    await updates.check();
    expect(lastStatus()).toMatchObject({ is: 'refused', why: 'redirected' });
    expect(reached).not.toHaveBeenCalled();
    elsewhere.close();
  });

  test('a version that does not start on this computer', async () => {
    server.package = packageOf('0.2.0', 1);
    const { updates, lastStatus } = start();
    await updates.check();
    expect(lastStatus()).toEqual({ is: 'refused', version: '0.2.0', why: 'unusable' });
    expect(versionIn(paths.program)).toBe('0.1.0');
    expect(existsSync(`${paths.program}.new`)).toBe(false);
  });
});
