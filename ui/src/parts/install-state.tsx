import type { ReactNode } from 'react';
import type { ItemOf } from '../data/client.ts';
import { catalogue } from '../text/catalogue.ts';
import { useText } from '../text/language.tsx';
import { Badge, type Tone } from './status.tsx';

export type InstallState = ItemOf<'listInstalls'>['state'];

export const INSTALL_STATES = catalogue(
  {
    requested: 'Armed',
    booting: 'Boots',
    installing: 'Installs',
    installed: 'Installed',
    failed: 'Failed',
    cancelled: 'Cancelled',
    expired: 'Expired',
    none: 'No install',
  },
  {
    requested: '已就绪',
    booting: '启动中',
    installing: '安装中',
    installed: '已安装',
    failed: '失败',
    cancelled: '已取消',
    expired: '已过期',
    none: '无安装',
  },
);

const TONES: Readonly<Record<InstallState | 'none', Tone>> = {
  requested: 'wait',
  booting: 'busy',
  installing: 'busy',
  installed: 'good',
  failed: 'bad',
  cancelled: 'idle',
  expired: 'idle',
  none: 'idle',
};

/** How far the newest install of a machine is. */
export function InstallStateBadge({ state }: { readonly state: InstallState | 'none' }): ReactNode {
  const text = useText(INSTALL_STATES);
  return <Badge tone={TONES[state]}>{text[state]}</Badge>;
}

const OVER: ReadonlySet<string> = new Set(['installed', 'failed', 'cancelled', 'expired']);

export function isOver(state: InstallState): boolean {
  return OVER.has(state);
}
