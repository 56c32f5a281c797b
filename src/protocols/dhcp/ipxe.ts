import { ByteReader } from '../../lib/byte-reader.ts';

/**
 * Option 175, iPXE's encapsulated options (iPXE `src/include/ipxe/dhcp.h`, `src/include/ipxe/features.h`). In a request
 * each feature of the build is a sub-option of its own.
 */
export const IpxeFeature = {
  http: 0x13,
  https: 0x14,
  bzImage: 0x18,
  efi: 0x24,
  menu: 0x27,
} as const;

/** What of option 175 Muster sends. */
const NO_PXEDHCP = 0xb0;
const PAD = 0;
const END = 255;
/** Sub-options of features; others have numbers above. */
const FIRST_FEATURE = 0x10;
const LAST_FEATURE = 0x7f;

/** The features of a build. A text that is cut off has those before its end: whoever asks is no worse for it. */
export function decodeIpxeFeatures(raw: Uint8Array): ReadonlySet<number> {
  const reader = new ByteReader(raw);
  const features = new Set<number>();
  while (reader.remaining > 0) {
    const code = reader.uint8();
    if (code === END) break;
    if (code === PAD) continue;
    if (reader.remaining === 0) break;
    const length = reader.uint8();
    if (length > reader.remaining) break;
    const value = reader.bytes(length);
    // A feature that is there says 1.
    if (code >= FIRST_FEATURE && code <= LAST_FEATURE && value[0] !== 0) features.add(code);
  }
  return features;
}

/** For a reply of a server that is alone: iPXE does not wait two seconds for a proxyDHCP offer then. */
export const NO_PROXY_TO_WAIT_FOR: Uint8Array = Uint8Array.of(NO_PXEDHCP, 1, 1, END);
