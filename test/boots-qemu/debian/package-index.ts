import { createHash } from 'node:crypto';

/** One record of a Debian `Packages` index: fields in order, continuation lines kept in the value. */
export type PackageRecord = ReadonlyMap<string, string>;

export function parsePackageIndex(text: string): readonly PackageRecord[] {
  return text
    .split(/\n\n+/)
    .filter((record) => record.trim() !== '')
    .map((record) => {
      const fields = new Map<string, string>();
      for (const field of record.split(/\n(?![ \t])/)) {
        const colon = field.indexOf(':');
        fields.set(field.slice(0, colon), field.slice(colon + 1).replace(/^ /, ''));
      }
      return fields;
    });
}

export function formatPackageIndex(records: readonly PackageRecord[]): string {
  return records
    .map((record) => [...record].map(([name, value]) => `${name}: ${value}\n`).join(''))
    .join('\n');
}

/** The record for a file that is packed anew and lies elsewhere: its size and digests are those of the bytes given. */
export function recordOfFile(
  record: PackageRecord,
  path: string,
  bytes: Uint8Array,
  changes: Readonly<Record<string, string>> = {},
): PackageRecord {
  const fresh = new Map(record);
  for (const digest of ['MD5sum', 'SHA1', 'SHA512', 'Description-md5']) fresh.delete(digest);
  fresh.set('Filename', path);
  fresh.set('Size', String(bytes.length));
  fresh.set('SHA256', sha256(bytes));
  for (const [name, value] of Object.entries(changes)) fresh.set(name, value);
  return fresh;
}

/** The `Release` file that vouches for the index files, by path relative to it. */
export function formatRelease(
  fields: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, Uint8Array>,
): string {
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  const sums = [...files].map(([path, bytes]) => ` ${sha256(bytes)} ${bytes.length} ${path}\n`);
  return `${head.join('')}SHA256:\n${sums.join('')}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
