import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/** A name that one process of this computer holds; the kernel gives it back when the process ends, however it ends. */
export interface NameLock {
  release(): Promise<void>;
}

/**
 * Takes the name, or says that another process has it: undefined. Held as an abstract Unix socket (unix(7)), which
 * leaves no file behind. Processes in other network namespaces hold names of their own.
 */
export function takeName(name: string): Promise<NameLock | undefined> {
  // Such a socket's name has at most 107 bytes.
  const socket = `\0muster-${createHash('sha256').update(name).digest('hex')}`;
  const server = createServer((connection) => connection.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(socket, () => {
      server.unref();
      resolve({ release: () => new Promise((released) => server.close(() => released())) });
    });
  });
}
