export interface PageRow {
  /** Of its pictures. */
  readonly name: string;
  readonly path: string;
  /** The heading of the page, in each language. */
  readonly title: Readonly<Record<'en' | 'zh', string>>;
  /** Something that is only there when what it shows has come. */
  readonly shows: string | RegExp;
  /** What else must be there, as a selector of CSS: a drawing comes a moment after the rest. */
  readonly drawing?: string;
  /** A tab to go to first. */
  readonly tab?: Readonly<Record<'en' | 'zh', string>>;
}

/** Every page of the web page, with something on it. Each is opened in both themes and languages; add a row for a new one. */
export const PAGES: readonly PageRow[] = [
  { name: 'now', path: '/', title: { en: 'Now', zh: '实时' }, shows: 'web01', drawing: 'canvas' },
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
    tab: { en: 'Timeline', zh: '时间线' },
    shows: 'muster events -f db01',
  },
  {
    name: 'first-steps',
    path: '/first-steps',
    title: { en: 'First steps', zh: '入门' },
    shows: /Done|已完成/,
  },
  {
    name: 'events',
    path: '/events',
    title: { en: 'Events', zh: '事件' },
    shows: /[1-9]\d* rows|共 [1-9]\d* 行/,
  },
  { name: 'waves', path: '/waves', title: { en: 'Waves', zh: '批次' }, shows: 'floor' },
  { name: 'wave', path: '/waves/floor', title: { en: 'floor', zh: 'floor' }, shows: 'web02' },
  { name: 'users', path: '/users', title: { en: 'Users', zh: '用户' }, shows: 'vera' },
  {
    name: 'users-tokens',
    path: '/users',
    title: { en: 'Users', zh: '用户' },
    tab: { en: 'Tokens', zh: '令牌' },
    shows: 'pipeline',
  },
  {
    name: 'users-audit',
    path: '/users',
    title: { en: 'Users', zh: '用户' },
    tab: { en: 'Audit log', zh: '审计日志' },
    shows: 'putProfile',
  },
  { name: 'settings', path: '/settings', title: { en: 'Settings', zh: '设置' }, shows: /udp|dhcp/ },
  {
    name: 'settings-policy',
    path: '/settings',
    title: { en: 'Settings', zh: '设置' },
    tab: { en: 'Policy', zh: '策略' },
    shows: /Tries of one arming|每次准备安装的尝试次数/,
  },
  {
    name: 'settings-hooks',
    path: '/settings',
    title: { en: 'Settings', zh: '设置' },
    tab: { en: 'Hooks', zh: '钩子' },
    shows: 'chat',
  },
  {
    name: 'settings-mirrors',
    path: '/settings',
    title: { en: 'Settings', zh: '设置' },
    tab: { en: 'Mirrors', zh: '镜像源' },
    shows: 'muster mirror add',
  },
  {
    name: 'images',
    path: '/images',
    title: { en: 'Images', zh: '镜像' },
    shows: 'centos-7',
  },
  {
    name: 'image',
    path: '/images/centos-7',
    title: { en: 'centos-7', zh: 'centos-7' },
    shows: 'repodata',
  },
  {
    name: 'profiles',
    path: '/profiles',
    title: { en: 'Profiles', zh: '配置' },
    shows: 'centos-7',
  },
  {
    name: 'profile',
    path: '/profiles/web',
    title: { en: 'web', zh: 'web' },
    shows: /autopart|clearpart|rootpw|lang /,
  },
  { name: 'groups', path: '/groups', title: { en: 'Groups', zh: '组' }, shows: 'rack-a1' },
  { name: 'group', path: '/groups/rack-a1', title: { en: 'rack-a1', zh: 'rack-a1' }, shows: 'web02' },
  { name: 'snippets', path: '/snippets', title: { en: 'Snippets', zh: '片段' }, shows: 'motd' },
  {
    name: 'snippet',
    path: '/snippets/motd',
    title: { en: 'motd', zh: 'motd' },
    shows: /Nothing is wrong with it|未发现问题/,
  },
  {
    name: 'subnets',
    path: '/subnets',
    title: { en: 'Subnets and leases', zh: '子网与租约' },
    shows: /^lab$/,
  },
  {
    name: 'not-found',
    path: '/no/such/page',
    title: { en: 'There is no such page', zh: '页面不存在' },
    shows: /The address may be wrong|地址可能有误/,
  },
];

/** Those of a server that was just started: each says what it is for, and what to do first. */
export const EMPTY_PAGES: readonly PageRow[] = [
  {
    name: 'empty-start',
    path: '/',
    title: { en: 'First steps', zh: '入门' },
    shows: 'muster image add debian-13.iso',
  },
  {
    name: 'empty-machines',
    path: '/machines',
    title: { en: 'Machines', zh: '机器' },
    shows: 'muster machine add',
  },
  { name: 'empty-waves', path: '/waves', title: { en: 'Waves', zh: '批次' }, shows: 'muster wave start' },
  { name: 'empty-images', path: '/images', title: { en: 'Images', zh: '镜像' }, shows: 'muster image add' },
  {
    name: 'empty-profiles',
    path: '/profiles',
    title: { en: 'Profiles', zh: '配置' },
    shows: 'muster profile set',
  },
  { name: 'empty-groups', path: '/groups', title: { en: 'Groups', zh: '组' }, shows: 'muster group put' },
  {
    name: 'empty-snippets',
    path: '/snippets',
    title: { en: 'Snippets', zh: '片段' },
    shows: 'muster snippet put',
  },
  {
    name: 'empty-subnets',
    path: '/subnets',
    title: { en: 'Subnets and leases', zh: '子网与租约' },
    shows: 'muster subnet add',
  },
  {
    name: 'empty-events',
    path: '/events',
    title: { en: 'Events', zh: '事件' },
    shows: /^Muster [\d.]+ runs$/,
  },
  { name: 'empty-users', path: '/users', title: { en: 'Users', zh: '用户' }, shows: 'muster user add' },
  {
    name: 'empty-tokens',
    path: '/users',
    title: { en: 'Users', zh: '用户' },
    tab: { en: 'Tokens', zh: '令牌' },
    shows: 'muster token add',
  },
  {
    name: 'empty-audit',
    path: '/users',
    title: { en: 'Users', zh: '用户' },
    tab: { en: 'Audit log', zh: '审计日志' },
    shows: /Nothing was changed yet|尚无更改/,
  },
  {
    name: 'empty-password',
    path: '/users',
    title: { en: 'Users', zh: '用户' },
    tab: { en: 'My password', zh: '我的密码' },
    shows: /there is no password to change|没有可更改的密码/,
  },
  {
    name: 'empty-hooks',
    path: '/settings',
    title: { en: 'Settings', zh: '设置' },
    tab: { en: 'Hooks', zh: '钩子' },
    shows: 'muster hook add',
  },
];
