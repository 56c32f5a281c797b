import { describe, expect, test } from 'vitest';
import { judgeRequest } from './guard.ts';

const ours = {
  method: 'GET',
  host: '127.0.0.1:8067',
  origin: undefined,
  contentType: undefined,
  fetchSite: undefined,
  fetchFor: undefined,
  protocol: 'http',
  reachedBy: 'this computer',
} as const;

describe('judgeRequest lets pass', () => {
  for (const [title, change] of [
    ['a program on this computer', {}],
    ['localhost', { host: 'localhost:8067' }],
    ['LOCALHOST without a port', { host: 'LOCALHOST' }],
    ['IPv6', { host: '[::1]:8067' }],
    ['another address of the loopback network', { host: '127.0.0.53:8067' }],
    ['our own page', { origin: 'http://127.0.0.1:8067' }],
    ['any name where networks reach it', { host: 'muster.lab', reachedBy: 'networks' }],
    ['our own page over TLS', { origin: 'https://127.0.0.1:8067', protocol: 'https' }],
    ['a link that was followed from another page', { fetchSite: 'cross-site', fetchFor: 'document' }],
    ['what our own page asks', { fetchSite: 'same-origin', fetchFor: 'empty' }],
    ['an address that was typed', { fetchSite: 'none', fetchFor: 'document' }],
    ['JSON', { method: 'POST', contentType: 'application/json' }],
    ['JSON that says its character set', { method: 'PUT', contentType: 'application/json; charset=utf-8' }],
    ['DELETE, which needs no body and which no form can send', { method: 'DELETE' }],
  ] as const) {
    test(title, () => {
      expect(judgeRequest({ ...ours, ...change })).toEqual({ pass: true });
    });
  }
});

describe('judgeRequest refuses', () => {
  for (const [title, change, status] of [
    ['a name that somebody pointed to 127.0.0.1', { host: 'evil.example:8067' }, 403],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }, 403],
    ['a name that only begins like our address', { host: '127.0.0.1.evil.example' }, 403],
    ['a name with somebody else before the at', { host: 'localhost@evil.example' }, 403],
    ['an address of a network', { host: '192.168.122.1:8067' }, 403],
    ['no host', { host: undefined }, 403],
    ['an empty host', { host: '' }, 403],
    ['a page of another site', { origin: 'http://evil.example' }, 403],
    ['a page of the same name without TLS', { origin: 'http://127.0.0.1:8067', protocol: 'https' }, 403],
    [
      'a page of another site, where networks reach it',
      { host: 'muster.lab', reachedBy: 'networks', origin: 'http://evil.example' },
      403,
    ],
    ['a page of another port, which is another origin', { origin: 'http://127.0.0.1:3000' }, 403],
    ['a sandboxed page, whose origin is null', { origin: 'null' }, 403],
    ['an image on a page of another site', { fetchSite: 'cross-site', fetchFor: 'image' }, 403],
    ['a frame on a page of another port', { fetchSite: 'same-site', fetchFor: 'iframe' }, 403],
    ['a form that leads here', { method: 'POST', fetchSite: 'cross-site', fetchFor: 'document' }, 403],
    ['a form', { method: 'POST', contentType: 'application/x-www-form-urlencoded' }, 415],
    ['a form of plain text that looks like JSON', { method: 'POST', contentType: 'text/plain' }, 415],
    ['a POST without a content type', { method: 'POST' }, 415],
    ['a PATCH of another kind of JSON', { method: 'PATCH', contentType: 'application/json-patch+json' }, 415],
  ] as const) {
    test(title, () => {
      expect(judgeRequest({ ...ours, ...change })).toMatchObject({ pass: false, status });
    });
  }
});
