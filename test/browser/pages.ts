/** Every page of the web page. Each is opened in both themes and languages; add a row for a new one. */
export interface PageRow {
  /** Of its pictures. */
  readonly name: string;
  readonly path: string;
  /** The heading of the page, in each language. */
  readonly title: Readonly<Record<'en' | 'zh', string>>;
  /** Something that is only there when what it shows has come. */
  readonly shows: string | RegExp;
  /** A tab to go to first. */
  readonly tab?: Readonly<Record<'en' | 'zh', string>>;
}

export const PAGES: readonly PageRow[] = [
  { name: 'now', path: '/', title: { en: 'Now', zh: '实时' }, shows: 'web01' },
  { name: 'machines', path: '/machines', title: { en: 'Machines', zh: '机器' }, shows: 'db01' },
  {
    name: 'machine-timeline',
    path: '/machines/web01',
    title: { en: 'web01', zh: 'web01' },
    shows: /ks\.cfg|packages/,
  },
  {
    name: 'machine-log',
    path: '/machines/web01',
    title: { en: 'web01', zh: 'web01' },
    tab: { en: 'Log', zh: '日志' },
    shows: 'the installer says so',
  },
  {
    name: 'machine-answer',
    path: '/machines/web01',
    title: { en: 'web01', zh: 'web01' },
    tab: { en: 'Answer file', zh: '应答文件' },
    shows: 'kickstart',
  },
  {
    name: 'machine-facts',
    path: '/machines/web01',
    title: { en: 'web01', zh: 'web01' },
    tab: { en: 'Facts', zh: '硬件信息' },
    shows: 'rack=a1',
  },
  {
    name: 'machine-unseen',
    path: '/machines/db01',
    title: { en: 'db01', zh: 'db01' },
    shows: 'muster events -f db01',
  },
  {
    name: 'not-found',
    path: '/no/such/page',
    title: { en: 'There is no such page', zh: '页面不存在' },
    shows: /The address may be wrong|地址可能有误/,
  },
];
