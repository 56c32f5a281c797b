import { listenApi, type ListeningApi } from '../../api/listen-api.ts';
import { type ApiWorld, openApiWorld, START_MS } from '../../api/suite/api-world.ts';
import { parseIpv4, parseMac } from '../../lib/addresses.ts';
import type { Terminal } from '../terminal.ts';
import { type CliResult, runCaptured } from './captured-terminal.ts';

/** A server that has one of everything, with names and texts that are as long as people's are. */
export interface FilledWorld {
  readonly world: ApiWorld;
  readonly api: ListeningApi;
  /** @param line words with one space between them. */
  readonly muster: (line: string, change?: Partial<Terminal>) => Promise<CliResult>;
  readonly close: () => Promise<void>;
}

const FILLED_BY: readonly string[] = [
  'subnet add factory-hall --network 192.168.122.0/24 --range 192.168.122.100-192.168.122.150,192.168.122.160-192.168.122.199 --router 192.168.122.1,192.168.122.2',
  'machine add rack3-database --mac 525400123456,525400123457,525400123458 --uuid 4c4c4544-0044-4810-8031-b4c04f564231 --label rack=b2 --label role=database --var domain=factory.example --var purpose=工厂车间三号机架上的遥测数据库服务器',
  'machine add worker-0001 --mac 02:00:00:00:00:01 --label rack=b2',
  'image add TREE --name centos-7 --title 工厂车间的安装光盘工厂车间的安装光盘',
  'mirror add debian-security http://127.0.0.1:9/debian-security/pool/updates/main --kind rpm',
  'snippet put users-and-keys -',
  'profile set database-server --image centos-7 --args console=ttyS0,115200 --var domain=factory.example',
  'group put rack-b2 --selector rack=b2,role=database,environment!=laboratory --profile database-server --var domain=factory.example',
  'hook add announcements --events install.finished,install.failed,power.failed --selector rack=b2 -- say what happened on the floor of the factory',
  'power set worker-0001 --driver command -- switch',
  'wave start november worker-0001 --profile database-server --erase',
  'install rack3-database --profile database-server --erase',
  'user add anna --role operator',
  'token add pipeline-of-the-factory --user anna --role operator --only machines,installs --expires 90d',
];

export async function openFilledWorld(): Promise<FilledWorld> {
  const world = await openApiWorld();
  const api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  const muster = async (line: string, change: Partial<Terminal> = {}): Promise<CliResult> =>
    await runCaptured(line.replace('TREE', world.tree).split(' '), {
      environment: { MUSTER_SERVER: api.url },
      workingFolder: world.folder,
      readInput: () => Promise.resolve('user --name=a\n'),
      ...change,
    });
  for (const line of FILLED_BY) {
    const { exitCode, err } = await muster(line);
    if (exitCode !== 0) throw new Error(`muster ${line}: ${err}`);
  }
  await world.stores.leases.claim(
    {
      address: parseIpv4('192.168.122.101'),
      subnet: 'factory-hall',
      clientKey: 'key',
      mac: parseMac('525400123456'),
      hostname: 'localhost-installer-environment',
      state: 'held',
      startedAtMs: START_MS,
      expiresAtMs: START_MS + 3_600_000,
    },
    START_MS,
  );
  return {
    world,
    api,
    muster,
    close: async () => {
      await api.close();
      await world.close();
    },
  };
}
