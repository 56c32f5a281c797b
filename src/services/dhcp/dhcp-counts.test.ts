import { expect, test } from 'vitest';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { DhcpCounts } from './dhcp-counts.ts';

test('requests, replies and silences are counted by type, and the time of replies', async () => {
  const counts = new DhcpCounts();
  const answer = counts.counting(async (message, reply: 'DHCPOFFER' | 'DHCPNAK' | 'nothing') =>
    reply === 'nothing' ? undefined : { ...message, options: requestOf(reply).options },
  );
  await answer(requestOf('DHCPDISCOVER'), 'DHCPOFFER');
  await answer(requestOf('DHCPDISCOVER'), 'nothing');
  await answer(requestOf('DHCPREQUEST'), 'DHCPNAK');
  await answer(requestOf('DHCPRELEASE'), 'nothing');
  expect(Object.fromEntries(counts.received.counts)).toEqual({
    DHCPDISCOVER: 2,
    DHCPREQUEST: 1,
    DHCPRELEASE: 1,
  });
  expect(Object.fromEntries(counts.sent.counts)).toEqual({ DHCPOFFER: 1, DHCPNAK: 1 });
  // A release wants no answer.
  expect(Object.fromEntries(counts.unanswered.counts)).toEqual({ DHCPDISCOVER: 1 });
  expect(counts.answerSeconds.reading.count).toBe(2);
});

test('an answer that fails is no silence, and its fault goes on to the door', async () => {
  const counts = new DhcpCounts();
  const answer = counts.counting(() => Promise.reject(new Error('the disk is full')));
  await expect(answer(requestOf('DHCPREQUEST'), undefined)).rejects.toThrow('the disk is full');
  expect(counts.unanswered.counts.size).toBe(0);
  expect(counts.answerSeconds.reading.count).toBe(0);
});
