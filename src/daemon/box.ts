/** What `muster up` says once, when it runs: everything a person wants to know before switching a machine on. */
export interface BoxFacts {
  readonly version: string;
  readonly interfaces: readonly InterfaceFacts[];
  readonly notServed: readonly { readonly name: string; readonly because: string }[];
  /** Where machines fetch from, or why nowhere. */
  readonly machines: string;
  readonly tftp: string;
  readonly ftp: string;
  readonly nfs: string;
  /** Where installers send their logs, or why nowhere. */
  readonly logs: string;
  readonly api: string;
  /** Of its certificate; absent without TLS. */
  readonly apiSha256?: string;
  /** The link that makes the first user; absent where there is one. */
  readonly firstLogin?: string;
  readonly imagesFolder: string;
  readonly images: readonly string[];
  readonly loadersFound: readonly string[];
  readonly loadersMissing: readonly string[];
  /** Installs the missing ones; absent when none is missing. */
  readonly loaderCommand?: string;
}

export interface InterfaceFacts {
  readonly name: string;
  readonly address: string;
  /** Why it is served. */
  readonly because: string;
  /** `gives addresses 192.168.122.100 to 192.168.122.200 of subnet lab`, or why not. */
  readonly mode: string;
  /** Other DHCP servers that answered the probe, or why there was no probe. */
  readonly neighbours: string;
  /** What boot ROMs hear that look for an IPv6 router; absent where no address is given. */
  readonly router?: string;
  /** Whether machines boot over IPv6; absent where nothing is done on the segment. */
  readonly ipv6?: string;
}

/** Columns a box has at most; longer lines are wrapped. */
const MAX_WIDTH = 100;

export function boxLines(facts: BoxFacts): readonly string[] {
  const lines = [`Muster ${facts.version}`, ''];
  for (const item of facts.interfaces) {
    lines.push(...entry(item.name, `${item.address} (${item.because})`));
    lines.push(...entry('', item.mode), ...entry('', item.neighbours));
    if (item.router !== undefined) lines.push(...entry('', item.router));
    if (item.ipv6 !== undefined) lines.push(...entry('', item.ipv6));
  }
  if (facts.interfaces.length === 0)
    lines.push(...entry('interfaces', 'none is served: no machine can be answered'));
  for (const item of facts.notServed) lines.push(...entry('', `${item.name} is not served: ${item.because}`));
  lines.push('');
  lines.push(...entry('machines', facts.machines));
  lines.push(...entry('TFTP', facts.tftp));
  lines.push(...entry('FTP', facts.ftp));
  lines.push(...entry('NFS', facts.nfs));
  lines.push(...entry('logs', facts.logs));
  lines.push(...entry('API', facts.api));
  if (facts.apiSha256 !== undefined)
    lines.push(...entry('', `its certificate has the SHA-256 fingerprint ${facts.apiSha256}`));
  if (facts.firstLogin !== undefined)
    lines.push(
      ...entry('', `${facts.firstLogin} makes the first user; it is good once, until the next start`),
    );
  lines.push(...entry('images', facts.images.length === 0 ? 'none yet' : facts.images.join(', ')));
  lines.push(
    ...entry('', `muster image add FILE|FOLDER|URL adds one; so does putting it into ${facts.imagesFolder}`),
  );
  lines.push(
    ...entry('loaders', facts.loadersFound.length === 0 ? 'none found' : facts.loadersFound.join(', ')),
  );
  if (facts.loadersMissing.length > 0) {
    lines.push(
      ...entry('', `missing: ${facts.loadersMissing.join(', ')}; some machines boot only with them`),
    );
    if (facts.loaderCommand !== undefined)
      lines.push(...entry('', `to install them: ${facts.loaderCommand}`));
  }
  return lines;
}

/** Draws a frame around the lines; plain characters where the terminal is not known to show others. */
export function drawBox(lines: readonly string[], frame: 'lines' | 'plain'): string {
  const width = Math.max(...lines.map((line) => line.length));
  const [corners, across, down] = frame === 'lines' ? ['╭╮╰╯', '─', '│'] : ['++++', '-', '|'];
  const edge = (left: number): string =>
    `${corners?.[left] ?? ''}${(across ?? '').repeat(width + 2)}${corners?.[left + 1] ?? ''}`;
  return [edge(0), ...lines.map((line) => `${down} ${line.padEnd(width)} ${down}`), edge(2)].join('\n');
}

const LABEL_WIDTH = 12;

function entry(label: string, text: string): readonly string[] {
  return wrap(text, MAX_WIDTH - LABEL_WIDTH).map(
    (line, index) => `${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`,
  );
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
