/** What a disc that a test builds has on it. */
export interface UdfPlan {
  /** 0x0102 is UDF 1.02. */
  readonly revision: number;
  readonly blockBytes: number;
  /** File entries of UDF 1.02 or the extended ones of 2.00. */
  readonly entries: 'plain' | 'extended';
  /** Whether entries and folders lie in a metadata partition (UDF 2.50), and whether that is in two places. */
  readonly metadata: 'none' | 'partition' | 'scattered partition';
  readonly root: FolderPlan;
}

export interface FolderPlan {
  readonly kind: 'folder';
  readonly names: readonly NamePlan[];
  /** Whether its names stand in its entry, when there are few enough. */
  readonly embedded?: true;
  /** Whether the name of the folder above stands behind the others, which is against the rules. */
  readonly parentLast?: true;
}

export interface NamePlan {
  readonly name: string;
  readonly node: FilePlan | FolderPlan | LinkPlan;
  /** ECMA-167 4/14.4.3; that of a folder is added. */
  readonly characteristics?: number;
  /** Instead of the name in OSTA CS0. */
  readonly rawName?: readonly number[];
  /** Bytes of an implementation between header and name. */
  readonly extra?: number;
}

export interface FilePlan {
  readonly kind: 'file';
  readonly placed: 'embedded' | 'short' | 'long' | 'extended';
  /** One after the other, each in a place of its own; a number is a hole of that many bytes. */
  readonly parts: readonly (Uint8Array | number)[];
  /** Places told in one list before it goes on elsewhere. */
  readonly listed?: number;
  /** A type other than that of a file (ECMA-167 4/14.6.6). */
  readonly type?: number;
}

export interface LinkPlan {
  readonly kind: 'link';
  /** Kind and name of each component (ECMA-167 4/14.16). */
  readonly components: readonly (readonly [kind: number, name: string])[];
}

/** The bytes of a file as they should be read. */
export function bytesOf({ parts }: FilePlan): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? new Uint8Array(part) : part)));
}
