import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkNamespace } from '../namespace.ts';
import type { RunningProgram } from '../running-program.ts';

/** The port ipmi_sim listens on. */
export const IPMI_PORT = 9623;

/** OpenIPMI's simulator of a BMC, whose chassis is a script that keeps in files what it was told. */
export class IpmiSimulator {
  readonly #folder: string;
  readonly #program: RunningProgram;

  private constructor(folder: string, program: RunningProgram) {
    this.#folder = folder;
    this.#program = program;
  }

  /** @param folder an empty one. */
  static start(namespace: NetworkNamespace, folder: string, password: string): IpmiSimulator {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const chassis = write('chassis.sh', chassisScript(folder));
    chmodSync(chassis, 0o755);
    mkdirSync(join(folder, 'state'));
    const configuration = write('lan.conf', lanConfiguration(chassis, password));
    const machine = write('sim.emu', EMULATION);
    const words = ['-n', '-c', configuration, '-f', machine, '-s', join(folder, 'state')];
    return new IpmiSimulator(folder, namespace.start('ipmi_sim', words));
  }

  /** `1` is on. */
  get power(): string {
    return this.#read('power');
  }

  /** As ipmi_sim calls boot devices. */
  get boot(): string {
    return this.#read('boot');
  }

  get told(): readonly string[] {
    return this.#read('told').split('\n');
  }

  async close(): Promise<void> {
    await this.#program.stop('SIGKILL');
  }

  #read(name: string): string {
    const path = join(this.#folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  }
}

function lanConfiguration(chassis: string, password: string): string {
  const levels = ['callback', 'user', 'operator', 'admin'];
  return `name "bmc"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${IPMI_PORT}
    priv_limit admin
${levels.map((level) => `    allowed_auths_${level} none md2 md5 straight`).join('\n')}
    guid a123456789abcdefa123456789abcdef
  endlan
  chassis_control "${chassis}"
  user 1 true "" "${password}" user 10 none md2 md5 straight
  user 2 true "operator" "${password}" operator 10 none md2 md5 straight
`;
}

const EMULATION = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
mc_enable 0x20
`;

function chassisScript(folder: string): string {
  return `#!/bin/sh
cd ${folder} || exit 1
operation=$1; shift
[ "$operation" = set ] && echo "$@" >>told
while [ $# -gt 0 ]; do
  case $operation in
    get)
      case $1 in
        power) echo "power:$(cat power 2>/dev/null || echo 0)" ;;
        boot) echo "boot:$(cat boot 2>/dev/null || echo default)" ;;
        *) exit 1 ;;
      esac ;;
    set)
      case $1 in power | boot) echo "$2" >"$1" ;; esac
      shift ;;
  esac
  shift
done
`;
}
