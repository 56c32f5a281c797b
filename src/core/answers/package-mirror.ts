import type { Image } from '../images/image.ts';

/** A package mirror in the parts that the debian-installer asks for. */
export interface PackageMirror {
  readonly protocol: string;
  /** With the port, where it is not the protocol's own. */
  readonly host: string;
  /** With its slash at the beginning. */
  readonly directory: string;
  /** Not the distribution's own server. */
  readonly local: boolean;
}

/** @param url a URL already checked; absent: the distribution's own mirror network. */
export function packageMirror(image: Pick<Image, 'title'>, url: string | undefined): PackageMirror {
  const own = /ubuntu/i.test(image.title)
    ? 'http://archive.ubuntu.com/ubuntu'
    : 'http://deb.debian.org/debian';
  const [, protocol = 'http', host = '', directory = ''] =
    /^([a-z]+):\/\/([^/]+)(\/.*)?$/i.exec(url ?? own) ?? [];
  return {
    protocol: protocol.toLowerCase(),
    host,
    directory: directory === '' ? '/' : directory,
    local: url !== undefined && url !== own,
  };
}
