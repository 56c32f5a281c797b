import { expect, test } from 'vitest';
import { ipv4FromNumber, parseIpv4 } from '../../lib/addresses.ts';
import { MAX_TOLD, ServerIdentities } from './server-identities.ts';

test('a client is known by what it was told last', () => {
  const identities = new ServerIdentities();
  expect(identities.toldTo('mac:a')).toBeUndefined();
  identities.remember('mac:a', parseIpv4('10.0.0.1'));
  identities.remember('mac:a', parseIpv4('10.0.0.2'));
  expect(identities.toldTo('mac:a')).toBe('10.0.0.2');
});

test(`of more than ${MAX_TOLD} clients, the one that was told longest ago is forgotten`, () => {
  const identities = new ServerIdentities();
  for (let client = 0; client < MAX_TOLD; client += 1)
    identities.remember(`mac:${client}`, ipv4FromNumber(client));
  identities.remember('mac:0', parseIpv4('10.0.0.1'));
  identities.remember('mac:new', parseIpv4('10.0.0.2'));
  expect(identities.toldTo('mac:1')).toBeUndefined();
  expect(identities.toldTo('mac:0')).toBe('10.0.0.1');
  expect(identities.toldTo('mac:new')).toBe('10.0.0.2');
});
