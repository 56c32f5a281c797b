import { readFileSync, writeFileSync } from 'node:fs';

/** Of the whole machine: network namespaces have none of their own (Linux 6.x, net/core/sysctl_net_core.c). */
const DEFAULT_BYTES = '/proc/sys/net/core/rmem_default';
/** Some seconds of replies of a server that does its best. */
const WIDE_BYTES = 4 * 1024 * 1024;

/**
 * Widens what every new socket may keep until its program reads it, for the servers too. What a load program loses
 * itself would count as the server's losses: with the 208 KiB that are usual, perfdhcp did from 3000 exchanges a
 * second on (RcvbufErrors in its /proc/net/snmp).
 *
 * @returns sets it back.
 */
export function widenReceiveBuffers(): () => void {
  const before = readFileSync(DEFAULT_BYTES, 'utf8');
  writeFileSync(DEFAULT_BYTES, String(WIDE_BYTES));
  return () => writeFileSync(DEFAULT_BYTES, before);
}
