import type { IpAddress, MacAddress, Uuid } from '../../lib/addresses.ts';
import type { BootPlan } from './boot-plan.ts';
import { addressDigits, namesNobody, type ScriptName } from './script-name.ts';

/** Who asks for a script: only what is known from the lease of its address, nothing it says itself. */
export interface ScriptAsker {
  readonly address: IpAddress;
  /** Of the lease that the address holds, and of the machine it belongs to; empty without a lease. */
  readonly macs: readonly MacAddress[];
  /** As the machine's record and its DHCP requests tell. */
  readonly uuids: readonly Uuid[];
}

export interface ScriptQuestion {
  readonly asked: ScriptName;
  readonly asker: ScriptAsker;
  readonly plan: BootPlan;
  /**
   * Whether the user's tree has a file of the asked name, or one of a name of this machine's own that the loader
   * asks for after it.
   */
  readonly handMade: 'this name' | 'a later name' | 'none';
}

export interface ScriptChoice {
  readonly give: 'generated' | 'hand-made' | 'nothing';
  readonly because: string;
}

/**
 * Which script a loader gets for one of the names of its hunt. `nothing` sends it on to its next name.
 *
 * A name with a UUID or a MAC address is a claim, and the generated file may hold an install's token: it is given
 * only where the lease of the asking address proves the claim. What the user put in the tree by hand holds nothing
 * of ours, so where no lease tells who asks, that is still given, as any TFTP server would.
 */
export function chooseScript({ asked, asker, plan, handMade }: ScriptQuestion): ScriptChoice {
  const standing = standingOf(asked, asker);
  if (standing === 'claimed') {
    return { give: 'nothing', because: `${asker.address} asks by a name that is not its own` };
  }
  switch (plan.boot) {
    case 'installer':
    case 'wait':
    case 'discovery':
      return standing === 'unproven' ? unproven(asker) : { give: 'generated', because: plan.because };
    case 'local disk':
      if (standing === 'unproven') return unproven(asker);
      if (standing === 'shared' || handMade === 'none') return { give: 'generated', because: plan.because };
      return handMade === 'this name'
        ? { give: 'hand-made', because: `the tree has a file of exactly this name, and ${plan.because}` }
        : { give: 'nothing', because: 'the tree has a file of a name that this machine asks for next' };
    case 'menu':
    case 'nothing':
      if (handMade === 'this name') {
        return {
          give: 'hand-made',
          because: `the tree has a file of exactly this name, and ${plan.because}`,
        };
      }
      return asked.asks === 'default' && (plan.boot === 'menu' || (plan.asks && asked.language === 'ipxe'))
        ? { give: 'generated', because: plan.because }
        : { give: 'nothing', because: plan.because };
    default:
      return plan satisfies never;
  }
}

function unproven(asker: ScriptAsker): ScriptChoice {
  return { give: 'nothing', because: `no lease tells which machine ${asker.address} is` };
}

/**
 * `own`: the name means this machine alone. `shared`: it means this machine among others. `claimed`: it means
 * another. `unproven`: there is no lease that would tell.
 */
function standingOf(asked: ScriptName, asker: ScriptAsker): 'own' | 'shared' | 'claimed' | 'unproven' {
  switch (asked.asks) {
    case 'uuid': {
      if (asker.macs.length === 0) return 'unproven';
      // Neither side knows which byte order the other wrote, so either reading counts.
      const isOwn = asked.uuids.some((uuid) => asker.uuids.includes(uuid) && !namesNobody(uuid));
      return isOwn ? 'own' : 'claimed';
    }
    case 'mac':
      if (asker.macs.length === 0) return 'unproven';
      return asker.macs.includes(asked.mac) ? 'own' : 'claimed';
    case 'address': {
      const digits = addressDigits(asker.address);
      if (digits === asked.digits) return 'own';
      return digits.startsWith(asked.digits) ? 'shared' : 'claimed';
    }
    case 'default':
      return 'shared';
    default:
      return asked satisfies never;
  }
}
