// The library finds its parts by decorators, and wants this before it.
// oxlint-disable-next-line import/no-unassigned-import
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SERIAL_BYTES = 16;

/**
 * A certificate that nobody but itself vouches for (RFC 5280), of a key of its own on P-256, which every browser takes.
 *
 * @param names DNS names and addresses, which stand in the subject's alternative names: nothing else is looked at
 * (RFC 9525 §6.3).
 */
export async function selfSigned(
  names: readonly string[],
  good: { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly certificate: string; readonly key: string }> {
  cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // Positive, as RFC 5280 §4.1.2.2 wants it.
    serialNumber: `0${randomBytes(SERIAL_BYTES).toString('hex').slice(1)}`,
    name: 'CN=Muster',
    notBefore: new Date(good.fromMs),
    notAfter: new Date(good.toMs),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag)}\n`,
  };
}
