import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';

/** Set outside of the namespaces, it was seen to hold for the sockets inside. */
const DEFAULT_BYTES = '/proc/sys/net/core/rmem_default';
/** Some seconds of replies of a server that does its best. */
const WIDE_BYTES = 4 * 1024 * 1024;
/** Waits for the end of its input, and then writes its second word into the file that is its first. */
const SET_BACK = 'cat > /dev/null; printf "%s\\n" "$1" > "$0"';

/**
 * Widens what every new socket may keep until its program reads it, for the servers too. What a load program loses
 * itself would count as the server's losses: with the 208 KiB that are usual, perfdhcp did at 3000 exchanges a
 * second (RcvbufErrors in its /proc/net/snmp).
 *
 * A process of its own sets it back, since it is a setting of the whole machine: also when this one is killed.
 *
 * @param path for tests.
 * @returns sets it back, and is done when it is.
 */
export function widenReceiveBuffers(path: string = DEFAULT_BYTES): () => Promise<void> {
  const before = readFileSync(path, 'utf8').trim();
  const keeper = spawn('sh', ['-c', SET_BACK, path, before], {
    stdio: ['pipe', 'ignore', 'inherit'],
    // What ends this process's group does not end that one.
    detached: true,
  });
  const ended = once(keeper, 'exit');
  writeFileSync(path, String(WIDE_BYTES));
  return async () => {
    keeper.stdin.end();
    await ended;
  };
}
