import type { Command } from 'commander';
import { ROUTES, type RouteName } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';

/**
 * Which rows of the contract each command asks for, as people type the command; commands that are not here ask for
 * none. What `--watch`, completion and the choice of a next command ask for besides is every command's.
 */
export const ASKED_ROWS: Readonly<Record<string, readonly RouteName[]>> = {
  up: ['getStatus', 'applySite'],
  status: ['getStatus'],
  throughput: ['getThroughput'],
  'loaders ls': ['listLoaders'],
  'policy show': ['getPolicy'],
  'policy set': ['changePolicy'],
  'policy enrol': ['changePolicy'],
  'subnet add': ['putSubnet'],
  'subnet set': ['getSubnet', 'putSubnet'],
  'subnet ls': ['listSubnets'],
  'subnet show': ['getSubnet'],
  'subnet rm': ['deleteSubnet'],
  'lease ls': ['listLeases'],
  'lease show': ['getLease'],
  'lease rm': ['freeLease'],
  'machine add': ['addMachine'],
  'machine set': ['changeMachine'],
  'machine ls': ['listMachines'],
  'machine show': ['getMachine', 'machineInheritance', 'factsOfMachine'],
  'machine media': ['mediaOfMachine'],
  'machine merge': ['mergeMachine'],
  'machine split': ['splitMachine'],
  'machine import': ['importMachines'],
  'machine export': ['listMachines'],
  'machine facts': ['factsOfMachine'],
  'machine variables': ['machineInheritance'],
  'machine rm': ['deleteMachine'],
  'group put': ['getGroup', 'putGroup'],
  'group ls': ['listGroups'],
  'group show': ['getGroup'],
  'group rm': ['deleteGroup'],
  'power on': ['listMachines', 'actOnPower'],
  'power off': ['listMachines', 'actOnPower'],
  'power shutdown': ['listMachines', 'actOnPower'],
  'power cycle': ['listMachines', 'actOnPower'],
  'power reset': ['listMachines', 'actOnPower'],
  'power pxe-next': ['listMachines', 'actOnPower'],
  'power boot-network': ['listMachines', 'actOnPower'],
  'power status': ['listMachines', 'readPower'],
  'power ls': ['listPower'],
  'power show': ['getPower'],
  'power set': ['setPower'],
  'power rm': ['deletePower'],
  boot: ['bootTool'],
  'boot ls': ['listTools'],
  explain: ['explainMachine'],
  'image add': ['addImage', 'getImage', 'addArrival', 'putArrivalBytes', 'getArrival'],
  'image ls': ['listImages', 'listArrivals'],
  'image show': ['getImage'],
  'image check': ['getImage', 'checkImage'],
  'image tree': ['listImageTree'],
  'image cat': ['readImageFile'],
  'image rm': ['listArrivals', 'deleteArrival', 'deleteImage'],
  'mirror add': ['addMirror'],
  'mirror set': ['changeMirror'],
  'mirror ls': ['listMirrors'],
  'mirror show': ['getMirror'],
  'mirror rm': ['deleteMirror'],
  'mirror refresh': ['refreshMirror'],
  'mirror check': ['checkMirror', 'getMirror'],
  'profile set': ['getProfile', 'putProfile'],
  'profile ls': ['listProfiles'],
  'profile show': ['getProfile'],
  'profile rm': ['deleteProfile'],
  'profile render': ['renderMachine', 'renderDraft', 'getProfile', 'listInstalls', 'listProfiles'],
  'profile variables': ['listVariables'],
  'profile lint': ['listProfiles', 'lintProfile', 'lintAnswer'],
  'snippet put': ['putSnippet'],
  'snippet ls': ['listSnippets'],
  'snippet show': ['getSnippet'],
  'snippet rm': ['deleteSnippet'],
  install: ['armInstall', 'armInstalls'],
  'install ls': ['listInstalls'],
  'install show': ['listInstalls', 'getInstall', 'getInstallProgress'],
  'install log': ['listInstalls', 'getInstall', 'readInstallLog', 'streamInstallLog'],
  'install watch': ['listInstalls', 'getInstall', 'getInstallProgress', 'listEvents', 'streamEvents'],
  'install cancel': ['cancelInstall'],
  'wave start': ['addWave'],
  'wave ls': ['listWaves'],
  'wave show': ['getWave'],
  'wave pause': ['pauseWave'],
  'wave resume': ['resumeWave'],
  'wave cancel': ['cancelWave'],
  'wave rm': ['deleteWave'],
  events: ['listEvents', 'streamEvents'],
  'hook add': ['addHook'],
  'hook set': ['changeHook'],
  'hook ls': ['listHooks'],
  'hook show': ['getHook'],
  'hook test': ['testHook'],
  'hook deliveries': ['listDeliveries'],
  'hook rm': ['deleteHook'],
  apply: ['applySite'],
  diff: ['applySite'],
  export: ['exportSite'],
  login: ['logIn'],
  logout: ['logOut'],
  passwd: ['changePassword'],
  whoami: ['getSession'],
  'user add': ['addUser', 'makeLoginLink'],
  'user ls': ['listUsers'],
  'user show': ['getUser'],
  'user set': ['changeUser'],
  'user link': ['makeLoginLink'],
  'user rm': ['deleteUser'],
  'token add': ['addToken'],
  'token ls': ['listTokens'],
  'token rm': ['deleteToken'],
  audit: ['listAudit'],
};

/** A row as a command's help, the man page and docs/cli.md tell of it. */
export interface AskedRow {
  /** `GET /subnets/{name} (viewer)`: the request, and the least role that may make it. */
  readonly request: string;
  /** What the contract says of it. */
  readonly sentence: string;
}

/** @param path as people type it, without the program's name: `subnet ls`. */
export function askedRowsOf(path: string): readonly AskedRow[] {
  return (ASKED_ROWS[path] ?? []).map((name) => {
    const { method, path: below, sentence, role }: RouteRow = ROUTES[name];
    return { request: `${method} ${below} (${typeof role === 'string' ? role : 'everybody'})`, sentence };
  });
}

/** Each command's help ends with what it asks for, and who may. */
export function addAskedRows(command: Command, before = ''): void {
  for (const inner of command.commands) {
    const path = `${before}${inner.name()}`;
    inner.addHelpText('after', () => helpText(inner, path));
    addAskedRows(inner, `${path} `);
  }
}

const INDENT = '      ';

function helpText(command: Command, path: string): string {
  const rows = askedRowsOf(path);
  if (rows.length === 0) return '';
  const width = (command.configureOutput().getOutHelpWidth?.() ?? 80) - INDENT.length;
  const parts = rows.flatMap(({ request, sentence }) => [
    `  ${request}`,
    ...command
      .createHelp()
      .boxWrap(sentence, width)
      .split('\n')
      .map((line) => `${INDENT}${line}`),
  ]);
  return `\nAsks the API for:\n${parts.join('\n')}`;
}
