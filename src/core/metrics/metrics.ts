import type { HistogramReading } from '../../lib/histogram.ts';

/**
 * Everything `/metrics` tells, one row each. What must be gathered, the page and docs/metrics.md come from this table.
 * Label values are words of ours, subnets and interfaces: never a MAC address, a file name or anything a client sent,
 * so that the number of series has a limit that only the configuration moves.
 */

/** `counter`: only goes up, until Muster starts anew. `gauge`: as it is now. `histogram`: counts by size. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

export interface MetricRow<Kind extends MetricKind = MetricKind, Label extends string = string> {
  /** As Prometheus wants it: base units, `_total` at the end of a counter. */
  readonly name: string;
  readonly kind: Kind;
  readonly labels: readonly Label[];
  readonly sentence: string;
}

function counter<const Label extends string = never>(
  name: `${string}_total`,
  sentence: string,
  labels: readonly Label[] = [],
): MetricRow<'counter', Label> {
  return { name, kind: 'counter', labels, sentence };
}

function gauge<const Label extends string = never>(
  name: string,
  sentence: string,
  labels: readonly Label[] = [],
): MetricRow<'gauge', Label> {
  return { name, kind: 'gauge', labels, sentence };
}

function histogram(name: string, sentence: string): MetricRow<'histogram', never> {
  return { name, kind: 'histogram', labels: [], sentence };
}

export const METRICS = {
  info: gauge('muster_info', 'Always 1; its labels tell the versions', ['version', 'node']),
  interfaces: gauge('muster_interfaces', 'Network interfaces that are served'),

  dhcpDatagrams: counter(
    'muster_dhcp_datagrams_total',
    'Datagrams that came to the DHCP port, by what became of them: answered; silent (DHCP has no answer, or there is a reason for none); dropped (not a request, or not DHCP); overloaded (too many were being answered); failed (a fault of Muster or of the system)',
    ['outcome'],
  ),
  dhcpReceived: counter('muster_dhcp_received_total', 'DHCP requests that were understood, by message type', [
    'type',
  ]),
  dhcpSent: counter('muster_dhcp_sent_total', 'DHCP replies, by message type', ['type']),
  dhcpUnanswered: counter(
    'muster_dhcp_unanswered_total',
    'DHCP requests that wanted an answer and got none on purpose, by message type',
    ['type'],
  ),
  dhcpSilences: counter(
    'muster_dhcp_silences_total',
    'DHCP messages that were passed over on purpose, by reason (the list is below); the timeline has each with its whole reason',
    ['reason'],
  ),
  dhcpAnswerSeconds: histogram(
    'muster_dhcp_answer_seconds',
    'From a DHCP request to its reply, the writing of its lease to disk included',
  ),

  routerMessages: counter(
    'muster_ipv6_router_messages_total',
    'IPv6 router messages heard on served segments, by kind: solicitations (somebody looks for a router), advertisements (of a router, or of another Muster), dropped (malformed)',
    ['kind'],
  ),
  emptyAdvertisements: counter(
    'muster_ipv6_empty_advertisements_total',
    'Empty IPv6 router advertisements that were sent, which tell boot ROMs that there is no router',
  ),

  dhcpv6Datagrams: counter(
    'muster_dhcpv6_datagrams_total',
    'Datagrams that came to the DHCPv6 ports, by what became of them: answered; silent (there is a reason for no answer); dropped (malformed); overloaded (too many were being answered); failed (a fault of Muster or of the system)',
    ['outcome'],
  ),
  dhcpv6Received: counter(
    'muster_dhcpv6_received_total',
    'DHCPv6 messages that were understood, by message type',
    ['type'],
  ),
  dhcpv6Sent: counter('muster_dhcpv6_sent_total', 'DHCPv6 answers, by message type', ['type']),
  dhcpv6Silences: counter(
    'muster_dhcpv6_silences_total',
    'DHCPv6 messages that were passed over on purpose, by reason (the list is below)',
    ['reason'],
  ),

  leases: gauge(
    'muster_dhcp_leases',
    'Leases on record, by subnet and state: held, declined, released, or run out',
    ['subnet', 'state'],
  ),
  rangeAddresses: gauge(
    'muster_dhcp_range_addresses',
    'Addresses of the ranges of a subnet that are for anybody: not reserved, and of no router or server',
    ['subnet'],
  ),
  rangeUsed: gauge('muster_dhcp_range_used', 'How many of those are held or declined', ['subnet']),
  leaseLoadSeconds: gauge(
    'muster_dhcp_lease_load_seconds',
    'How long it took to read all leases into memory when Muster started',
  ),
  leaseGroups: counter(
    'muster_dhcp_lease_groups_total',
    'Groups of leases that went to disk together, by outcome: written, or failed (none of it was acknowledged)',
    ['outcome'],
  ),
  leaseGroupSize: histogram('muster_dhcp_lease_group_size', 'Leases that were written together'),
  leaseGroupSeconds: histogram(
    'muster_dhcp_lease_group_seconds',
    'How long the disk took for a group of leases',
  ),

  tftpTransfers: counter(
    'muster_tftp_transfers_total',
    'TFTP transfers that ended, by outcome: sent, failed, or probe (the client only wanted the size)',
    ['outcome'],
  ),
  tftpBytes: counter('muster_tftp_sent_bytes_total', 'Bytes that TFTP clients acknowledged'),
  tftpUploads: counter(
    'muster_tftp_uploads_total',
    'Uploads over TFTP that ended, by outcome: received, or failed',
    ['outcome'],
  ),
  tftpReceivedBytes: counter('muster_tftp_received_bytes_total', 'Bytes of uploads over TFTP that were kept'),
  tftpRetransmissions: counter(
    'muster_tftp_retransmissions_total',
    'TFTP packets that were sent more than once, of transfers that ended',
  ),
  tftpRefused: counter(
    'muster_tftp_refused_total',
    'TFTP requests that led to no transfer, by what was answered: the kind of error, or silence (the client asks again)',
    ['answer'],
  ),
  tftpFaults: counter(
    'muster_tftp_faults_total',
    'TFTP packets that made no sense (dropped), and faults of Muster or of the system (failed)',
    ['what'],
  ),
  tftpUnderWay: gauge('muster_tftp_transfers_under_way', 'TFTP transfers now'),
  tftpWay: gauge(
    'muster_tftp_way',
    'Always 1; its label tells how TFTP is served: plane (threads that move many packets at once), or plain',
    ['way'],
  ),
  tftpRestarts: counter(
    'muster_tftp_plane_restarts_total',
    'Threads that send files over TFTP, died, and were started again',
  ),
  tftpTransferSeconds: histogram(
    'muster_tftp_transfer_seconds',
    'How long a TFTP transfer took whose file was sent',
  ),

  files: counter(
    'muster_files_total',
    'Files that machines asked for over HTTP, FTP and NFS, by outcome: sent, in part (the client went away, or it could not be read to its end), missing (there is none), or refused. Over NFS it counts how often a client read in a file',
    ['protocol', 'outcome'],
  ),
  fileBytes: counter('muster_file_bytes_total', 'Bytes of those files that were sent', ['protocol']),
  images: gauge(
    'muster_images',
    'Images, by state: good, checking, forced (damaged, and booted all the same), missing, changed, damaged (the last three boot nothing)',
    ['state'],
  ),
  arrivals: gauge('muster_image_arrivals', 'Disc images on their way to the server, by state', ['state']),
  mirrorRequests: counter(
    'muster_mirror_requests_total',
    'Requests for files of package mirrors, by mirror and outcome: hit (kept here), shared (from a fetch that another request began), miss (fetched for it), direct (passed through), stale (kept here, and the upstream cannot be asked), missing (the upstream has none), failed',
    ['mirror', 'outcome'],
  ),
  mirrorUnverified: counter(
    'muster_mirror_unverified_total',
    'Files of package mirrors that were sent and that no index vouches for, by mirror',
    ['mirror'],
  ),
  mirrorMismatches: counter(
    'muster_mirror_mismatches_total',
    'Files that an upstream gave and that were not what its index says, by mirror',
    ['mirror'],
  ),
  mirrorSentBytes: counter(
    'muster_mirror_sent_bytes_total',
    'Bytes of package mirrors that machines were sent',
    ['mirror'],
  ),
  mirrorFetchedBytes: counter(
    'muster_mirror_fetched_bytes_total',
    'Bytes that came from the upstream of a package mirror; those sent less these are what it saves',
    ['mirror'],
  ),
  mirrorKeptBytes: gauge('muster_mirror_kept_bytes', 'Bytes that are kept of a package mirror', ['mirror']),

  syslogMessages: counter(
    'muster_syslog_messages_total',
    'Messages that came over syslog, by what became of them: taken (into the log of an install), cut (the same, and longer than is kept), nobody (no machine with an install has the address), too fast, too many (being looked up), not a message, connection refused',
    ['outcome'],
  ),
  syslogConnections: gauge(
    'muster_syslog_connections',
    'Connections of installers that send their log over TCP',
  ),
  logLines: counter(
    'muster_install_log_lines_total',
    'Lines of the logs of installs, by what became of them: kept, full (of one install or of all), waiting (the disk does not keep up), not written',
    ['outcome'],
  ),
  logBytes: gauge('muster_install_log_bytes', 'Bytes of the logs of installs that are kept'),

  events: counter('muster_events_total', 'Events of the timeline that are on disk, by kind: docs/events.md', [
    'kind',
  ]),
  eventsDropped: counter(
    'muster_events_dropped_total',
    'Events that are lost because too many waited for the disk',
  ),
  eventsWaiting: gauge('muster_events_waiting', 'Events that wait for the disk'),

  processCpu: counter('process_cpu_seconds_total', 'CPU time of the process, user and system'),
  processMemory: gauge('process_resident_memory_bytes', 'Memory of the process that is in RAM'),
  processHeap: gauge('nodejs_heap_used_bytes', 'Memory that JavaScript objects take'),
  processFiles: gauge('process_open_fds', 'Files and sockets that are open'),
  processStart: gauge('process_start_time_seconds', 'When Muster started, in seconds since 1970-01-01 UTC'),
  loopBusy: counter(
    'muster_event_loop_busy_seconds_total',
    'Time the main thread was at work; its rate is 1 when it has no rest',
  ),
} as const;

export type MetricKey = keyof typeof METRICS;

export const METRIC_KEYS = Object.keys(METRICS) as readonly MetricKey[];

type LabelsOf<Key extends MetricKey> = (typeof METRICS)[Key]['labels'][number];

export interface Sample<Label extends string, Value> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: Value;
}

/** What was read, for every row of the table. */
export type MetricReadings = {
  readonly [Key in MetricKey]: readonly Sample<
    LabelsOf<Key>,
    (typeof METRICS)[Key]['kind'] extends 'histogram' ? HistogramReading : number
  >[];
};

/** One number without labels. */
export function single<Value>(value: Value): readonly [Sample<never, Value>] {
  return [{ labels: {}, value }];
}

/** One number for each word of one label. */
export function byLabel<const Label extends string>(
  label: Label,
  counts: Iterable<readonly [string, number]>,
): readonly Sample<Label, number>[] {
  return Array.from(counts, ([word, value]) => ({
    labels: { [label]: word } as Readonly<Record<Label, string>>,
    value,
  }));
}
