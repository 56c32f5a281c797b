import type { IpAddress } from '../../lib/addresses.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import type { Command } from './command.ts';
import {
  type DataTarget,
  formatEpsv,
  formatPasv,
  objectionToTarget,
  parseEprt,
  parsePort,
  protocolOf,
} from './data-address.ts';
import { ReplyCode } from './reply.ts';
import {
  type Listened,
  type Outcome,
  refuse,
  say,
  sayOnly,
  sentence,
  type SessionFacts,
  type SessionState,
} from './session-action.ts';

/** Answers to what opens a data connection: PORT, EPRT, PASV, EPSV. */

const ONLY_EPSV = 'After EPSV ALL only EPSV opens data connections';

export function answerPort(state: SessionState, command: Command, facts: SessionFacts): Outcome {
  if (state.dataCommands === 'EPSV only') return sayOnly(ReplyCode.badSequence, ONLY_EPSV);
  return answerTarget(parsePort, command, facts);
}

export function answerExtendedPort(state: SessionState, command: Command, facts: SessionFacts): Outcome {
  if (state.dataCommands === 'EPSV only') return sayOnly(ReplyCode.badSequence, ONLY_EPSV);
  return answerTarget(parseEprt, command, facts);
}

function answerTarget(
  parse: (argument: string) => DataTarget | 'other protocol',
  command: Command,
  { client, active }: SessionFacts,
): Outcome {
  if (active === 'refused')
    return refuse(command, ReplyCode.notImplemented, 'this server connects to nobody: use EPSV or PASV');
  try {
    const target = parse(command.argument);
    if (target === 'other protocol') return otherProtocol(client);
    const objection = objectionToTarget(target, client);
    if (objection !== undefined) return refuse(command, ReplyCode.badArgument, objection);
    return {
      actions: [{ do: 'drop data' }, say(ReplyCode.okay, `Data goes to port ${target.port}`)],
      change: { way: { by: 'server', target } },
    };
  } catch (error) {
    if (error instanceof SyntaxError) return sayOnly(ReplyCode.badArgument, error.message);
    throw error;
  }
}

export function answerPassive(state: SessionState, facts: SessionFacts): Outcome {
  if (state.dataCommands === 'EPSV only') return sayOnly(ReplyCode.badSequence, ONLY_EPSV);
  if (isIpv6(passiveAddress(facts)))
    return sayOnly(ReplyCode.otherProtocol, 'PASV can only tell IPv4 addresses: use EPSV (2)');
  return { actions: [{ do: 'listen' }] };
}

/** RFC 2428 §3: with a protocol, with ALL, or with nothing. */
export function answerExtendedPassive(argument: string, { client }: SessionFacts): Outcome {
  const wish = argument.trim().toUpperCase();
  if (wish === 'ALL') return { ...sayOnly(ReplyCode.okay, ONLY_EPSV), change: { dataCommands: 'EPSV only' } };
  if (wish !== '' && !/^\d{1,5}$/.test(wish))
    return sayOnly(ReplyCode.badArgument, 'EPSV wants a protocol number, ALL or nothing');
  return wish === '' || wish === protocolOf(client) ? { actions: [{ do: 'listen' }] } : otherProtocol(client);
}

/** What is told of a port that was opened, or was not. */
export function answerListening(verb: string, listened: Listened, facts: SessionFacts): Outcome {
  if (!listened.listening) {
    return { ...sayOnly(ReplyCode.noDataConnection, sentence(listened.because)), change: { way: undefined } };
  }
  const { port } = listened;
  const address = passiveAddress(facts);
  const told =
    verb === 'EPSV' || isIpv6(address)
      ? say(ReplyCode.extendedPassive, `Entering Extended Passive Mode ${formatEpsv(port)}`)
      : say(ReplyCode.passive, `Entering Passive Mode ${formatPasv(address, port)}`);
  return { actions: [told], change: { way: { by: 'client' } } };
}

function passiveAddress({ localAddress, passiveAddress: told }: SessionFacts): IpAddress {
  return isIpv6(localAddress) ? localAddress : (told ?? localAddress);
}

/** RFC 2428 §2: the reply says which protocols there are. */
function otherProtocol(client: IpAddress): Outcome {
  const protocol = protocolOf(client);
  return sayOnly(ReplyCode.otherProtocol, `Network protocol not supported, use (${protocol})`);
}
