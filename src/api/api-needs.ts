import type { z } from 'zod';
import type { Status } from '../contract/server-schemas.ts';
import type { Readiness } from '../core/health/decide-readiness.ts';
import type { MetricReadings } from '../core/metrics/metrics.ts';
import type { RateLimitTable } from '../core/requests/rate-limits.ts';
import type { Clock } from '../lib/clock.ts';
import type { AnswerPreview } from '../services/answers/answer-preview.ts';
import type { BootMedia } from '../services/boot/boot-media.ts';
import type { EventLog } from '../services/event-log.ts';
import type { ExplainService } from '../services/boot/explain-service.ts';
import type { FactService } from '../services/machines/fact-service.ts';
import type { HookService } from '../services/hooks/hook-service.ts';
import type { GroupService } from '../services/machines/group-service.ts';
import type { ImageArrivals } from '../services/images/image-arrivals.ts';
import type { ImageChecks } from '../services/images/image-checks.ts';
import type { ImageContents } from '../services/images/image-contents.ts';
import type { ImageWatch } from '../services/images/image-watch.ts';
import type { ImageService } from '../services/images/image-service.ts';
import type { InstallLogs } from '../services/installs/install-logs.ts';
import type { InstallService } from '../services/installs/install-service.ts';
import type { LeaseService } from '../services/dhcp/lease-service.ts';
import type { LoaderService } from '../services/boot/loader-service.ts';
import type { MachineChanges } from '../services/machines/machine-changes.ts';
import type { MachineImports } from '../services/machines/machine-imports.ts';
import type { MachineService } from '../services/machines/machine-service.ts';
import type { MirrorService } from '../services/mirrors/mirror-service.ts';
import type { AuditService } from '../services/people/audit-service.ts';
import type { LoginService } from '../services/people/login-service.ts';
import type { OidcService } from '../services/people/oidc-service.ts';
import type { UserService } from '../services/people/user-service.ts';
import type { WhoAsksApi } from '../services/people/who-asks-api.ts';
import type { PolicyService } from '../services/policy-service.ts';
import type { PowerService } from '../services/power/power-service.ts';
import type { RequestKeys } from '../services/requests/request-keys.ts';
import type { ProfileService } from '../services/machines/profile-service.ts';
import type { Throughput } from '../services/throughput.ts';
import type { SnippetService } from '../services/answers/snippet-service.ts';
import type { VariablesNotTold } from '../services/answers/variables-not-told.ts';
import type { SiteService } from '../services/site-service.ts';
import type { SubnetService } from '../services/subnet-service.ts';
import type { WaveService } from '../services/waves/wave-service.ts';
import type { ToolService } from '../services/machines/tool-service.ts';

/** What the daemon knows of itself: the part of `Status` that no service can tell. */
export type DaemonStatus = Pick<z.input<typeof Status>, 'dataFolder' | 'interfaces' | 'listeners' | 'pools'>;

/** Who may log in, who asks, and who did what. */
export interface PeopleNeeds {
  readonly logins: LoginService;
  readonly users: UserService;
  readonly audit: AuditService;
  readonly whoAsks: WhoAsksApi;
  /** Absent where no provider is set. */
  readonly oidc?: OidcService;
}

/** Everything the API hands requests on to. */
export interface ApiNeeds {
  readonly machines: MachineService;
  readonly machineChanges: MachineChanges;
  readonly machineImports: MachineImports;
  readonly facts: Pick<FactService, 'ofMachine'>;
  readonly subnets: SubnetService;
  readonly profiles: ProfileService;
  readonly snippets: SnippetService;
  readonly answerPreview: AnswerPreview;
  readonly notTold: VariablesNotTold;
  readonly groups: GroupService;
  readonly policy: PolicyService;
  readonly people: PeopleNeeds;
  readonly hooks: Pick<HookService, 'list' | 'byName' | 'add' | 'change' | 'remove' | 'test' | 'deliveries'>;
  readonly power: Pick<PowerService, 'list' | 'ofMachine' | 'find' | 'set' | 'unset' | 'read' | 'act'>;
  readonly images: Pick<ImageService, 'add' | 'list' | 'byName' | 'remove' | 'checkAgain'>;
  readonly imageChecks: Pick<ImageChecks, 'percentOf'>;
  readonly imageContents: Pick<ImageContents, 'list' | 'open'>;
  readonly imageArrivals: Pick<ImageArrivals, 'load' | 'receive' | 'take' | 'list' | 'byName' | 'cancel'>;
  readonly imageWatch: Pick<ImageWatch, 'leave'>;
  readonly mirrors: Pick<
    MirrorService,
    'list' | 'byName' | 'add' | 'change' | 'remove' | 'refresh' | 'check'
  >;
  readonly tools: Pick<ToolService, 'list' | 'arm'>;
  readonly loaders: Pick<LoaderService, 'find'>;
  readonly installs: Pick<
    InstallService,
    'arm' | 'armMany' | 'cancel' | 'byId' | 'list' | 'newestOf' | 'listOpen' | 'page' | 'now'
  >;
  readonly site: Pick<SiteService, 'contents' | 'apply'>;
  readonly waves: WaveService;
  readonly installLogs: Pick<InstallLogs, 'size' | 'read' | 'tailOffset' | 'listen'>;
  readonly explain: ExplainService;
  readonly bootMedia: Pick<BootMedia, 'urlFor'>;
  readonly events: EventLog;
  readonly leases: LeaseService;
  readonly status: () => Promise<DaemonStatus>;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: () => Promise<MetricReadings>;
  /** Bytes sent to machines in the last minutes, by protocol. */
  readonly throughput: Pick<Throughput, 'samples'>;
  /** Where the web page was built to. */
  readonly pageFolder: string;
  readonly version: string;
  readonly startedAtMs: number;
  /** For tests; `RATE_LIMITS` else. */
  readonly rateLimits?: RateLimitTable;
  /** Of streams, for tests; `HEARTBEAT_MS` else. */
  readonly heartbeatMs?: number;
  readonly requestKeys: Pick<RequestKeys, 'once'>;
  readonly clock: Clock;
  /** A mistake of ours, for the log; the request is answered with an `internal` problem. */
  readonly failed: (error: unknown) => void;
}
