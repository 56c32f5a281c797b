import { readFileSync, writeFileSync } from 'node:fs';

/** Set outside of the namespaces, it was seen to hold for the sockets inside. */
const DEFAULT_BYTES = '/proc/sys/net/core/rmem_default';
/** Some seconds of replies of a server that does its best. */
const WIDE_BYTES = 4 * 1024 * 1024;

/**
 * Widens what every new socket may keep until its program reads it, for the servers too. What a load program loses
 * itself would count as the server's losses: with the 208 KiB that are usual, perfdhcp did at 3000 exchanges a
 * second (RcvbufErrors in its /proc/net/snmp).
 *
 * @returns sets it back.
 */
export function widenReceiveBuffers(): () => void {
  const before = readFileSync(DEFAULT_BYTES, 'utf8');
  writeFileSync(DEFAULT_BYTES, String(WIDE_BYTES));
  return () => writeFileSync(DEFAULT_BYTES, before);
}
