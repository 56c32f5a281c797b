import type { ImageStore } from '../core/images/image-store.ts';
import { type PlanSurroundings, planChanges, type SitePlan } from '../core/site/plan-changes.ts';
import type { SiteContents, WantedSite } from '../core/site/site-contents.ts';
import type { PlanFault, SiteRules } from '../core/site/planned.ts';
import type { SiteStore } from '../core/site/site-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { EventLog } from './event-log.ts';
import type { InstallSources } from './installs/install-sources.ts';
import { MACHINE_ID_BYTES } from './machines/machine-service.ts';
import type { MirrorService } from './mirrors/mirror-service.ts';
import { type HookService, objectionToHook } from './hooks/hook-service.ts';
import { objectionToPolicyChange } from './policy-service.ts';
import type { SnippetService } from './answers/snippet-service.ts';

export interface SiteServiceNeeds {
  readonly site: SiteStore;
  readonly images: Pick<ImageStore, 'list'>;
  readonly sources: Pick<InstallSources, 'objectionTo'>;
  readonly snippets: Pick<SnippetService, 'objectionTo'>;
  /** Takes up what was written of them. */
  readonly mirrors: Pick<MirrorService, 'follow'>;
  readonly hooks: Pick<HookService, 'follow'>;
  readonly events: Pick<EventLog, 'note' | 'settled'>;
  readonly clock: Clock;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

/** A site as it was read, and what could not be read of it. */
export interface ReadWanted {
  readonly wanted: WantedSite;
  readonly faults: readonly PlanFault[];
}

export interface ApplyOptions {
  readonly others: PlanSurroundings['others'];
  readonly way: 'do it' | 'only tell';
  /** The only things that may be taken away, each as `machine web-1`; undefined: whichever it is. */
  readonly agreed?: readonly string[] | undefined;
}

export type SiteOutcome =
  | { readonly done: true; readonly plan: SitePlan }
  | { readonly done: false; readonly faults: readonly PlanFault[] };

/** All that is set up, as one thing. */
export class SiteService {
  readonly #needs: SiteServiceNeeds;

  constructor(needs: SiteServiceNeeds) {
    this.#needs = needs;
  }

  contents(): Promise<SiteContents> {
    return this.#needs.site.contents();
  }

  /** Makes all as it is wanted, or changes nothing and says everything that stands in the way. */
  async apply({ wanted, faults }: ReadWanted, options: ApplyOptions): Promise<SiteOutcome> {
    const { site, events, clock, randomHex } = this.#needs;
    const around: PlanSurroundings = {
      others: options.others,
      machineIds: (wanted.machines ?? []).map(() => `m-${randomHex(MACHINE_ID_BYTES)}`),
      nowMs: clock.nowMs(),
      rules: await this.#rules(),
    };
    const unreadable = await this.#unreadable(wanted);
    const decide = (contents: SiteContents): SiteOutcome => {
      const plan = planChanges(contents, wanted, around);
      const all = [...faults, ...unreadable, ...plan.faults, ...notAgreed(plan, options.agreed)];
      return all.length > 0 ? { done: false, faults: all } : { done: true, plan };
    };
    if (options.way === 'only tell') return decide(await site.contents());
    // A new hook is told of what happens from now on: what happened before is on disk by then.
    if (wanted.hooks) await events.settled();
    const outcomes: SiteOutcome[] = [];
    await site.change((contents) => {
      const outcome = decide(contents);
      outcomes.push(outcome);
      return outcome.done && outcome.plan.changes.length > 0 ? outcome.plan.writes : undefined;
    });
    const outcome = outcomes.at(-1);
    if (outcome === undefined) throw new Error('The store asked nobody what to write');
    if (outcome.done && outcome.plan.changes.length > 0) await this.#written(outcome.plan);
    return outcome;
  }

  /** Whether they can be read is for the engine to say, which is elsewhere. */
  async #unreadable({ snippets = [] }: WantedSite): Promise<readonly PlanFault[]> {
    const faults: PlanFault[] = [];
    for (const [at, snippet] of snippets.entries()) {
      const because = await this.#needs.snippets.objectionTo(snippet);
      if (because !== undefined) faults.push({ path: `snippets[${at}].text`, because });
    }
    return faults;
  }

  async #rules(): Promise<SiteRules> {
    const images = new Map((await this.#needs.images.list()).map((image) => [image.name, image]));
    return {
      policy: (change) => objectionToPolicyChange(change, images),
      hook: ({ secret, ...hook }) => objectionToHook(hook, secret, 'new'),
      source: (protocol, by, image) =>
        this.#needs.sources.objectionTo(
          { protocol, by },
          image === undefined ? undefined : images.get(image),
        ),
    };
  }

  async #written({ changes, writes }: SitePlan): Promise<void> {
    const { mirrors, hooks, events } = this.#needs;
    if (writes.mirrors.put.length > 0 || writes.mirrors.remove.length > 0) await mirrors.follow();
    await hooks.follow([...writes.hooks.put, ...writes.hooks.remove].map(({ name }) => name));
    const count = (change: 'add' | 'change' | 'remove'): number =>
      changes.filter(({ difference }) => difference.change === change).length;
    const [added, changed, removed] = [count('add'), count('change'), count('remove')];
    events.note({
      kind: 'site.applied',
      text: `A site was applied: ${added} added, ${changed} changed, ${removed} taken away`,
      data: { added, changed, removed },
    });
  }
}

function notAgreed({ changes }: SitePlan, agreed: readonly string[] | undefined): readonly PlanFault[] {
  if (agreed === undefined) return [];
  return changes.flatMap(({ kind, difference }) => {
    if (difference.change !== 'remove' || kind === 'policy') return [];
    const what = `${kind} ${(difference.before as { readonly name: string }).name}`;
    const because = `${what} would be taken away too, which was not so a moment ago: look again at what would change`;
    return agreed.includes(what) ? [] : [{ path: '', because }];
  });
}
