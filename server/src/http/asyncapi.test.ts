import { createRequire } from 'node:module';
import { caseState, offTheBoard } from '@slate/shared/case-state';
import { changeBody } from '@slate/shared/changes';
import { protocolVersion, formatProtocols } from '@slate/shared/protocol';
import { clientEvents, goodbye, serverEvents } from '@slate/shared/socket-events';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { asyncApi, chapters } from './asyncapi.ts';
import { livePage } from './live-page.ts';

const generated = asyncApi({ version: '1.2.3' });
const document = JSON.parse(JSON.stringify(generated)) as typeof generated;
const description = document.info.description;

describe('FE8 the live feed as AsyncAPI', () => {
  test('is a valid AsyncAPI 3.0 document', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    isValid(document);
    expect(isValid.errors ?? []).toEqual([]);
  });

  test('has every event that is sent, in its direction, with its reply', () => {
    const actions = Object.entries(document.operations).map(([name, { action }]) => [name, action]);
    expect(Object.fromEntries(actions)).toEqual({
      handshake: 'receive',
      ...Object.fromEntries(Object.keys(clientEvents).map((name) => [name, 'receive'])),
      ...Object.fromEntries(Object.keys(serverEvents).map((name) => [name, 'send'])),
    });
    expect(document.operations['follow']?.reply?.messages).toEqual([
      { $ref: '#/channels/live/messages/followReply' },
    ]);
  });

  const id = crypto.randomUUID();
  const { components } = document;
  const accepts = (name: string, message: unknown) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    return ajv.validate({ components, ...components.messages[name]?.payload }, message);
  };
  test.each<[string, unknown, unknown]>([
    ['handshake', { token: 'x', protocol: protocolVersion }, { token: 'x' }],
    ['refused', { code: 'unauthenticated', detail: 'Sign in.' }, { code: 'nothing', detail: '' }],
    ['follow', { siteId: id, epoch: id, revision: 0 }, { siteId: id, epoch: id, revision: -1 }],
    ['followReply', { status: 'resync' }, { status: 'following' }],
    ['look', { caseId: null }, {}],
    ['check', {}, { caseId: null }],
    ['changes', { epoch: id, from: 1, to: 1, changes: [] }, { epoch: id, from: 1, to: 1, changes: [{}] }],
    ['heartbeat', { epoch: id, revision: 1, at: '2026-11-23T07:30:00.000Z' }, { epoch: id, revision: 1 }],
    ['presence', { people: [{ person: { id, name: 'M. Kraus' }, caseId: null }] }, { people: [{}] }],
    ['goodbye', { reason: 'revoked' }, { reason: 'tired' }],
  ])('its schema of %s accepts a valid message and refuses an invalid one', (name, valid, invalid) => {
    expect([accepts(name, valid), accepts(name, invalid)]).toEqual([true, false]);
  });

  test('refers only to shapes it contains, and contains only shapes it refers to', () => {
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name]) => name,
    );
    expect(new Set(Object.keys(components.schemas))).toEqual(new Set(references));
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['Case', 'Change', 'BusyTime']));
  });

  test('describes every kind of change, every goodbye, the states that leave the board, and the version', () => {
    const kinds = changeBody.options.map(({ shape }) => shape.type.value);
    const names = [...kinds, ...goodbye.shape.reason.options, 'following', 'resync', 'refused'];
    for (const name of names) expect(description).toContain(`\`${name}\``);
    const leaves = /leaves the board in the states ([^,]+(?:, `\w+`)*)/.exec(description)?.[1] ?? '';
    const states = caseState.options.filter((state) => leaves.includes(`\`${state}\``));
    expect(new Set(states)).toEqual(new Set(offTheBoard));
    expect(description).toContain(`speaks the versions ${formatProtocols()}`);
  });
});

test('FE8 the page has every chapter, message and shape, and no script', () => {
  const html = livePage(document);
  for (const { title } of chapters) expect(html).toContain(`>${title}</h2>`);
  for (const name of Object.keys(document.components.messages))
    expect(html).toContain(`id="message-${name}"`);
  const shapes = Object.keys(document.components.schemas).filter((name) => !name.endsWith('Message'));
  for (const name of shapes) expect(html).toContain(`id="shape-${name}"`);
  expect(html).not.toMatch(/<script|<style| style=| on\w+=/);
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, to]) => to ?? '');
  for (const to of links) expect(html).toContain(`id="${to}"`);
});
